"""What platforms believe to be in good hands outlives the process."""

import gc

import pytest
from rasa.shared.core.events import BotUttered, UserUttered

from assistant.channels.inbox import Inbox
from assistant.channels.slack.payloads import Message, Press
from assistant.channels.teams.activity import Activity
from assistant.channels.turns import RECEIPT, unsent
from assistant.processor import AnsweredError
from tests.full_disk import files_of_at_most


@pytest.fixture(autouse=True)
def spool(tmp_path, monkeypatch):
    monkeypatch.setenv("SPOOL", str(tmp_path))
    return tmp_path


def left_in(channel):
    """What the next process finds; an inbox that nobody has any more lets go of its file."""
    gc.collect()
    return [(receipt.message, receipt.sent) for receipt in Inbox(channel).left]


def test_the_next_process_finds_what_is_not_answered_and_how_far_its_answer_came():
    inbox = Inbox("slack")
    first, second, third = (inbox.accept({"text": text}) for text in ("one", "two", "three"))
    first.close()
    third.note_sent()
    third.note_sent()
    assert left_in("slack") == []
    del inbox, first, second, third
    assert left_in("slack") == [({"text": "two"}, 0), ({"text": "three"}, 2)]


def test_the_inboxes_of_two_channels_are_apart():
    inbox = Inbox("slack")
    receipt = inbox.accept({"text": "one"})
    del inbox, receipt
    assert left_in("teams") == []


def test_when_all_is_answered_no_file_is_left(spool):
    inbox = Inbox("slack")
    receipts = [inbox.accept({"text": text}) for text in ("one", "two")]
    for receipt in receipts:
        receipt.close()
    assert [path for path in spool.rglob("*") if path.is_file()] == []
    assert inbox.left == []


def test_a_full_disk_keeps_no_message_from_being_answered(caplog):
    inbox = Inbox("slack")
    with files_of_at_most(10):
        receipt = inbox.accept({"text": "one"})
        receipt.note_sent()
    assert "The inbox cannot be written" in caplog.text
    assert inbox.left == [receipt]


def test_a_message_of_slack_is_kept_redacted_and_whole():
    message = Message("1", "T", "U", "Mail me: jane@contoso.com", "D1", press=Press("Yes", "2", [{}], "text"))
    kept = Message.from_json(message.to_json())
    assert kept.text == "Mail me: [email]"
    assert (kept.sender, kept.press) == (message.sender, message.press)


@pytest.mark.parametrize("kind", ["message", "invoke"])
def test_an_activity_of_teams_is_kept_redacted_and_whole(kind):
    data = {"payload": "/affirm", "title": "Jane <jane@contoso.com>"}
    activity = Activity.parse_obj(
        {
            "type": kind,
            "name": "adaptiveCard/action",
            "id": "1",
            "channelId": "msteams",
            "serviceUrl": "https://service",
            "conversation": {"id": "a", "conversationType": "personal", "tenantId": "t"},
            "from": {"id": "u", "name": "Jane"},
            "recipient": {"id": "b"},
            "text": "<at>Support</at> 3 &lt; 5, mail jane@contoso.com",
            "entities": [{"type": "mention", "text": "<at>Support</at>", "mentioned": {"id": "b"}}],
            "value": {"action": {"data": data}} if kind == "invoke" else data,
        }
    )
    kept = Activity.parse_obj(activity.to_json())
    assert kept.words == "3 < 5, mail [email]"
    assert (kept.sender, kept.is_card_action) == (activity.sender, kind == "invoke")
    assert kept.choice.payload == "/affirm"
    assert "jane@" not in kept.json()


def test_the_replies_to_a_message_belong_to_its_receipt():
    message = UserUttered("one", message_id="1", metadata={RECEIPT: "a"})
    answered = AnsweredError(message, [BotUttered("first"), BotUttered("second")])
    assert unsent(answered, "a") == [{"text": "first"}, {"text": "second"}]
    assert unsent(answered, "b") == []
