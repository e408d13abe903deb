"""Teams: the app package that ``make teams-app`` writes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile

import pytest
from PIL import Image

from assistant.commands import teams_app
from assistant.commands.environment import ROOT, CommandError
from assistant.commands.teams_app import write

FOLDER = ROOT / "docs" / "teams"
VARIABLES = {
    "TEAMS_APP_ID": "11111111-2222-3333-4444-555555555555",
    "TEAMS_ORGANISATION": "Müller & Söhne",
    "TEAMS_WEBSITE": "https://mueller.test",
    "TEAMS_PRIVACY": "https://mueller.test/privacy?lang=de",
    "TEAMS_TERMS": "https://mueller.test/terms",
}
# Microsoft's limits, by the end of the path.
LIMITS = {"name.short": 30, "name.full": 100, "description.short": 80, "description.full": 4000}
LIMITS |= {"title": 32, "description": 128}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    file = tmp_path_factory.mktemp("var") / "teams-app.zip"
    write(VARIABLES, file)
    with zipfile.ZipFile(file) as files:
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
    assert manifest["id"] == manifest["bots"][0]["botId"] == VARIABLES["TEAMS_APP_ID"]
    assert set(manifest["icons"].values()) < set(package.namelist())
    assert [each["file"] for each in manifest["localizationInfo"]["additionalLanguages"]] == ["de.json"]


def test_the_package_names_the_organisation_and_keeps_no_example(package):
    manifest = manifest_of(package)
    assert manifest["developer"] == {
        "name": "Müller & Söhne",
        "websiteUrl": "https://mueller.test",
        "privacyUrl": "https://mueller.test/privacy?lang=de",
        "termsOfUseUrl": "https://mueller.test/terms",
    }
    text = package.read("manifest.json").decode()
    assert "example" not in text
    assert "00000000" not in text


def test_the_version_can_be_raised(tmp_path):
    assert write(VARIABLES, tmp_path / "app.zip")["version"] == "1.0.0"
    assert write({**VARIABLES, "TEAMS_APP_VERSION": "1.2.10"}, tmp_path / "app.zip")["version"] == "1.2.10"


@pytest.mark.parametrize(
    "name, value, said",
    [
        *((name, " ", f"Set {name} (docs/teams.md).") for name in VARIABLES),
        ("TEAMS_APP_ID", "mine", "is not an id like"),
        ("TEAMS_APP_ID", "00000000-0000-0000-0000-000000000000", "is only zeros"),
        ("TEAMS_ORGANISATION", "Your organisation", "is still the example"),
        ("TEAMS_ORGANISATION", "x" * 33, "has 33 characters; Teams takes 32"),
        ("TEAMS_WEBSITE", "https://www.example.com", "is still the example"),
        ("TEAMS_PRIVACY", "https://example.com/privacy", "is still the example"),
        ("TEAMS_TERMS", "http://mueller.test", "has to be an address that starts with https://"),
        ("TEAMS_TERMS", "https://mueller.test/our terms", "has to be an address"),
        ("TEAMS_TERMS", "https://mueller", "has to be an address"),
        ("TEAMS_TERMS", "https://...", "has to be an address"),
        *(
            ("TEAMS_APP_VERSION", version, "is not a version such as 1.0.1")
            for version in ("2", "1.0.01", "v1.0.0", "1.0.٣")
        ),
    ],
)
def test_what_cannot_be_used_is_one_clear_line_and_nothing_is_written(tmp_path, name, value, said):
    with pytest.raises(CommandError, match=re.escape(said)) as refused:
        write({**VARIABLES, name: value}, tmp_path / "app.zip")
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_a_package_that_cannot_be_written_is_one_clear_line(tmp_path, monkeypatch, capsys):
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "var").touch()
    monkeypatch.setattr(teams_app, "PACKAGE", tmp_path / "var" / "teams-app.zip")
    assert teams_app.main() == 1
    said = capsys.readouterr().err
    assert said == f"The package cannot be written: {tmp_path / 'var'}: File exists.\n"


def test_the_documented_command_says_what_is_still_an_example():
    page = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")
    [exports] = re.findall(r"^ *export TEAMS_ORGANISATION=(?:.*\\\n)*.*$", page, re.MULTILINE)
    command = f"{exports}\n'{sys.executable}' -m assistant.commands.teams_app"
    environment = {**os.environ, "TEAMS_APP_ID": VARIABLES["TEAMS_APP_ID"]}
    done = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "TEAMS_ORGANISATION is still the example. Set the name of your organisation.\n"


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
