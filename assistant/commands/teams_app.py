"""Write the app package for Teams: ``docs/teams/`` with the bot's id and your organisation in it."""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Any, Dict, Mapping

from assistant.commands.environment import ROOT, CommandError
from assistant.settings.teams import check_guid

PACKAGE = ROOT / "var" / "teams-app.zip"
_SOURCE = ROOT / "docs" / "teams"
_ID, _ORGANISATION, _VERSION = "TEAMS_APP_ID", "TEAMS_ORGANISATION", "TEAMS_APP_VERSION"
_PAGES = {"TEAMS_WEBSITE": "websiteUrl", "TEAMS_PRIVACY": "privacyUrl", "TEAMS_TERMS": "termsOfUseUrl"}
# Teams takes no longer name.
_LONGEST_ORGANISATION = 32


def main() -> int:
    """Write the package and say what is in it; returns the exit code."""
    try:
        manifest = write(os.environ, PACKAGE)
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The package cannot be written: {error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{PACKAGE.relative_to(ROOT)}: version {manifest['version']} for {manifest['developer']['name']}.")
    return 0


def write(environment: Mapping[str, str], package: Path) -> Dict[str, Any]:
    """Write the package.

    Args:
        environment: the variables that docs/teams.md lists.
        package: the file to write.

    Returns:
        The manifest in the package.

    Raises:
        CommandError: a variable is missing or cannot be used; nothing was written.
    """
    manifest = _fill(json.loads((_SOURCE / "manifest.json").read_text(encoding="utf-8")), environment)
    package.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))
        for name in ("de.json", "color.png", "outline.png"):
            files.write(_SOURCE / name, name)
    return manifest


def _fill(manifest: Dict[str, Any], environment: Mapping[str, str]) -> Dict[str, Any]:
    """The manifest with the values of the variables in the place of its examples."""
    values = {name: environment.get(name, "").strip() for name in (_ID, _ORGANISATION, *_PAGES)}
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise CommandError(f"Set {', '.join(missing)} (docs/teams.md).")
    check_guid(_ID, values[_ID])
    _check_organisation(values[_ORGANISATION], manifest["developer"]["name"])
    for name in _PAGES:
        _check_page(name, values[name])
    version = environment.get(_VERSION, "").strip() or manifest["version"]
    _check_version(version)
    pages = {key: values[name] for name, key in _PAGES.items()}
    bots = [{**bot, "botId": values[_ID]} for bot in manifest["bots"]]
    developer = {"name": values[_ORGANISATION], **pages}
    return {**manifest, "id": values[_ID], "version": version, "developer": developer, "bots": bots}


def _check_organisation(name: str, example: str) -> None:
    if name == example:
        raise CommandError(f"{_ORGANISATION} is still the example. Set the name of your organisation.")
    if len(name) > _LONGEST_ORGANISATION:
        raise CommandError(
            f"{_ORGANISATION} has {len(name)} characters; Teams takes {_LONGEST_ORGANISATION}."
        )


def _check_page(variable: str, address: str) -> None:
    if not re.fullmatch(r"https://[\w-]+(\.[\w-]+)+(:\d{1,5})?([/?#]\S*)?", address):
        raise CommandError(f"{variable}={address} has to be an address that starts with https://.")
    if re.match(r"https://([^/?#]+\.)?example\.", address):
        raise CommandError(f"{variable} is still the example. Set the address of your page.")


def _check_version(version: str) -> None:
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version, re.ASCII):
        raise CommandError(f"{_VERSION}={version} is not a version such as 1.0.1.")


if __name__ == "__main__":
    sys.exit(main())
