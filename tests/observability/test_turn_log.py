"""The log has a line for each turn: what happened, and neither what was said nor by whom."""

import hmac
import json
import re

import pytest

from assistant.observability.instruments import Stage
from tests.observability.conftest import LOG_SECRET
from tests.server import Assistant, Chat

ERROR = "This Access ID is already associated to an account"
FAILED_ONCE = "No, not yet"


def hashed(chat, secret=LOG_SECRET):
    return hmac.new(secret.encode(), chat.sender.encode(), "sha256").hexdigest()[:16]


def lines_of(watched, chat):
    return [line for line in watched.turns if line["conversation"] == hashed(chat)]


@pytest.mark.parametrize(
    ("texts", "facts"),
    [
        (["Hello"], {"intent": "greet", "actions": ["action_small_talk"], "outcome": "answered"}),
        (["Hallo"], {"language": "de", "intent": "greet"}),
        (["What is the weather like today?"], {"intent": "out_of_scope", "outcome": "out_of_scope"}),
        (["!!!"], {"actions": ["action_unreadable"], "outcome": "unreadable"}),
        (["it is about benefits and contract"], {"actions": ["action_clarify"], "outcome": "clarify"}),
        ([ERROR, "walk me through it"], {"guide_started": "access_id_error", "outcome": "answered"}),
        ([ERROR, "walk me through it", "the moon is round"], {"outcome": "not_understood"}),
        (
            [ERROR, "walk me through it", "Action Pack"],
            {"guide_ended": "access_id_error", "guide_outcome": "unresolved"},
        ),
        (
            [ERROR, "walk me through it", "stop"],
            {"guide_ended": "access_id_error", "guide_outcome": "left"},
        ),
        (
            ["I want to talk to a person", "answer me here", "It can wait", "nothing else", "send it"],
            {"outcome": "handoff", "handoff": "recorded"},
        ),
        (["I want to talk to a person"], {"actions": ["action_handoff"], "outcome": "answered"}),
        ([ERROR, FAILED_ONCE], {"feedback": "not_solved"}),
        (["Who may activate the benefits?", "yes, that helped"], {"feedback": "solved"}),
    ],
)
def test_the_line_of_a_turn_tells_what_happened(watched, texts, facts):
    chat = Chat(watched)
    for text in texts:
        chat.say(text)
    lines = lines_of(watched, chat)
    assert len(lines) == len(texts)
    assert {name: lines[-1].get(name) for name in facts} == facts


def test_a_line_tells_when_and_how_long(watched):
    chat = Chat(watched)
    chat.say("Hello")
    (line,) = lines_of(watched, chat)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["time"])
    assert (line["channel"], line["language"]) == ("rest", "en")
    spent = dict(line["milliseconds"])
    assert spent.pop("total") == pytest.approx(sum(spent.values()), abs=0.1)
    assert set(spent) == set(Stage.ALL)


def test_a_conversation_keeps_its_hash_and_nobody_else_has_it(watched):
    one, other = Chat(watched), Chat(watched)
    one.say("Hello")
    other.say("Hello")
    one.say("Hello")
    assert len(lines_of(watched, one)) == 2
    assert len(lines_of(watched, other)) == 1


def test_nothing_that_was_said_and_nobody_who_said_it_is_in_the_log(watched):
    chat = Chat(watched)
    chat.say("xylophone is our secret")
    chat.say(ERROR)
    log = (watched.folder / "log" / "turns.log").read_text(encoding="utf-8")
    assert len(lines_of(watched, chat)) == 2
    assert "xylophone" not in log
    assert chat.sender not in log


def test_the_whole_log_of_the_server_can_be_json(tmp_path):
    assistant = Assistant(tmp_path, {"LOG_FORMAT": "json", "LOG_SECRET": LOG_SECRET})
    assistant.start()
    assistant.wait_until_ready()
    chat = Chat(assistant)
    chat.say("xylophone is our secret")
    assistant.stop()
    log = (tmp_path / "log" / "rasa.log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    assert "Rasa server is up and running." in [line["message"] for line in lines]
    (turn,) = [line for line in lines if line["message"] == "turn"]
    assert turn["conversation"] == hashed(chat)
    assert "xylophone" not in log
    assert chat.sender not in log
    assert not (tmp_path / "log" / "turns.log").exists()
