"""Slack over HTTP: signed requests to the served assistant, and a stand-in of the Web API."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List

import pytest
import requests

from tests.channels.slack_stand_in import (
    APP,
    BOT,
    SECRET,
    TEAM,
    Person,
    Slack,
    SlackStandIn,
    command,
    happening,
    pressed,
    said,
    titles,
    words,
)
from tests.server import Assistant, running, wait_for

QUESTION = "How many incidents are left?"
ERROR = "It says: This Access ID is already associated to an account"


@pytest.fixture(scope="module")
def stand_in():
    stand_in = SlackStandIn()
    yield stand_in
    assert stand_in.refused == []
    stand_in.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory, stand_in):
    environment = {**stand_in.environment, "SLACK_SIGNING_SECRET": SECRET, "SLACK_TEAMS": TEAM}
    with running(Assistant(tmp_path_factory.mktemp("slack"), environment)) as assistant:
        yield assistant


@pytest.fixture
def slack(served, stand_in) -> Slack:
    return Slack(served, stand_in)


@pytest.fixture
def jane(slack) -> Person:
    return Person(slack)


def conversations(served: Assistant, person: Person) -> List[str]:
    with sqlite3.connect(served.database) as connection:
        rows = connection.execute(
            "SELECT DISTINCT sender_id FROM events WHERE sender_id LIKE ? ORDER BY 1", (f"%{person.id}%",)
        )
        return [row[0] for row in rows]


def heard(person: Person) -> List[str]:
    """What somebody said, as it is stored."""
    return [event["text"] for event in person.stored("user")]


def test_a_direct_message_is_answered_with_markdown_and_buttons(served, jane):
    answer = jane.say(QUESTION)
    assert answer[0]["blocks"][0]["type"] == "markdown"
    assert "incidents" in answer[0]["blocks"][0]["text"]
    assert titles(answer[-1])
    assert "thread_ts" not in answer[0]
    assert conversations(served, jane) == [f"slack:{TEAM}:{jane.id}"]


def test_a_thread_in_direct_messages_is_answered_there(jane):
    assert jane.say(QUESTION, thread_ts="1699999999.000001")[0]["thread_ts"] == "1699999999.000001"


def test_the_language_is_that_of_the_person_in_slack(slack, stand_in):
    assert "Guten Tag" in words(Person(slack, "de-DE").mention("C0LANGUAGE", ""))
    assert "Hello" in words(Person(slack, "en-GB").mention("C0LANGUAGE", ""))


def test_the_language_is_recognised_where_slack_does_not_tell(slack):
    assert "Incidents" in words(Person(slack, None).say("Wie viele Incidents habe ich noch übrig?"))


def test_somebodys_language_is_asked_for_once(jane, stand_in):
    jane.say("Hello")
    before = stand_in.calls.count("users.info")
    jane.say(QUESTION)
    assert stand_in.calls.count("users.info") == before


def test_a_mention_is_answered_in_its_thread_and_heard_without_the_mention(served, jane):
    answer = jane.mention("C0MENTION", QUESTION)
    thread = answer[0]["thread_ts"]
    assert heard(jane) == [QUESTION]
    assert conversations(served, jane) == [f"slack:{TEAM}:{jane.id}:C0MENTION:{thread}"]
    again = jane.mention("C0MENTION", "Who may activate the benefits?", thread)
    assert again[0]["thread_ts"] == thread
    assert len(conversations(served, jane)) == 1


def test_people_in_one_thread_have_conversations_of_their_own(slack, jane):
    thread = jane.mention("C0SHARED", QUESTION)[0]["thread_ts"]
    john = Person(slack)
    john.mention("C0SHARED", "Who may activate the benefits?", thread)
    assert heard(john) == ["Who may activate the benefits?"]
    assert heard(jane) == [QUESTION]


def test_a_pressed_button_is_answered_and_leaves_the_choice_behind(jane, stand_in):
    shown = jane.mention("C0PRESS", "")[-1]
    title = titles(shown)[0]
    answer = jane.press(title, "C0PRESS")
    changed = stand_in.messages[shown["ts"]]
    assert changed["blocks"][-1]["elements"] == [{"type": "plain_text", "text": f"✓ {title}"}]
    assert titles(changed) == []
    assert changed["blocks"][0]["type"] == "rich_text"
    assert answer[0]["thread_ts"] == shown["thread_ts"]


def test_a_guide_is_walked_through_with_buttons(jane):
    jane.say(ERROR)
    shown = jane.press("Walk me through it")[-1]
    assert "Step 1" in shown["text"]
    answer = jane.press(titles(shown)[0])
    assert "Step 1" not in words(answer)
    assert titles(answer[-1])


def test_a_button_can_be_named_by_its_number(jane):
    assert "1. Walk me through it" in words(jane.say(ERROR))
    assert "Step 1" in words(jane.say("1"))


def test_a_button_pressed_twice_is_answered_once(slack, jane):
    shown = jane.mention("C0TWICE", "")[-1]
    payload = pressed(jane, shown, titles(shown)[0])
    with ThreadPoolExecutor(2) as pool:
        assert [answer.status_code for answer in pool.map(slack.interact, [payload] * 2)] == [200, 200]
    jane.settle(2, "C0TWICE")
    jane.mention("C0TWICE", "Hello", shown["thread_ts"])
    assert len(heard(jane)) == 3


def test_somebody_elses_button_says_its_title_and_stays(slack, jane, stand_in):
    jane.mention("C0OTHER", ERROR)
    shown = jane.shown("Walk me through it", "C0OTHER")
    john = Person(slack)
    john.press("Walk me through it", "C0OTHER")
    assert heard(john) == ["Walk me through it"]
    assert titles(stand_in.messages[shown["ts"]])


def test_buttons_that_cannot_be_replaced_are_answered_all_the_same(jane, stand_in):
    shown = jane.mention("C0STAY", "")[-1]
    stand_in.fail("chat.update", 200, {"ok": False, "error": "cant_update_message"})
    assert jane.press(titles(shown)[0], "C0STAY")


def test_blocks_that_slack_does_not_take_are_sent_as_text(jane, stand_in):
    stand_in.fail("chat.postMessage", 200, {"ok": False, "error": "invalid_blocks"})
    first = jane.say(ERROR)[0]
    assert not first["blocks"]
    assert "1. Walk me through it" in first["text"]


def test_the_command_answers_in_direct_messages_and_shows_the_way_there(jane, stand_in):
    shown = jane.command(QUESTION)
    assert shown.json()["response_type"] == "ephemeral"
    assert f"app={APP}&team={TEAM}" in shown.json()["text"]
    wait_for(lambda: stand_in.posted(jane.direct))
    assert "incidents" in words(stand_in.posted(jane.direct))
    assert jane.command("", jane.direct).text == ""
    wait_for(lambda: "Hello" in words(stand_in.posted(jane.direct)))


def test_a_shortcut_opens_a_conversation_and_a_message_can_be_asked_about(jane, slack, stand_in):
    base = {"team": {"id": TEAM}, "user": {"id": jane.id}, "callback_id": "partnersupport"}
    assert slack.interact({**base, "type": "shortcut", "trigger_id": "1.1"}).status_code == 200
    wait_for(lambda: "Hello" in words(stand_in.posted(jane.direct)))
    about = {"type": "message", "ts": "1.2", "text": "Who may activate the benefits &amp; how?"}
    payload = {**base, "type": "message_action", "trigger_id": "1.2", "message": about}
    assert slack.interact(payload).status_code == 200
    wait_for(lambda: "admin" in words(stand_in.posted(jane.direct)[1:]).lower())


def test_whoever_opens_the_direct_messages_first_is_greeted_once(jane, slack, stand_in):
    opened = {"type": "app_home_opened", "user": jane.id, "channel": jane.direct, "tab": "messages"}
    assert slack.send(happening(opened)).status_code == 200
    jane.settle(1)
    slack.send(happening(opened))
    slack.send(happening({**opened, "tab": "home"}))
    jane.say(QUESTION)
    assert words(stand_in.posted(jane.direct)).count("Hello") == 1


def test_what_slack_sends_again_is_answered_once(jane, slack, stand_in):
    event = said(jane, QUESTION, "Ev0SAME")
    for number in ("", "1", "2", "3"):
        retry = {"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": "http_timeout"} if number else {}
        assert slack.send(event, **retry).status_code == 200
    jane.settle(1)
    answers = len(stand_in.posted(jane.direct))
    jane.say("Who may activate the benefits?")
    assert heard(jane) == [QUESTION, "Who may activate the benefits?"]
    assert words(stand_in.posted(jane.direct)).count(stand_in.posted(jane.direct)[0]["text"]) == 1
    assert len(stand_in.posted(jane.direct)) > answers


def test_what_slack_sends_at_the_same_time_is_answered_once(jane, slack):
    event = said(jane, QUESTION, "Ev0PARALLEL")
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(slack.send, [event] * 5))
    jane.settle(1)
    jane.say("Hello")
    assert heard(jane).count(QUESTION) == 1


def test_messages_are_answered_in_order(jane, slack, stand_in):
    questions = [QUESTION, "Who may activate the benefits?", "What is an Access ID?", "Hello"]
    for question in questions:
        slack.send(said(jane, question))
    wait_for(lambda: len(heard(jane)) == 4 and "Hello" in words(stand_in.posted(jane.direct)))
    assert heard(jane) == questions


def test_slacks_markup_is_read_as_plain_text(jane):
    jane.say("What about <https://partner.microsoft.com|Partner Center> &amp; <#C01|general> &lt;3 <@U0X>?")
    assert heard(jane) == ["What about Partner Center & #general <3 @user?"]


def test_a_file_without_words_gets_a_friendly_answer(jane):
    assert "any words" in words(jane.say("", subtype="file_share", files=[{"id": "F1"}]))


def test_a_message_that_is_too_long_gets_a_friendly_answer(jane):
    assert "too long" in words(jane.say("word " * 2000))


def test_typed_payloads_are_only_text(jane):
    jane.say('/inform{"option": "access_id_error.contract_state.expired"}')
    assert heard(jane)[0].startswith("inform")


def test_personal_data_is_not_kept(jane):
    jane.say("I am <mailto:jane.doe@contoso.com|jane.doe@contoso.com>, who may activate the benefits?")
    assert "jane.doe" not in json.dumps(heard(jane))


def not_for_us(person: Person) -> Dict[str, Dict[str, Any]]:
    """Events and interactions that the assistant leaves alone."""
    message = {"type": "message", "channel": person.direct, "user": person.id, "text": QUESTION, "ts": "1.1"}
    channel = {**message, "channel": "C0QUIET", "channel_type": "channel"}
    user = {"team": {"id": TEAM}, "user": {"id": person.id}}
    link = {
        "type": "button",
        "action_id": "link-1",
        "text": {"type": "plain_text", "text": "x"},
        "url": "https://x",
    }
    shown = {"ts": "1.1", "blocks": []}
    place = {"channel": {"id": person.direct}}
    return {
        "a bot": happening({**message, "bot_id": "B1"}),
        "an old bot": happening({**message, "subtype": "bot_message", "user": None}),
        "itself": happening({**message, "user": BOT}),
        "an edit": happening({**message, "subtype": "message_changed", "message": {}, "user": None}),
        "a deletion": happening({**message, "subtype": "message_deleted", "user": None}),
        "a join": happening({**message, "subtype": "channel_join"}),
        "a message in a channel": happening(channel),
        "a message in a thread": happening({**channel, "thread_ts": "1.0"}),
        "an edited mention": happening({**channel, "type": "app_mention", "edited": {"user": person.id}}),
        "another event": happening({"type": "reaction_added", "user": person.id, "item": {"channel": "C1"}}),
        "an event of another form": happening({"type": "team_join", "user": {"id": person.id}}),
        "a link button": {**user, **place, "type": "block_actions", "message": shown, "actions": [link]},
        "a button in a dialog": {**user, "type": "block_actions", "view": {}, "actions": [{"value": "x"}]},
        "a submission": {**user, "type": "view_submission", "view": {"id": "V1"}},
        "a closed dialog": {**user, "type": "view_closed", "view": {"id": "V1"}},
        "suggestions": {**user, "type": "block_suggestion", "value": "x"},
        "an old button": {**user, "type": "interactive_message", "actions": []},
        "something new": {**user, "type": "invented_tomorrow"},
    }


def test_what_is_not_for_the_assistant_is_acknowledged_and_left_alone(jane, slack, stand_in):
    for name, body in not_for_us(jane).items():
        is_event = body["type"] == "event_callback"
        answer = slack.send(body) if is_event else slack.interact(body)
        assert answer.status_code == 200, name
    assert slack.form({"ssl_check": "1", "token": "unused"}).status_code == 200
    jane.say("Hello")
    assert heard(jane) == ["Hello"]
    assert stand_in.posted("C0QUIET") == []


def test_the_address_is_verified(slack):
    body = {"type": "url_verification", "token": "unused", "challenge": "3eZbrw1a"}
    for media_type in ("application/json", "application/json; charset=utf-8", "Application/JSON"):
        answer = slack.send(body, media_type)
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.json() == {"challenge": "3eZbrw1a"}


UNSIGNED = {
    "another secret": {"secret": "x" * 32},
    "signed six minutes ago": {"age": 360},
    "signed in six minutes": {"age": -360},
    "no signature": {"X-Slack-Signature": None},
    "no time": {"X-Slack-Request-Timestamp": None},
    "an empty signature": {"X-Slack-Signature": ""},
    "a signature of another version": {"X-Slack-Signature": "v1=00"},
    "a signature that is not ASCII": {"X-Slack-Signature": "v0=\xe9"},
    "a time that is no number": {"X-Slack-Request-Timestamp": "now"},
    "a time that is too large": {"X-Slack-Request-Timestamp": "9" * 400},
    "another time": {"X-Slack-Request-Timestamp": "1700000000"},
    "no headers": {"X-Slack-Signature": None, "X-Slack-Request-Timestamp": None},
}


@pytest.mark.parametrize("how", UNSIGNED.values(), ids=UNSIGNED.keys())
def test_what_slack_did_not_sign_is_refused(jane, slack, how):
    assert slack.send(said(jane, QUESTION), **how).status_code == 401
    assert slack.form(command(jane, QUESTION), **how).status_code == 401
    assert heard(jane) == []


def test_a_body_that_was_changed_is_refused(slack, jane):
    signed = slack.send(said(jane, "Hello")).request
    answer = slack.send(said(jane, QUESTION), **{"X-Slack-Signature": signed.headers["X-Slack-Signature"]})
    assert answer.status_code == 401


@pytest.mark.parametrize("team", ["T0OTHER", "", None])
def test_another_workspace_is_refused(jane, slack, team):
    event = {**said(jane, QUESTION), "team_id": team}
    payload = {"type": "shortcut", "trigger_id": "1", "user": {"id": jane.id}, "team": team and {"id": team}}
    assert slack.send(event).status_code == 403
    assert slack.interact(payload).status_code == 403
    assert slack.form({**command(jane, QUESTION), "team_id": team or ""}).status_code == 403
    assert heard(jane) == []


EVENT = {"type": "message", "channel": "D1", "user": "U1", "text": "x", "ts": "1.1"}
USER = {"team": {"id": TEAM}, "user": {"id": "U1"}}
MALFORMED = [
    *(b"", b"{", b"[]", b"null", b"5", b'"text"', b"{}", b'{"type": 5}', b"[" * 60_000, b"x" * 60_000),
    {"type": "url_verification"},
    {"type": "url_verification", "challenge": ["x"]},
    {"type": "event_callback", "team_id": TEAM},
    {"type": "event_callback", "team_id": TEAM, "event": EVENT},
    {"type": "event_callback", "team_id": TEAM, "event_id": "", "event": EVENT},
    {"type": "event_callback", "team_id": TEAM, "event_id": 5, "event": EVENT},
    {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": [EVENT]},
    happening({**EVENT, "text": ["x"]}),
    happening({**EVENT, "user": {"id": "U1"}}),
    happening({**EVENT, "channel": None}),
    happening({**EVENT, "user": "U\0"}),
    happening({**EVENT, "user": "U" * 61}),
    happening({**EVENT, "ts": 1.1}),
    happening({**EVENT, "thread_ts": {}}),
    {**happening(EVENT), "authorizations": "x"},
    {**USER, "type": "block_actions"},
    {**USER, "type": "block_actions", "actions": []},
    {**USER, "type": "block_actions", "actions": ["x"]},
    {**USER, "type": "block_actions", "actions": [{"value": 5}]},
    {**USER, "type": "block_actions", "actions": [{"value": "x"}], "message": [], "channel": {"id": "D1"}},
    {**USER, "type": "block_actions", "actions": [{"value": "x"}], "message": {"ts": "1"}, "channel": "D1"},
    {**USER, "type": "shortcut"},
    {**USER, "type": "message_action", "trigger_id": "1", "message": "x"},
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_body_is_refused(slack, body):
    assert slack.send(body).status_code == 400


@pytest.mark.parametrize("form", [b"", b"payload=", b"payload={", b"payload=[]", b"x=y", b"payload=%FF"])
def test_a_malformed_form_is_refused(slack, form):
    assert slack.send(form, "application/x-www-form-urlencoded").status_code == 400


def test_bytes_that_are_no_text_are_refused(slack):
    assert slack.send(b"\xff\xfe{}").status_code == 401


def test_only_post_is_answered(slack):
    assert requests.get(slack.url, timeout=30).status_code == 405


def test_rate_limits_and_errors_of_slack_are_waited_out(jane, stand_in):
    stand_in.fail("chat.postMessage", 429, {"ok": False, "error": "ratelimited"}, **{"Retry-After": "1"})
    stand_in.fail("chat.postMessage", 502, "<html>")
    stand_in.fail("chat.postMessage", 503, "")
    assert "incidents" in words(jane.say(QUESTION))


def test_an_error_of_slack_is_logged_without_what_was_said(served, jane, slack, stand_in):
    stand_in.fail("chat.postMessage", 200, {"ok": False, "error": "channel_is_archived"})
    slack.send(said(jane, "My secret question about incidents"))
    log = served.folder / "log" / "rasa.log"
    wait_for(lambda: "not answered: channel_is_archived" in log.read_text(encoding="utf-8"))
    assert "secret question" not in log.read_text(encoding="utf-8")
    assert jane.say(QUESTION)


def test_whoever_is_too_fast_is_told_once_and_in_the_own_language(slack, stand_in):
    fast = Person(slack, "de-DE")
    events = [said(fast, f"Nachricht {number}") for number in range(200)]
    with ThreadPoolExecutor(20) as pool:
        assert {answer.status_code for answer in pool.map(slack.send, events)} == {200}
        assert Person(slack).say(QUESTION)
    wait_for(lambda: "warten" in words(stand_in.posted(fast.direct)))
    assert words(stand_in.posted(fast.direct)).count("Bitte warten Sie einen Moment") == 1


def test_neither_secrets_nor_content_are_logged(served, jane):
    jane.say("A very special question about incidents")
    output = served.output + "".join(file.read_text() for file in (served.folder / "log").glob("*.log"))
    for secret in ("A very special question", SECRET, "xoxb-stand-in", "jane.doe"):
        assert secret not in output
    assert "Traceback" not in output


def test_what_was_acknowledged_is_answered_before_the_server_stops(tmp_path, stand_in):
    assistant = Assistant(tmp_path, {**stand_in.environment, "SLACK_SIGNING_SECRET": SECRET})
    assistant.start()
    assistant.wait_until_ready()
    person = Person(Slack(assistant, stand_in))
    event = said(person, QUESTION)
    stand_in.fail("chat.postMessage", 429, {"ok": False, "error": "ratelimited"}, **{"Retry-After": "1"})
    person.slack.send(event)
    assistant.stop()
    assert "incidents" in words(stand_in.posted(person.direct))
    before = len(stand_in.posted(person.direct))
    assistant.start()
    try:
        assistant.wait_until_ready()
        person.slack.send(event, **{"X-Slack-Retry-Num": "1"})
        person.say("Hello")
        assert heard(person) == [QUESTION, "Hello"]
        assert len(stand_in.posted(person.direct)) > before
    finally:
        assistant.stop()
