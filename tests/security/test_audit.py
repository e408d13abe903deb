"""The audit of dependencies, on what pip-audit 2.10.1 really printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.audit import Accepted, load_accepted, read, report
from assistant.commands.environment import CommandError

RECORDED = Path(__file__).parent / "audit"


def recorded(name: str) -> str:
    return (RECORDED / name).read_text(encoding="utf-8")


@pytest.fixture
def found():
    return read(recorded("found.json"), "")


def test_each_advisory_is_printed_with_where_it_is_fixed_and_fails(found):
    lines, is_fine = report(found, [])
    assert lines[0] == "jinja2 2.10: PYSEC-2019-217 (fixed in 2.10.1): NOT ACCEPTED"
    assert lines[-1].startswith("dependencies: 3 checked, 2 advisories; lift the packages")
    assert not is_fine


@pytest.mark.parametrize("name", ["PYSEC-2019-217", "CVE-2019-10906", "GHSA-462w-v97r-4m45"])
def test_an_advisory_is_accepted_by_any_of_its_names_and_no_other_one_with_it(found, name):
    lines, is_fine = report(found, [Accepted("jinja2", "no templates of others", (name,))])
    assert lines[0].endswith("accepted, no templates of others")
    assert lines[1].endswith("NOT ACCEPTED")
    assert not is_fine


def test_a_package_can_be_accepted_as_a_whole(found):
    assert report(found, [Accepted("jinja2", "not loaded")])[1]
    assert not report(found, [Accepted("sanic", "not loaded")])[1]


def test_a_service_that_cannot_be_reached_is_no_success():
    assert read("", recorded("unreachable.txt")) is None


def test_an_index_that_knows_no_package_is_no_success():
    assert read(recorded("nothing_looked_up.json"), "No known vulnerabilities found") is None


def test_packages_that_the_service_does_not_know_are_named():
    audit = read(
        '{"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "x"}]}',
        "",
    )
    assert report(audit, []) == (
        ["not known to the service: b", "dependencies: 1 checked, 0 advisories"],
        True,
    )


def test_another_failure_of_the_tool_is_one():
    with pytest.raises(CommandError, match="requirements file"):
        read("", "ERROR:pip_audit._cli:invalid requirements file")


def test_what_is_accepted_has_a_reason():
    assert all(entry.package and entry.reason for entry in load_accepted())
