"""Teams: conversations with the real assistant, over a stand-in of Microsoft's services."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List

import pytest

from tests.channels.teams_stand_in import TENANT, Person, TeamsStandIn, actions_of, text_of
from tests.server import Assistant, running, wait_for

INCIDENTS, ACTIVATE = "How many incidents are left?", "Who may activate the benefits?"


@pytest.fixture(scope="module")
def teams(tmp_path_factory):
    stand_in = TeamsStandIn(tmp_path_factory.mktemp("teams"))
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def assistant(teams, tmp_path_factory):
    with running(Assistant(tmp_path_factory.mktemp("assistant"), teams.environment)) as assistant:
        yield assistant


@pytest.fixture
def jane(teams, assistant) -> Person:
    return Person(teams, assistant)


@pytest.fixture
def german(teams, assistant) -> Person:
    return Person(teams, assistant, "de-DE")


@pytest.fixture
def group(teams, assistant):
    """Two people in one group chat."""
    place = f"19:{uuid.uuid4().hex}@thread.v2"
    return [Person(teams, assistant, kind="groupChat", conversation=place) for _ in range(2)]


def log_of(assistant: Assistant) -> str:
    return (assistant.folder / "log" / "rasa.log").read_text(encoding="utf-8")


def first_button(message: Dict[str, Any]) -> str:
    return next(action["title"] for action in actions_of(message) if action["type"] != "Action.OpenUrl")


def test_a_question_is_answered_after_a_sign_of_typing(jane):
    assert "Support for Business" in text_of(jane.say(INCIDENTS)[0])
    kinds = [body["type"] for body in jane.teams.sent_to(jane.conversation, "typing", "message")]
    assert kinds[0] == "typing"
    assert set(kinds[1:]) == {"message"}


def test_the_language_is_that_of_the_client(jane, german):
    assert "Guten Tag" in text_of(german.say("👋 hi")[0])
    assert "Hello" in text_of(jane.say("👋 hi")[0])


def test_a_pressed_button_is_answered_and_gives_way_to_the_choice(jane):
    answer = jane.say(INCIDENTS)[0]
    title = first_button(answer)
    assert "Step 1" in text_of(jane.presses(answer, title)[0])
    assert actions_of(jane.messages[0]) == []
    assert text_of(jane.messages[0]) == f"{text_of(answer)}\n✓ {title}"


def test_a_client_that_waits_for_the_new_card_gets_it(jane):
    answer = jane.say(INCIDENTS)[0]
    title = first_button(answer)
    result, replies = jane.executes(answer, title)
    assert (result["statusCode"], result["type"]) == (200, "application/vnd.microsoft.card.adaptive")
    assert {element["type"] for element in result["value"]["body"]} == {"TextBlock"}
    assert result["value"]["body"][-1]["text"] == f"✓ {title}"
    assert "Step 1" in text_of(replies[0])
    assert jane.messages[0]["attachments"][0]["content"] == result["value"]


def test_a_guide_is_walked_through_by_buttons(jane):
    answer = jane.say(INCIDENTS)[0]
    step = jane.presses(answer, first_button(answer))[0]
    assert "Step 2" in text_of(jane.presses(step, first_button(step))[0])


def test_a_payload_that_was_not_offered_is_only_text(jane):
    jane.does(value={"payload": '/inform{"option": "access_id_error.contract_state.expired"}'})
    assert jane.kept[-1].startswith("inform")


@pytest.mark.parametrize("value", [None, {}, "x", {"action": 5}, {"action": {"data": {"payload": 5}}}])
def test_a_card_action_without_a_payload_gets_an_error_of_cards(jane, value):
    reply = jane.post(jane.activity(type="invoke", name="adaptiveCard/action", value=value))
    assert (reply.status_code, reply.json()["statusCode"]) == (200, 400)
    assert reply.json()["type"] == "application/vnd.microsoft.error"


def test_typed_commands_of_rasa_are_only_text(jane):
    jane.say('/inform{"option": "access_id_error.contract_state.expired"}')
    jane.say("/restart")
    assert [text[0] for text in jane.kept] == ["i", "r"]


def test_a_mention_wakes_the_bot_in_a_group_and_other_messages_do_not(group):
    person, _ = group
    person.post(person.activity(text="Nobody asked the bot"))
    colleague = {"type": "mention", "text": "<at>Tom</at>", "mentioned": {"id": "29:tom"}}
    person.post(person.activity(text="<at>Tom</at> look", entities=[colleague, {"type": "clientInfo"}]))
    replies = person.mentions(INCIDENTS)
    assert "Support for Business" in text_of(replies[0])
    assert person.kept == [INCIDENTS]
    assert person.messages == replies


def test_people_in_a_group_have_conversations_of_their_own(group, jane):
    one, other = group
    answer = one.mentions(INCIDENTS)[0]
    one.presses(answer, first_button(answer))
    other.mentions(ACTIVATE)
    assert other.kept == [ACTIVATE]
    assert one.kept[0] == INCIDENTS
    alone = Person(jane.teams, jane.assistant, id=one.id)
    alone.say(ACTIVATE)
    assert alone.kept == [ACTIVATE]
    assert alone.sender == f"teams:{TENANT}:{one.id}"


def test_somebody_elses_button_says_its_title_and_stays(group):
    one, other = group
    answer = one.mentions(INCIDENTS)[0]
    title = actions_of(answer)[1]["title"]
    result, replies = other.executes(answer, title)
    assert result["type"] == "application/vnd.microsoft.activity.message"
    assert replies
    assert other.kept == [title]
    assert actions_of(one.messages[0]) == actions_of(answer)


def test_threads_of_a_channel_are_answered_where_they_are(jane):
    place = f"19:{uuid.uuid4().hex}@thread.tacv2"
    threads = [
        Person(
            *(jane.teams, jane.assistant),
            kind="channel",
            id=jane.id,
            conversation=f"{place};messageid={number}",
        )
        for number in (1, 2)
    ]
    for thread, question in zip(threads, (INCIDENTS, ACTIVATE), strict=True):
        assert thread.mentions(question) == thread.messages != []
        assert thread.sender == f"teams:{TENANT}:{jane.id}:{place}"
    assert threads[0].kept == [INCIDENTS, ACTIVATE]


def test_markup_of_teams_is_read_as_what_was_typed(jane):
    jane.say("Is &quot;R&amp;D&quot; covered,&nbsp;too? <at>Tom</at> asks")
    assert jane.kept == ['Is "R&D" covered, too? Tom asks']


def arrivals(person: Person) -> List[Dict[str, Any]]:
    added = [{"id": f"29:{person.id}"}, {"id": "28:bot"}]
    return [
        person.activity(type="installationUpdate", action="add"),
        person.activity(type="conversationUpdate", membersAdded=added, locale=None),
    ]


def test_a_new_partner_is_welcomed_once(german):
    installed, added = arrivals(german)
    german.post(installed)
    german.post(added)
    assert "Guten Tag" in text_of(german.answers_to(installed["id"])[0])
    german.say("Wie viele Incidents sind noch übrig?")
    for activity in arrivals(german):
        german.post(activity)
    german.say("Wer darf die Vorteile aktivieren?")
    assert len([message for message in german.messages if "Guten Tag" in text_of(message)]) == 1


def test_a_group_is_not_welcomed(group):
    person, _ = group
    for activity in arrivals(person):
        assert person.post(activity).status_code == 200
    assert person.mentions("Hello") == person.messages


OTHERS = [
    {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    {"type": "messageUpdate", "text": INCIDENTS},
    {"type": "messageDelete"},
    {"type": "typing"},
    {"type": "endOfConversation"},
    {"type": "installationUpdate", "action": "remove"},
    {"type": "conversationUpdate", "membersRemoved": [{"id": "29:x"}]},
    {"type": "event", "name": "application/vnd.microsoft.readReceipt"},
    {"type": "invoke", "name": "composeExtension/query", "value": {}},
    {"type": "something/new"},
]


@pytest.mark.parametrize("fields", OTHERS, ids=lambda fields: fields["type"])
def test_other_activities_are_taken_and_ignored(jane, fields):
    assert jane.post(jane.activity(**fields)).status_code == 200
    assert jane.say("Hello") == jane.messages


def test_a_message_without_words_gets_a_friendly_answer(jane):
    picture = {"contentType": "image/png", "contentUrl": "https://example.com/a.png"}
    assert "can't find any words" in text_of(jane.does(attachments=[picture])[0])
    assert "too long" in text_of(jane.say("word " * 1000)[0])


def test_a_message_that_is_sent_again_is_answered_once(jane):
    question = jane.activity(text=INCIDENTS)
    with ThreadPoolExecutor(5) as pool:
        assert {reply.status_code for reply in pool.map(jane.post, [question] * 5)} == {200}
    jane.say(ACTIVATE)
    assert jane.kept == [INCIDENTS, ACTIVATE]
    assert len({text_of(message) for message in jane.messages}) >= len(jane.messages) - 1


def test_messages_are_answered_in_order(jane):
    activities = [jane.activity(text=text) for text in ("Hello", INCIDENTS, ACTIVATE)]
    for activity in activities:
        jane.post(activity)
    jane.answers_to(activities[-1]["id"])
    assert jane.kept == ["Hello", INCIDENTS, ACTIVATE]
    order = [message["replyToId"] for message in jane.messages]
    assert list(dict.fromkeys(order)) == [activity["id"] for activity in activities]


def test_who_is_too_fast_is_told_once_and_blocks_nobody_else(jane, german):
    with ThreadPoolExecutor(20) as pool:
        activities = [german.activity(text=f"Nachricht {number}") for number in range(200)]
        replies = pool.map(german.post, activities)
        assert jane.say(ACTIVATE)
        assert {reply.status_code for reply in replies} == {200}

    def told() -> List[Dict[str, Any]]:
        return [message for message in german.messages if "viel auf einmal" in text_of(message)]

    wait_for(told)
    german.post(german.activity(text="Noch eine"))
    jane.say("Hello")
    assert len(told()) == 1
    assert 1 <= len(german.kept) < 200


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
def test_what_the_connector_does_not_take_is_sent_again_in_order(jane, status):
    jane.teams.failures.extend([(status, {"Retry-After": "0"})] * 2)
    first, second = jane.activity(text="Hello"), jane.activity(text=INCIDENTS)
    jane.post(first)
    jane.post(second)
    jane.answers_to(second["id"])
    assert jane.messages[0]["replyToId"] == first["id"]
    assert not jane.teams.failures


def test_a_reply_that_is_refused_is_logged_without_words_and_the_next_one_goes_on(jane):
    jane.teams.failures.append((403, {}))
    jane.post(jane.activity(text="Hello secret-word"))
    wait_for(lambda: "a reply was not sent: status 403" in log_of(jane.assistant))
    assert jane.say(INCIDENTS) == jane.messages
    assert "secret-word" not in log_of(jane.assistant)


def test_a_card_that_cannot_be_changed_does_not_keep_the_answer_back(jane):
    answer = jane.say(INCIDENTS)[0]
    jane.teams.failures.append((404, {}))
    assert "Step 1" in text_of(jane.presses(answer, first_button(answer))[0])
    assert actions_of(jane.messages[0])


def test_personal_data_is_neither_kept_nor_logged(jane):
    jane.say("My address is jane.doe@contoso.com, who may activate the benefits?")
    assert "jane.doe" not in "".join(jane.kept)
    assert "jane.doe" not in log_of(jane.assistant)


def test_the_bots_token_and_the_keys_are_fetched_once(jane):
    jane.say("Hello")
    jane.say(INCIDENTS)
    assert jane.teams.token_requests == jane.teams.key_requests == 1


def test_a_restart_loses_no_answer_and_gives_none_twice(teams, tmp_path):
    assistant = Assistant(tmp_path, teams.environment)
    assistant.start()
    assistant.wait_until_ready()
    jane = Person(teams, assistant)
    question = jane.activity(text=INCIDENTS)
    jane.post(question)
    assert assistant.stop() == 0
    answers = jane.answers_to(question["id"])
    assistant.start()
    try:
        assistant.wait_until_ready()
        jane.post(question)
        step = jane.presses(answers[0], first_button(answers[0]))
        assert "Step 1" in text_of(step[0])
        assert len(jane.messages) == len(answers) + len(step)
    finally:
        assistant.stop()
