"""Secrets stay where they are: none in what is printed, logged, stored beside, or answered."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator, List

import pytest
import requests

from tests.channels.slack_stand_in import TEAM, Person, Slack, SlackStandIn, said
from tests.channels.teams_stand_in import APP, TENANT, TeamsStandIn
from tests.channels.teams_stand_in import Person as TeamsPerson
from tests.channels.test_web import Browser
from tests.server import Assistant, free_port, running, serve, wait_for
from tests.services import Redis

SECRETS = {
    "ACTIONS_SECRET": "actions-0123456789abcdef0123456789abcdef",
    "WEB_SECRET": "widget-0123456789abcdef0123456789abcdef",
    "SLACK_BOT_TOKEN": "xoxb-4711-botsecret",
    "SLACK_APP_TOKEN": "xapp-4712-appsecret",
    "SLACK_SIGNING_SECRET": "5ec2e70123456789abcdef0123456789",
    "TEAMS_APP_PASSWORD": "teams-4713~secret",
    "DESK_PASSWORD": "desk-4717-0123456789abcdef",
    "CONTACT_SECRET": "contact-0123456789abcdef0123456789abcdef",
    "HELP_DESK_SECRET": "whsec_c2VjcmV0LW9mLXRoZS10ZXN0cy1vbmx5LTQ3MTgx",
}
DATABASE, LOCKS, LIMITS = "database4714secret", "locks4715secret", "limits4716secret"
ALL = [*SECRETS.values(), DATABASE, LOCKS, LIMITS]


@pytest.fixture(scope="module")
def redis(tmp_path_factory) -> Iterator[Redis]:
    redis = Redis(tmp_path_factory.mktemp("redis"))
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackStandIn]:
    """It knows other tokens than the assistant has."""
    stand_in = SlackStandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def teams(tmp_path_factory) -> Iterator[TeamsStandIn]:
    """It knows another password than the assistant has."""
    stand_in = TeamsStandIn(tmp_path_factory.mktemp("teams"))
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def assistant(tmp_path_factory, redis, slack, teams) -> Iterator[Assistant]:
    """Everything around it fails: no database, a wrong password for Redis, wrong tokens."""
    environment = {
        **slack.environment,
        **teams.environment,
        **SECRETS,
        "SLACK_TEAMS": TEAM,
        "HELP_DESK": "webhook",
        "HELP_DESK_URL": f"http://127.0.0.1:{free_port()}/",
        "CONVERSATIONS_DB": f"postgresql://assistant:{DATABASE}@127.0.0.1:{free_port()}/x",
        "SPOOL": str(tmp_path_factory.mktemp("spool")),
        "LOCK_STORE": f"redis://:{LOCKS}@127.0.0.1:{redis.port}",
        "RATE_LIMIT_STORAGE": f"redis://:{LIMITS}@127.0.0.1:{redis.port}",
    }
    with running(Assistant(tmp_path_factory.mktemp("assistant"), environment)) as assistant:
        yield assistant


def found_in(text: str) -> List[str]:
    return [secret for secret in ALL if secret in text]


def logs(assistant: Assistant) -> str:
    files = [path for path in assistant.folder.rglob("*") if path.is_file()]
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def test_no_secret_is_told_while_everything_fails(assistant, slack, teams):
    jane, workspace = TeamsPerson(teams, assistant), Slack(assistant, slack)
    browser = Browser(assistant)
    actions = f"http://127.0.0.1:{assistant.actions_port}/webhook"
    answers = [
        browser.say("How many incidents are left?"),
        browser.request("POST", "messages", b"{"),
        browser.request("POST", "messages", {}, Authorization="Bearer a.b.c"),
        assistant.post({"sender": "someone", "message": "Hello"}),
        requests.get(f"{assistant.url}/health/ready", timeout=30),
        requests.post(actions, json={}, headers={"Authorization": "Bearer wrong"}, timeout=30),
        requests.post(actions, data="{", headers=_bearer("ACTIONS_SECRET"), timeout=30),
        requests.post(actions, json=_FAILING, headers=_bearer("ACTIONS_SECRET"), timeout=30),
        workspace.send(said(Person(workspace), "Hello"), secret="0" * 32),
        workspace.send(said(Person(workspace), "Hello"), secret=SECRETS["SLACK_SIGNING_SECRET"]),
        jane.post(jane.activity(text="Hello"), "Bearer a.b.c"),
        jane.post(jane.activity(text="Hello")),
    ]
    expected = (
        *("The database is away", "LOCK_STORE cannot be reached", "RATE_LIMIT_STORAGE cannot be reached"),
        *("Slack: a message was not answered: invalid_auth", "SLACK_APP_TOKEN is not valid"),
        *("Slack: refused a request (401)", "Teams: refused a request (401)", "Teams: a reply was not sent"),
    )
    for words in expected:
        wait_for(lambda words=words: words in logs(assistant))
    assert [found_in(f"{answer.headers} {answer.text}") for answer in answers] == [[]] * len(answers)
    assert found_in(logs(assistant)) == []


_FAILING = {
    "next_action": "action_answer",
    "tracker": {"sender_id": "someone", "slots": {"dialogue": 5}, "events": []},
}
WRONG = [
    ("WEB_SECRET", "short-4711secret"),
    ("SLACK_BOT_TOKEN", "xoxp-4711secret "),
    ("SLACK_SIGNING_SECRET", "4711secret"),
    ("DESK_PASSWORD", "4711secret"),
    ("CONTACT_SECRET", "short-4711secret"),
    ("SLACK_APP_TOKEN", '"xapp-4711secret"'),
    ("TEAMS_APP_PASSWORD", "'4711secret'"),
    ("ACTIONS_SECRET", "short-4711secret"),
    ("CONVERSATIONS_DB", "postgresql://assistant:4711secret@host:port/x"),
    ("CONVERSATIONS_DB", "postgresql//assistant:4711secret@host/x"),
    ("CONVERSATIONS_DB", "mysql://assistant:4711secret@host/x"),
    ("LOCK_STORE", "rediss//:4711secret@host"),
    ("LOCK_STORE", "redis://:4711secret@host:port"),
    ("RATE_LIMIT_STORAGE", "redis:4711secret@host"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_secret_that_cannot_be_used_is_named_and_not_shown(tmp_path, name, value):
    others = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "0" * 32,
        "TEAMS_APP_ID": APP,
        "TEAMS_TENANT_ID": TENANT,
        "TEAMS_APP_PASSWORD": "x",
    }
    ports = {"PORT": str(free_port()), "ACTIONS_PORT": str(free_port()), "LOGS": str(tmp_path)}
    code, output = serve(**{**others, **ports, name: value})
    logged = "".join(path.read_text(encoding="utf-8") for path in Path(tmp_path).glob("*"))
    assert code == 1
    assert "4711secret" not in output + logged
    assert name in output
    assert "Traceback" not in output


def _bearer(name: str) -> Dict[str, str]:
    return {"Authorization": f"Bearer {SECRETS[name]}"}
