"""Replies as messages of Slack, within its limits.

A reply is a ``markdown`` block with ``actions`` blocks under it; progress and source are small
``context`` blocks. The text beside the blocks is what
notifications and screen readers use, and what is shown where Slack cannot show the blocks; its
numbers can be typed instead of pressing a button.

Limits: docs.slack.dev/reference/block-kit (blocks, characters, buttons).
"""

from __future__ import annotations

import re
from itertools import count
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Sequence

from assistant.channels.replies import Layout

MAX_CHARACTERS = 12_000
MAX_BLOCKS = 50
MAX_BUTTONS = 25
MAX_LABEL = 75
MAX_VALUE = 2_000
MAX_URL = 3_000

Block = Dict[str, Any]
SlackMessage = Dict[str, Any]
_LINK = re.compile(r"\[([^\]]+)\]\((\S+?)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_BULLET = re.compile(r"^( *)[-*] ", re.MULTILINE)


def render(replies: Iterable[Mapping[str, Any]]) -> List[SlackMessage]:
    """The messages (``blocks`` and ``text``) for the replies to one message, in order.

    Args:
        replies: as collected, see :class:`Layout`.
    """
    numbers = count(1), count(1)
    groups = (group for reply in replies for group in _groups(_blocks(Layout.of(reply), *numbers)))
    return [{"blocks": group, "text": "\n".join(map(_fallback, group))} for group in groups]


def _blocks(layout: Layout, numbers: Iterator[int], links: Iterator[int]) -> List[Block]:
    pressable = [*layout.links, *layout.buttons]
    text = "\n".join(filter(None, [layout.text, *map(_unabridged, pressable)]))
    elements = [
        _button(button, f"button-{next(numbers)}" if "payload" in button else f"link-{next(links)}")
        for button in pressable
        if len(button.get("url") or "") <= MAX_URL
    ]
    return [
        *_markdown(layout.lead),
        *_context(f"*{escape(layout.progress.label)}*" if layout.progress else ""),
        *_markdown(text),
        *_context(mrkdwn(layout.source)),
        *_actions(elements),
    ]


def answered(blocks: Sequence[Block], text: str, title: str) -> SlackMessage:
    """A message after a button of it was pressed: with the choice instead of the buttons.

    Args:
        blocks: of the message, as Slack shows it.
        text: of the message.
        title: of the button.
    """
    choice = {"type": "context", "elements": [{"type": "plain_text", "text": f"✓ {title}"}]}
    kept = [block for block in blocks if block.get("type") != "actions"]
    return {"blocks": [*kept, choice], "text": f"{text}\n✓ {escape(title)}".strip()}


def split(text: str, limit: int = MAX_CHARACTERS) -> List[str]:
    """A text in parts of at most so many characters, between paragraphs, lines or words if possible."""
    parts = []
    while len(text) > limit:
        cut, gap = _cut(text, limit)
        parts.append(text[:cut])
        text = text[cut + gap :]
    return [*parts, text] if text.strip() else parts


def mrkdwn(text: str) -> str:
    """Markdown in the older format of Slack, which text outside of blocks has."""
    text = _HEADING.sub(r"**\1**", escape(text))
    text = _BULLET.sub(r"\1• ", text)
    return _BOLD.sub(r"*\1*", _LINK.sub(r"<\2|\1>", text))


def escape(text: str) -> str:
    """The text with the three characters escaped that have a meaning to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, limit: int) -> tuple[int, int]:
    for separator in ("\n\n", "\n", " "):
        position = text.rfind(separator, 1, limit + len(separator))
        if position > limit // 2:
            return position, len(separator)
    return limit, 0


def _button(button: Mapping[str, str], action_id: str) -> Block:
    title = button["title"]
    label = title if len(title) <= MAX_LABEL else f"{title[: MAX_LABEL - 1]}…"
    element: Block = {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": label},
    }
    if button.get("url"):
        return {**element, "url": button["url"]}
    # What is too long to come back is asked for by its title.
    payload = button["payload"]
    return {**element, "value": payload if len(payload) <= MAX_VALUE else title[:MAX_VALUE]}


def _unabridged(button: Mapping[str, str]) -> str:
    """What does not fit on a button, as a line of the text."""
    title, url = button["title"], button.get("url") or ""
    if len(url) > MAX_URL:
        return f"- [{title}]({url})"
    return f"- {title}" if len(title) > MAX_LABEL else ""


def _markdown(text: str) -> List[Block]:
    return [{"type": "markdown", "text": part} for part in split(text)]


def _context(text: str) -> List[Block]:
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}] if text else []


def _actions(buttons: Sequence[Block]) -> List[Block]:
    rows = range(0, len(buttons), MAX_BUTTONS)
    return [{"type": "actions", "elements": list(buttons[row : row + MAX_BUTTONS])} for row in rows]


def _groups(blocks: Iterable[Block]) -> List[List[Block]]:
    """The blocks by message. Slack counts the characters of all blocks of a message together."""
    groups: List[List[Block]] = []
    room = 0
    for block in blocks:
        size = _size(block)
        if not groups or len(groups[-1]) == MAX_BLOCKS or size > room:
            groups.append([])
            room = MAX_CHARACTERS
        groups[-1].append(block)
        room -= size
    return groups


def _size(block: Block) -> int:
    return len(block.get("text", "")) + sum(len(_shown(element)) for element in block.get("elements", ()))


def _shown(element: Block) -> str:
    text = element["text"]
    return text["text"] if isinstance(text, dict) else text


def _fallback(block: Block) -> str:
    if block["type"] == "markdown":
        return mrkdwn(block["text"])
    lines = _line if block["type"] == "actions" else _shown
    return "\n".join(map(lines, block["elements"]))


def _line(button: Block) -> str:
    title = escape(button["text"]["text"])
    if "url" in button:
        return f"• <{button['url']}|{title}>"
    return f"{button['action_id'].rpartition('-')[2]}. {title}"
