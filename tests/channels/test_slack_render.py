"""Replies as messages of Slack. The snapshots are written anew with ``UPDATE_SNAPSHOTS=1``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, List

import pytest

from assistant.channels.slack.render import MAX_CHARACTERS, answered, mrkdwn, render, split
from tests.channels.replies import PARTS, button, collected, sourced
from tests.channels.slack_blocks import problems

SNAPSHOTS = Path(__file__).parent / "slack_snapshots"

CASES: Dict[str, List[Dict[str, Any]]] = {
    "text": [{"text": "Only **words** with a [link](https://a.example/b?c=1&d=2)."}],
    "buttons": [{"text": "# Which one?\n\n- this\n- that", "buttons": [button(1), button(2)]}],
    "two_replies": [
        {"text": "First", "buttons": [button(1)]},
        {"text": "Second & <last>", "buttons": [button(2)]},
    ],
    "links": [
        {
            "text": "See",
            "buttons": [
                {"title": "Open", "url": "https://a.example/"},
                button(1),
                {"title": "Far", "url": "https://a.example/?" + "x" * 3_000},
            ],
        }
    ],
    "long_title": [{"text": "Pick", "buttons": [button(1, "A title of many words " * 5)]}],
    "only_buttons": [{"text": "", "buttons": [button(1)]}],
    "parts": [PARTS],
    "unicode": [{"text": "Grüße – “Zitat” 👍", "buttons": [button(1, "Für später")]}],
}


@pytest.mark.parametrize("name", CASES)
def test_replies_become_the_messages_of_the_snapshot(name):
    file = SNAPSHOTS / f"{name}.json"
    messages = render(CASES[name])
    if os.environ.get("UPDATE_SNAPSHOTS"):
        text = json.dumps(messages, indent=2, ensure_ascii=False)
        file.write_text(text + "\n", encoding="utf-8")
    assert messages == json.loads(file.read_text(encoding="utf-8"))
    assert [problem for message in messages for problem in problems(message)] == []


def test_everything_the_assistant_can_say_is_within_the_limits(content):
    for reply in sourced(content):
        (message,) = render([collected(reply)])
        assert problems(message) == []


@pytest.mark.parametrize("size", [11_999, 12_000, 12_001, 30_000, 100_000])
def test_a_long_text_is_split_between_words_and_nothing_is_lost(size):
    text = ("Some words of a long text.\n" * (size // 20))[:size]
    messages = render([{"text": text, "buttons": [button(1)]}])
    assert [problem for message in messages for problem in problems(message)] == []
    blocks = [block for message in messages for block in message["blocks"]]
    parts = [block["text"] for block in blocks if block["type"] == "markdown"]
    assert "\n".join(parts).split() == text.split()
    assert blocks[-1]["type"] == "actions"


def test_a_text_without_a_gap_is_split_all_the_same():
    assert split("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert split("one two three", 8) == ["one two", "three"]
    assert split("a\n\nb" + "c" * 5, 5) == ["a\n\nbc", "cccc"]


@pytest.mark.parametrize("count", [25, 26, 60, 300, 2_000])
def test_many_buttons_are_split_over_blocks_and_messages_and_none_is_lost(count):
    messages = render([{"text": "Pick", "buttons": [button(number) for number in range(count)]}])
    assert [problem for message in messages for problem in problems(message)] == []
    rows = [block["elements"] for message in messages for block in message["blocks"] if "elements" in block]
    values = [element["value"] for row in rows for element in row]
    assert values == [button(number)["payload"] for number in range(count)]


def test_long_titles_stay_within_what_slack_counts_together():
    buttons = [button(number, f"{number} " + "t" * 70) for number in range(500)]
    for message in render([{"text": "x" * 11_000, "buttons": buttons}]):
        assert problems(message) == []
        assert len(message["text"]) < 2 * MAX_CHARACTERS


def test_a_payload_that_is_too_long_is_asked_for_by_its_title():
    (message,) = render([{"text": "Pick", "buttons": [{"title": "Long", "payload": "/x" + "y" * 2_000}]}])
    assert message["blocks"][1]["elements"][0]["value"] == "Long"


def test_the_choice_takes_the_place_of_the_buttons():
    shown = [{"type": "rich_text", "elements": [1]}, {"type": "actions", "elements": [2]}]
    assert answered(shown, "Which?", "This & that") == {
        "blocks": [
            {"type": "rich_text", "elements": [1]},
            {"type": "context", "elements": [{"type": "plain_text", "text": "✓ This & that"}]},
        ],
        "text": "Which?\n✓ This &amp; that",
    }


def test_markdown_is_written_in_the_older_format_too():
    assert (
        mrkdwn("## Do\n- **this** & [that](https://a.example)")
        == "*Do*\n• *this* &amp; <https://a.example|that>"
    )
