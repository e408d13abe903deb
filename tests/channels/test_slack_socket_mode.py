"""Slack over Socket Mode, against a stand-in of Slack's server."""

from __future__ import annotations

import pytest
import requests

from tests.channels.slack_stand_in import (
    APP_TOKEN,
    BOT,
    TEAM,
    Person,
    Slack,
    SlackStandIn,
    command,
    mentioned,
    pressed,
    said,
    titles,
    words,
)
from tests.server import Assistant, wait_for

QUESTION = "How many incidents are left?"


@pytest.fixture(scope="module")
def stand_in():
    stand_in = SlackStandIn()
    yield stand_in
    assert stand_in.refused == []
    stand_in.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory, stand_in):
    environment = {**stand_in.environment, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_TEAMS": TEAM}
    assistant = Assistant(tmp_path_factory.mktemp("slack"), environment)
    # The first address is used up before the client gets to it.
    stand_in.fail("connect", 408)
    assistant.start()
    try:
        assistant.wait_until_ready()
        yield assistant
    finally:
        assistant.stop()


@pytest.fixture
def jane(served, stand_in) -> Person:
    wait_for(lambda: stand_in.connected)
    return Person(Slack(served, stand_in))


def answers(person: Person, channel: str, kind: str, payload: dict) -> list:
    """What is posted after an envelope, which is acknowledged."""
    stand_in = person.stand_in
    before = len(stand_in.posted(channel))
    envelope = stand_in.push(kind, payload)
    wait_for(lambda: envelope in stand_in.acknowledged)
    wait_for(lambda: len(stand_in.posted(channel)) > before)
    return stand_in.posted(channel)[before:]


def log_of(served: Assistant) -> str:
    return (served.folder / "log" / "rasa.log").read_text(encoding="utf-8")


def test_the_start_names_no_address_and_the_log_says_when_the_connection_is_up(jane, served):
    assert "Slack: Socket Mode.\n" in served.output
    line = "INFO     assistant.channels.slack.sockets  - Slack: Socket Mode is connected."
    wait_for(lambda: line in log_of(served))


def test_an_address_that_is_used_up_is_replaced(jane, stand_in):
    assert stand_in.calls.count("apps.connections.open") >= 2


def test_messages_buttons_and_the_command_are_answered(jane, stand_in):
    assert "incidents" in words(answers(jane, jane.direct, "events_api", said(jane, QUESTION)))
    mention = mentioned(jane, "C0SOCKET", f"<@{BOT}>")
    shown = answers(jane, "C0SOCKET", "events_api", mention)[-1]
    press = pressed(jane, shown, titles(shown)[0])
    assert answers(jane, "C0SOCKET", "interactive", press)[0]["thread_ts"] == mention["event"]["ts"]
    assert titles(stand_in.messages[shown["ts"]]) == []


def test_the_acknowledgement_of_the_command_shows_the_way(jane, stand_in):
    envelope = stand_in.push("slash_commands", command(jane, QUESTION))
    wait_for(lambda: envelope in stand_in.acknowledged)
    assert stand_in.acknowledged[envelope]["response_type"] == "ephemeral"
    wait_for(lambda: stand_in.posted(jane.direct))


def test_what_is_malformed_or_from_another_workspace_is_acknowledged_and_left_alone(jane, served, stand_in):
    count, log = stand_in.connections, log_of(served)
    bodies = [{}, {"type": "event_callback"}, {"type": "unknown"}, said(jane, QUESTION, team="T0OTHER")]
    envelopes = [stand_in.push("events_api", body) for body in bodies]
    envelopes += [stand_in.push("events_api", payload) for payload in (None, [], "text")]
    for text in ("not JSON", "{", "{}", "[]", "null"):
        stand_in.send_raw(text)
    wait_for(lambda: all(envelope in stand_in.acknowledged for envelope in envelopes))
    answers(jane, jane.direct, "events_api", said(jane, "Hello"))
    assert [event["text"] for event in jane.stored("user")] == ["Hello"]
    assert stand_in.connections == count
    assert "ERROR" not in log_of(served).removeprefix(log)


@pytest.mark.parametrize("politely", [True, False])
def test_a_connection_that_ends_is_opened_again(jane, stand_in, politely):
    count = stand_in.connections
    stand_in.disconnect(politely)
    wait_for(lambda: stand_in.connections > count and stand_in.connected)
    assert "incidents" in words(answers(jane, jane.direct, "events_api", said(jane, QUESTION)))


def test_nothing_is_answered_over_http_without_a_signing_secret(jane):
    assert requests.post(jane.slack.url, json={"type": "url_verification"}, timeout=30).status_code == 404


def test_neither_tickets_nor_tokens_nor_content_are_logged(jane, served):
    answers(jane, jane.direct, "events_api", said(jane, "A very special question about incidents"))
    log = served.output + "".join(file.read_text() for file in (served.folder / "log").glob("*.log"))
    assert "not connected: Slack cannot be reached (status 408). Next try in 1 s." in log
    assert "Traceback" not in log
    for secret in ("ticket=", APP_TOKEN, "xoxb-stand-in", "A very special question"):
        assert secret not in log
