"""Teams: Microsoft's own client for tests, the Agents Playground, in a real browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import pytest

from assistant.commands.environment import CommandError
from assistant.commands.nodejs import node_environment, node_program, npm_command
from tests.channels.teams_stand_in import APP, BOT, PASSWORD, TENANT, TeamsStandIn
from tests.server import Assistant, free_port, running, wait_for

FILES = Path(__file__).parent / "playground"
CLIENT = "node_modules/@microsoft/m365agentsplayground/cli.js"
INCIDENTS = "How many incidents are left?"
PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Playground:
    """Somebody who uses the playground in a browser, driven by ``drive.mjs``."""

    def __init__(self, person: subprocess.Popen) -> None:
        self._person = person
        assert self._answer() == "ready"

    def does(self, command: str, **details: Any) -> Any:
        self._person.stdin.write(json.dumps({"do": command, **details}) + "\n")
        self._person.stdin.flush()
        answer = self._answer()
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def shows(self, text: str) -> Dict[str, Any]:
        """The last of the bot's messages with a text, once it is there."""
        found: List[Dict[str, Any]] = []

        def look() -> bool:
            found[:] = [message for message in self.does("read") if text in message["text"]]
            return bool(found)

        try:
            wait_for(look)
        except AssertionError:
            print(self.does("log"))
            raise
        return found[-1]

    def _answer(self) -> Any:
        line = self._person.stdout.readline()
        assert line, "the browser has ended"
        return json.loads(line)


def _browser() -> Optional[str]:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The playground, installed by npm as package-lock.json says."""
    if _browser() is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium).")
    try:
        node = node_program()
    except CommandError:
        pytest.skip("Node.js is not installed (Debian: apt-get install nodejs npm).")
    installed = tmp_path_factory.mktemp("playground")
    shutil.copytree(FILES, installed, ignore=shutil.ignore_patterns("node_modules"), dirs_exist_ok=True)
    (installed / ".m365agentsplayground.yml").write_text(json.dumps(people_and_places()), encoding="ascii")
    subprocess.run([*npm_command(node), "ci"], cwd=installed, env=node_environment(node), check=True)
    return installed


def people_and_places() -> Dict[str, Any]:
    """The playground's world, in which the tenant has a real id; JSON is YAML too."""
    people = [
        {
            **{"id": f"user-{number}", "aadObjectId": f"00000000-0000-0000-0000-{number:012}"},
            **dict.fromkeys(("name", "givenName", "surname"), f"Person {number}"),
            **dict.fromkeys(("userPrincipleName", "email"), f"person{number}@example.com"),
        }
        for number in range(6)
    ]
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT["id"], "name": "Test Bot"},
        "currentUser": people[0],
        "users": people[1:],
        "personalChat": {"id": "a:personal"},
        "groupChat": {"id": "19:group@thread.v2", "name": "Group Chat"},
        "team": {
            **{"id": "19:team@thread.tacv2", "name": "My Team", "aadGroupId": TENANT},
            "channels": [{"id": "19:channel@thread.tacv2", "name": "Announcements"}],
        },
    }


@contextmanager
def used(
    folder: Path, assistant: Assistant, port: int, *options: str, **environment: str
) -> Iterator[Playground]:
    """The playground in front of an assistant, and somebody who uses it."""
    node = node_program()
    log = folder / f"playground-{port}.log"
    variables = {**node_environment(node), "TEAMSAPPTESTER_BROWSER": "none", **environment}
    endpoint = f"{assistant.url}/webhooks/teams/webhook"
    start = [node, CLIENT, "start", "-e", endpoint, "-c", "msteams", "-p", str(port), "--dt", *options]
    drive = [node, "drive.mjs", f"http://localhost:{port}", _browser()]
    with log.open("w", encoding="utf-8") as output:
        client = subprocess.Popen(start, cwd=folder, env=variables, stdout=output, stderr=output)
    try:
        wait_for(lambda: f"Listening on {port}" in log.read_text(encoding="utf-8"))
        with subprocess.Popen(drive, cwd=folder, env=node_environment(node), **PIPES) as person:
            playground = Playground(person)
            yield playground
            person.stdin.close()
    except BaseException:
        print(log.read_text(encoding="utf-8"))
        raise
    finally:
        client.terminate()
        client.wait(30)


@pytest.fixture(scope="module")
def playground(folder, tmp_path_factory):
    with (
        running(Assistant(tmp_path_factory.mktemp("open"), {"TEAMS_NO_AUTH": "1"})) as assistant,
        used(folder, assistant, free_port()) as playground,
    ):
        yield playground


def test_a_conversation_with_buttons_in_a_personal_chat(playground):
    playground.shows("Hello! I help Microsoft partners")
    playground.does("say", text=INCIDENTS)
    answer = playground.shows("At the time of the article")
    assert answer["tags"] == ["a", "li", "strong"]
    assert answer["buttons"][0] == "Walk me through it"
    playground.does("press", title="Walk me through it")
    step = playground.shows("Step 1 of")
    pressed = playground.shows("At the time of the article")
    assert pressed["buttons"] == []
    assert "✓ Walk me through it" in pressed["text"]
    portal, first_option = step["buttons"][:2]
    playground.does("press", title=first_option)
    playground.shows("Step 2 of")
    assert playground.shows("Step 1 of")["buttons"] == [portal]


def test_a_group_chat_only_after_a_mention(playground):
    playground.does("open", name="Group Chat")
    playground.does("say", text="Nobody asked the bot")
    playground.does("mention", text=INCIDENTS)
    playground.shows("At the time of the article")
    assert not [message for message in playground.does("read") if "Hello!" in message["text"]]


def test_a_post_in_a_channel(playground):
    playground.does("open", name="General")
    playground.does("mention", text="Thank you", post=True)
    # In channels the playground may lose what a quick bot says between its log and its page.
    wait_for(lambda: "message 201 You're welcome." in playground.does("log"))


def test_a_conversation_with_authentication_both_ways(folder, tmp_path):
    teams = TeamsStandIn(tmp_path)
    port = free_port()
    teams.service_url = f"http://localhost:{port}/_connector"
    sign_in = ["--cid", APP, "--cs", PASSWORD, "--tid", TENANT, "--su", teams.service_url]
    redirect = {
        "NODE_OPTIONS": f"--require {folder / 'redirect.cjs'}",
        "NODE_EXTRA_CA_CERTS": str(teams.certificate),
        "SIGN_IN_PORT": str(teams.tls_port),
    }
    with (
        running(Assistant(tmp_path, teams.environment)) as assistant,
        used(folder, assistant, port, *sign_in, **redirect) as playground,
    ):
        playground.does("say", text=INCIDENTS)
        playground.shows("At the time of the article")
        playground.does("press", title="Walk me through it")
        playground.shows("Step 1 of")
        # Each signed in, and looked up the keys to check the other.
        assert min(teams.token_requests, teams.key_requests) >= 2
    teams.close()
