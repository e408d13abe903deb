"""A small sample of ``make fuzz``: everything is answered, and nothing with an error of the server."""

from __future__ import annotations

import pytest

from tests.security.fuzz import addresses, functions
from tests.security.fuzz.__main__ import chunks

INPUTS = 60


@pytest.mark.parametrize("function", functions.FUNCTIONS, ids=lambda function: function.name)
def test_a_function_takes_anything(function):
    assert functions.fuzz(function, chunks(function.inputs, INPUTS)).failures == []


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    with addresses.served(tmp_path_factory.mktemp("fuzz")) as target:
        yield target


def test_all_addresses_take_anything(target):
    rows = [
        addresses.fuzz(address, target, chunks(address.requests, INPUTS))
        for address in addresses.addresses(target)
    ]
    assert [failure for row in rows for failure in row.failures] == []
    assert {kind for row in rows for kind in row.kinds} >= {"2xx", "4xx"}
