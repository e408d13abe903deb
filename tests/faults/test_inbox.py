"""The server is killed after Slack or Teams has been told that a message was received."""

import signal

import pytest

from tests.channels.slack_stand_in import SECRET, Slack, SlackStandIn, said
from tests.channels.slack_stand_in import Person as SlackPerson
from tests.channels.teams_stand_in import Person as TeamsPerson
from tests.channels.teams_stand_in import TeamsStandIn, actions_of, text_of
from tests.privacy.files import files_with
from tests.server import RasaServer, running, wait_for

ACTIVATE, INCIDENTS = "Who may activate the benefits?", "How many incidents are left?"
POST = "chat.postMessage"


@pytest.fixture
def slack(tmp_path, actions):
    stand_in = SlackStandIn()
    environment = {**stand_in.environment, "SLACK_SIGNING_SECRET": SECRET}
    with running(RasaServer(tmp_path, environment, actions_url=actions.url)) as server:
        yield Slack(server, stand_in)
    assert stand_in.refused == []
    stand_in.close()


@pytest.fixture
def teams(tmp_path, actions):
    stand_in = TeamsStandIn(tmp_path)
    with running(RasaServer(tmp_path, stand_in.environment, actions_url=actions.url)) as server:
        yield TeamsPerson(stand_in, server)
    assert stand_in.refused == []
    stand_in.close()


def begin_again(server):
    server.start()
    server.wait_until_ready()


def words(message):
    return message["blocks"][0]["text"]


def test_slack_gets_the_answer_that_a_killed_server_was_thinking_about(slack, actions):
    jane = SlackPerson(slack)
    actions.set("hangs")
    event = said(jane, f"{ACTIVATE} Mail me: jane.doe@contoso.com")
    assert slack.send(event).ok
    wait_for(lambda: jane.stored("user"))
    slack.assistant.stop(signal.SIGKILL)
    assert not files_with(slack.assistant, "jane.doe")
    actions.set(None)
    begin_again(slack.assistant)
    jane.settle(heard=1)
    assert slack.send(event).ok
    jane.say("Hello")
    posted = [words(message) for message in slack.stand_in.posted(jane.direct)]
    assert ["Global admin" in text for text in posted] == [True, False, False], posted
    assert [event["text"] for event in jane.stored("user")] == [f"{ACTIVATE} Mail me: [email]", "Hello"]


def test_slack_gets_the_rest_of_an_answer_that_a_killed_server_was_posting(slack):
    jane = SlackPerson(slack)
    jane.say("The Azure portal says: This Access ID is already associated to an account")
    jane.press("Walk me through it")
    posted = len(slack.stand_in.posted(jane.direct))
    slack.stand_in.fail(POST, 429, {"ok": False, "error": "ratelimited"}, **{"Retry-After": "1"})
    assert slack.send(said(jane, ACTIVATE)).ok
    wait_for(lambda: slack.stand_in.calls.count(POST) > posted)
    slack.stand_in.held.add(POST)
    wait_for(lambda: slack.stand_in.calls.count(POST) > posted + 1)
    slack.assistant.stop(signal.SIGKILL)
    slack.stand_in.held.clear()
    begin_again(slack.assistant)
    jane.settle(heard=3)
    answer, step = slack.stand_in.posted(jane.direct)[posted:]
    assert "Global admin" in words(answer)
    assert "Back to our guide" in str(step["blocks"])


def test_slack_gets_no_message_twice_that_it_took_when_the_server_was_killed(slack):
    jane = SlackPerson(slack)
    jane.say("Hello")
    posted = len(slack.stand_in.posted(jane.direct))
    slack.stand_in.unconfirmed.add(POST)
    assert slack.send(said(jane, ACTIVATE)).ok
    wait_for(lambda: len(slack.stand_in.posted(jane.direct)) > posted)
    slack.assistant.stop(signal.SIGKILL)
    slack.stand_in.unconfirmed.clear()
    begin_again(slack.assistant)
    jane.settle(heard=2)
    answer, feedback = slack.stand_in.posted(jane.direct)[posted:]
    assert "Global admin" in words(answer)
    assert "Global admin" not in words(feedback)


def test_teams_gets_the_answer_that_a_killed_server_was_thinking_about(teams, actions):
    actions.set("hangs")
    activity = teams.activity(text=ACTIVATE)
    assert teams.post(activity).ok
    wait_for(lambda: teams.kept)
    teams.assistant.stop(signal.SIGKILL)
    actions.set(None)
    begin_again(teams.assistant)
    answer = teams.answers_to(activity["id"])
    assert ["Global admin" in text_of(message) for message in answer] == [True, False], answer
    assert teams.post(activity).ok
    teams.say("Hello")
    assert teams.kept == [ACTIVATE, "Hello"]
    assert teams.answers_to(activity["id"]) == answer


def test_a_press_in_teams_survives_a_kill(teams, actions):
    card = teams.say(INCIDENTS)[0]
    title = next(action["title"] for action in actions_of(card) if action["type"] != "Action.OpenUrl")
    action = next(action for action in actions_of(card) if action["title"] == title)
    actions.set("hangs")
    press = teams.activity(replyToId=card["id"], value=action["fallback"]["data"])
    assert teams.post(press).ok
    wait_for(lambda: len(teams.kept) == 2)
    teams.assistant.stop(signal.SIGKILL)
    actions.set(None)
    begin_again(teams.assistant)
    assert "Step 1" in text_of(teams.answers_to(press["id"])[0])


def test_what_is_answered_leaves_nothing_in_the_inbox(slack):
    jane = SlackPerson(slack)
    jane.say(ACTIVATE)
    folder = slack.assistant.folder / "spool" / "inbox" / "slack"
    wait_for(lambda: not list(folder.iterdir()))
