"""Teams: the app package that docs/teams.md tells to make."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile

import pytest
from PIL import Image

from assistant.commands.environment import ROOT

FOLDER = ROOT / "docs" / "teams"
APP = "11111111-2222-3333-4444-555555555555"
# Microsoft's limits, by the end of the path.
LIMITS = {"name.short": 30, "name.full": 100, "description.short": 80, "description.full": 4000}
LIMITS |= {"title": 32, "description": 128}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The package that the documented command makes."""
    folder = tmp_path_factory.mktemp("repository")
    shutil.copytree(FOLDER, folder / "docs" / "teams")
    page = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")
    [command] = re.findall(r"^ *(mkdir .*zipfile.*)$", page, re.MULTILINE)
    environment = {**os.environ, "TEAMS_APP_ID": APP}
    subprocess.run(["sh", "-c", command], cwd=folder, env=environment, check=True)
    with zipfile.ZipFile(folder / "var" / "teams.zip") as files:
        yield files


def manifest_of(package: zipfile.ZipFile, name: str = "manifest.json") -> dict:
    return json.loads(package.read(name))


def texts(value: object, path: str = "") -> dict:
    if isinstance(value, dict):
        return {
            key: text for name, each in value.items() for key, text in texts(each, f"{path}.{name}").items()
        }
    if isinstance(value, list):
        items = enumerate(value)
        return {key: text for at, each in items for key, text in texts(each, f"{path}[{at}]").items()}
    return {path.lstrip("."): value} if isinstance(value, str) else {}


def test_the_package_has_all_files_and_the_id_of_the_app(package):
    assert sorted(package.namelist()) == ["color.png", "de.json", "manifest.json", "outline.png"]
    manifest = manifest_of(package)
    assert manifest["id"] == manifest["bots"][0]["botId"] == APP
    assert set(manifest["icons"].values()) < set(package.namelist())
    assert [each["file"] for each in manifest["localizationInfo"]["additionalLanguages"]] == ["de.json"]


def test_the_bot_is_offered_everywhere_it_works(package):
    [bot] = manifest_of(package)["bots"]
    assert sorted(bot["scopes"]) == ["groupChat", "personal", "team"]
    assert not bot["isNotificationOnly"]


def test_texts_are_within_microsofts_limits_and_translated(package):
    english, german = texts(manifest_of(package)), texts(manifest_of(package, "de.json"))
    shown = re.compile(r"(name|description)\.(short|full)$|commands\[\d\]\.(title|description)$")
    wanted = {path for path in english if shown.search(path)}
    assert wanted == {path for path in german if not path.startswith("$")}
    for path in wanted:
        longest = next(limit for end, limit in LIMITS.items() if path.endswith(end))
        assert len(english[path]) <= longest >= len(german[path]), path


def test_icons_have_microsofts_sizes_and_the_outline_is_white_on_nothing():
    with Image.open(FOLDER / "color.png") as color, Image.open(FOLDER / "outline.png") as outline:
        assert color.size == (192, 192)
        assert outline.size == (32, 32)
        red, green, blue, alpha = outline.convert("RGBA").split()
        assert {band.getextrema() for band in (red, green, blue)} == {(255, 255)}
        assert alpha.getextrema() == (0, 255)
