"""Figures about the language in which the assistant answers."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Callable, Dict, List, Mapping, Sequence

from assistant.content import Content
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.turn import Turn

Line = Mapping[str, Any]


def follow(lines: Sequence[Line], parse: Callable[[str], Mapping[str, Any]], content: Content) -> List[Line]:
    """The lines with the language of the assistant after each of their messages, as ``answered``.

    Args:
        lines: with ``texts``, the messages of a conversation, ``langs``, the language to answer each
            in, and their ``kind``.
        parse: understands a message.
        content: everything the assistant can say.
    """
    return [{**line, "answered": _languages(line["texts"], parse, content)} for line in lines]


def measure(lines: Sequence[Line]) -> Dict[str, Dict[str, int]]:
    """For each kind: how many conversations there are, and in how many every answer was right."""
    counts: Dict[str, Dict[str, int]] = defaultdict(lambda: {"conversations": 0, "right": 0})
    for line in lines:
        counts[line["kind"]]["conversations"] += 1
        counts[line["kind"]]["right"] += line["answered"] == line["langs"]
    return dict(counts)


def report(counts: Mapping[str, Mapping[str, int]]) -> str:
    """The counts as a Markdown table."""
    rows = ["| conversation | number | answered in the right language |", "|---|---|---|"]
    for kind, count in sorted(counts.items()):
        rows.append(f"| {kind} | {count['conversations']} | {count['right'] / count['conversations']:.1%} |")
    return "\n".join(rows) + "\n"


def _languages(
    texts: Sequence[str], parse: Callable[[str], Mapping[str, Any]], content: Content
) -> List[str]:
    conversation = Conversation(content)
    answered = []
    for text in texts:
        conversation.hear(Turn.from_message({"text": text, **parse(text)}))
        answered.append(conversation.language)
    return answered
