"""Teams: replies as messages and cards. The snapshots are written anew with ``UPDATE_SNAPSHOTS=1``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict

import pytest

from assistant.channels.teams.cards import messages, pressed
from assistant.reply import Renderer
from tests.channels.replies import PARTS, button, collected, sourced
from tests.channels.teams_cards import problems
from tests.channels.teams_stand_in import actions_of, text_of

SNAPSHOTS = Path(__file__).parent / "teams_snapshots"

CASES: Dict[str, Dict[str, Any]] = {
    "text": {"text": "Only **words** with a [link](https://a.example/b?c=1&d=2).\n\nAnd `code`."},
    "list": {"text": "Do this:\n\n1. One\n2. Two\n\nor:\n- **a**\n- b\n\nThen go on."},
    "buttons": {"text": "**Step 1 of 3**\n\nWhich one?", "buttons": [button(1), button(2)]},
    "links": {"text": "See", "buttons": [{"title": "Open", "url": "https://a.example/"}, button(1)]},
    "only_buttons": {"text": "", "buttons": [button(1)]},
    "parts": PARTS,
    "unicode": {"text": "Grüße – “Zitat” 👍", "buttons": [button(1, "Für später")]},
    "summary": {"text": "**A** [link](https://a.example/) and " + "words " * 40, "buttons": [button(1)]},
}


def same_as_snapshot(name: str, value: Any) -> bool:
    file = SNAPSHOTS / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return value == json.loads(file.read_text(encoding="utf-8"))


def wrong(rendered: Any) -> list:
    return [problem for message in rendered for problem in problems(message)]


@pytest.mark.parametrize("name", CASES)
def test_a_reply_becomes_the_message_of_the_snapshot(name):
    rendered = messages(CASES[name])
    assert same_as_snapshot(name, rendered)
    assert wrong(rendered) == []


def test_a_pressed_card_becomes_the_one_of_the_snapshot():
    assert same_as_snapshot("pressed", pressed(CASES["buttons"], button(2)["payload"]))


def test_the_links_of_a_pressed_card_stay():
    card = pressed(PARTS, button(1)["payload"])
    assert [action["type"] for element in card["body"] for action in element.get("actions", [])] == [
        "Action.OpenUrl"
    ]


def test_a_payload_that_a_reply_does_not_have_presses_nothing():
    assert pressed(CASES["buttons"], "/other") is None
    assert pressed(CASES["text"], "/other") is None


def test_everything_the_assistant_can_say_is_one_message_within_the_limits(content):
    terms = [
        Renderer(content, language).term(term)
        for language in content.languages
        for term in content.glossary.values()
    ]
    for reply in (*sourced(content), *terms):
        rendered = messages(collected(reply))
        assert len(rendered) == 1
        assert wrong(rendered) == []


@pytest.mark.parametrize(
    "word", ["word", "\U0001f600" * 20, "x" * 50_000], ids=["words", "emoji", "one word"]
)
def test_a_text_that_is_too_long_goes_over_several_messages_and_loses_nothing(word):
    text = " ".join([word] * (300_000 // len(word)))
    for buttons in ([], [button(1)]):
        rendered = messages({"text": text, "buttons": buttons})
        assert len(rendered) > 1
        assert wrong(rendered) == []
        said = "".join("".join(text_of(message).split()) for message in rendered)
        assert said == "".join(text.split())
        assert [len(actions_of(message)) for message in rendered][-1] == len(buttons)


def test_no_button_is_left_out_however_many_there_are():
    buttons = [button(number, f"Choice {number} {'x' * 60}") for number in range(400)]
    rendered = messages({"text": "Which one?", "buttons": buttons})
    assert len(rendered) > 1
    assert wrong(rendered) == []
    titles = [action["title"] for message in rendered for action in actions_of(message)]
    assert titles == [each["title"] for each in buttons]
    changed = pressed({"text": "Which one?", "buttons": buttons}, buttons[-1]["payload"])
    assert changed["body"][-1]["text"] == f"✓ {buttons[-1]['title']}"
