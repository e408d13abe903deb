"""Replies to Teams and Slack are measured, and counted when they could not be sent."""

import pytest

from tests.channels.slack_stand_in import SECRET, TEAM, Slack, SlackStandIn, said
from tests.channels.slack_stand_in import Person as SlackPerson
from tests.channels.teams_stand_in import Person as TeamsPerson
from tests.channels.teams_stand_in import TeamsStandIn
from tests.observability.metrics import Metrics
from tests.server import Assistant, free_port, running, wait_for

QUESTION = "Who may activate the benefits?"


@pytest.fixture(scope="module")
def teams(tmp_path_factory):
    stand_in = TeamsStandIn(tmp_path_factory.mktemp("teams"))
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def slack():
    stand_in = SlackStandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def both(teams, slack, tmp_path_factory):
    environment = {
        **teams.environment,
        **slack.environment,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_TEAMS": TEAM,
        "METRICS_PORT": str(free_port()),
    }
    with running(Assistant(tmp_path_factory.mktemp("both"), environment)) as assistant:
        yield assistant


def value(assistant, name, **labels):
    return Metrics(int(assistant.environment["METRICS_PORT"])).value(name, **labels)


def test_teams(both, teams):
    jane = TeamsPerson(teams, both)
    jane.say(QUESTION)
    wait_for(lambda: value(both, "send_seconds_count", channel="teams") == 1)
    assert value(both, "turns_total", channel="teams", outcome="answered") == 1
    before = value(both, "faults_total", kind="not_sent")
    teams.failures.append((403, {}))
    jane.post(jane.activity(text="Hello"))
    wait_for(lambda: value(both, "faults_total", kind="not_sent") == before + 1)


def test_slack(both, slack):
    way_in = Slack(both, slack)
    jane = SlackPerson(way_in)
    jane.say(QUESTION)
    wait_for(lambda: value(both, "send_seconds_count", channel="slack") == 1)
    assert value(both, "turns_total", channel="slack", outcome="answered") == 1
    before = value(both, "faults_total", kind="not_sent")
    slack.fail("chat.postMessage", 200, {"ok": False, "error": "channel_is_archived"})
    way_in.send(said(jane, "Hello"))
    wait_for(lambda: value(both, "faults_total", kind="not_sent") == before + 1)
