"""Slack's message format as plain text; see docs.slack.dev/messaging/formatting-message-text."""

from __future__ import annotations

import re
from typing import Optional

# Slack escapes these three, and nothing else, in what people type.
_ESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_SPECIAL = re.compile(r"<([^<>]+)>")
_EMOJI = re.compile(r"(?<![\w:]):([+-]1|[a-z][a-z0-9_'+-]*):(?::skin-tone-\d:)?(?!\w)")
# Those that answer a question; others say nothing that the assistant could use.
_GESTURES = {
    **dict.fromkeys(("+1", "thumbsup"), "👍"),
    **dict.fromkeys(("-1", "thumbsdown"), "👎"),
    **{"ok_hand": "👌", "white_check_mark": "✅", "heavy_check_mark": "✅", "x": "❌"},
}


def plain_text(text: str, bot: Optional[str] = None) -> str:
    """What somebody typed, without Slack's markup and without mentions of the bot.

    Args:
        text: in Slack's format.
        bot: the user id of the bot.
    """
    if bot:
        text = re.sub(rf"^\s*<@{re.escape(bot)}(\|[^<>]*)?>[\s,:]*", "", text)
    text = _SPECIAL.sub(lambda match: _readable(match[1], bot), text)
    text = _EMOJI.sub(lambda match: _GESTURES.get(match[1], ""), text)
    for escaped, character in _ESCAPED:
        text = text.replace(escaped, character)
    return text.strip()


def _readable(special: str, bot: Optional[str]) -> str:
    target, _, label = special.partition("|")
    kind, name = target[0], target[1:]
    if kind == "@":
        return "" if name == bot else f"@{label or 'user'}"
    if kind == "#":
        return f"#{label or 'channel'}"
    if kind == "!":
        return label or f"@{name.partition('^')[0]}"
    return label or re.sub("^(mailto|tel):", "", target)
