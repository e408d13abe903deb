"""Look for known advisories of the locked packages, with pip-audit and the database of osv.dev.

    python -m assistant.commands.audit <pip-audit>

Advisories in ``.ci/accepted_advisories.yml`` are printed with the reason why they are accepted;
any other one fails. Without the network nothing is checked, which is said and fails nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ruamel.yaml import YAML

from assistant.commands.environment import ROOT, CommandError

NOT_CHECKED = "dependencies: not checked, the advisory service cannot be reached"
ACCEPTED = ROOT / ".ci" / "accepted_advisories.yml"
_LISTS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt", "requirements-audit.txt")
# What pip-audit says when it ends for lack of the service: errors of its own and of requests.
_UNREACHABLE = ("requests.exceptions.", "ConnectionError", "ServiceError", "Could not connect")


@dataclass(frozen=True)
class Advisory:
    """An advisory that concerns the version of a package that we lock."""

    package: str
    version: str
    id: str
    names: Tuple[str, ...]
    fixed_in: Tuple[str, ...]

    def __str__(self) -> str:
        fixed = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "not fixed"
        return f"{self.package} {self.version}: {self.id} ({fixed})"


@dataclass(frozen=True)
class Audit:
    """What was found, and the packages that the service does not know."""

    checked: int
    advisories: List[Advisory]
    unknown: List[str]


@dataclass(frozen=True)
class Accepted:
    """Advisories that are accepted: some of a package, or all."""

    package: str
    reason: str
    ids: Tuple[str, ...] = ()

    def covers(self, advisory: Advisory) -> bool:
        """Whether an advisory is one of them, by any of its names."""
        is_meant = not self.ids or not set(self.ids).isdisjoint(advisory.names)
        return self.package == advisory.package and is_meant


def main(arguments: Sequence[str] = tuple(sys.argv[1:])) -> int:
    """Run pip-audit, print what it found, and return the exit code."""
    try:
        audit = _audit(arguments[0])
        if audit is None:
            print(NOT_CHECKED)
            return 0
        lines, is_fine = report(audit, load_accepted())
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0 if is_fine else 1


def read(output: str, errors: str) -> Optional[Audit]:
    """What pip-audit found, from its JSON and what it wrote on stderr.

    Returns:
        ``None`` if the service could not be asked. A mirror of the package index that knows no
        advisories answers 404 to everything, for which pip-audit reports success.

    Raises:
        CommandError: pip-audit failed for another reason.
    """
    try:
        found = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        if any(sign in errors for sign in _UNREACHABLE):
            return None
        raise CommandError(f"pip-audit failed:\n{errors[-2000:]}") from None
    known = [one for one in found if "skip_reason" not in one]
    if found and not known:
        return None
    advisories = [_advisory(one, advisory) for one in known for advisory in one["vulns"]]
    return Audit(len(known), advisories, [one["name"] for one in found if "skip_reason" in one])


def report(audit: Audit, accepted: Sequence[Accepted]) -> Tuple[List[str], bool]:
    """The lines to print, and whether every advisory is accepted."""
    lines, is_fine = [], True
    for advisory in audit.advisories:
        reason = next((entry.reason for entry in accepted if entry.covers(advisory)), None)
        lines.append(f"{advisory}: " + (f"accepted, {reason}" if reason else "NOT ACCEPTED"))
        is_fine = is_fine and reason is not None
    if audit.unknown:
        lines.append(f"not known to the service: {', '.join(audit.unknown)}")
    summary = f"dependencies: {audit.checked} checked, {len(audit.advisories)} advisories"
    if not is_fine:
        summary += f"; lift the packages, or accept with a reason in {ACCEPTED.relative_to(ROOT)}"
    return [*lines, summary], is_fine


def load_accepted() -> List[Accepted]:
    """The accepted advisories.

    Raises:
        CommandError: an entry lacks its package or its reason.
    """
    entries = YAML(typ="safe").load(ACCEPTED.read_text(encoding="utf-8")) or []
    for entry in entries:
        if not entry.get("package") or not entry.get("reason"):
            raise CommandError(f"{ACCEPTED}: each entry needs a package and a reason.")
    return [Accepted(entry["package"], entry["reason"], tuple(entry.get("ids", ()))) for entry in entries]


def _audit(program: str) -> Optional[Audit]:
    """What was found in all lists; they are read one by one, because they have packages in common."""
    whole = Audit(0, [], [])
    for name in _LISTS:
        audit = read(*_run(program, name))
        if audit is None:
            return None
        new = [advisory for advisory in audit.advisories if advisory not in whole.advisories]
        whole = Audit(whole.checked + audit.checked, whole.advisories + new, whole.unknown + audit.unknown)
    return whole


def _run(program: str, name: str) -> Tuple[str, str]:
    service = ["--no-deps", "--disable-pip", "--vulnerability-service", "osv", "--aliases", "on"]
    output = ["--progress-spinner", "off", "--format", "json", "--desc", "off"]
    try:
        done = subprocess.run(
            [program, "--requirement", name, *service, *output],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise CommandError("pip-audit is not installed. Run: make audit") from None
    return done.stdout, done.stderr


def _advisory(package: Dict[str, Any], found: Dict[str, Any]) -> Advisory:
    names = (found["id"], *found.get("aliases", ()))
    return Advisory(package["name"], package["version"], found["id"], names, tuple(found["fix_versions"]))


if __name__ == "__main__":
    sys.exit(main())
