"""What Teams takes: the parts of Microsoft's schema and limits that the assistant's messages touch."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator

MAX_BYTES = 100_000
_MESSAGE = {
    *("type", "text", "textFormat", "summary", "attachments", "id"),
    *("from", "recipient", "conversation", "replyToId"),
}
_CARD = {"$schema", "type", "version", "body", "msteams"}
_TEXT = {"type", "text", "wrap", "weight", "color", "size", "isSubtle"}
_ACTION = {
    "Action.OpenUrl": {"type", "title", "url"},
    "Action.Submit": {"type", "title", "data"},
    "Action.Execute": {"type", "title", "data", "verb", "fallback"},
}
# Teams shows no more of one set.
_ACTIONS = 6


def problems(message: Dict[str, Any]) -> Iterator[str]:
    """Why Teams would refuse a message or leave out parts of it."""
    if message["type"] == "typing":
        return
    if len(json.dumps(message)) > MAX_BYTES:
        yield "the message is too large"
    if not set(message) <= _MESSAGE:
        yield f"unknown fields {set(message) - _MESSAGE}"
    if bool(message.get("text")) == bool(message.get("attachments")):
        yield "neither text nor card, or both"
    for attachment in message.get("attachments", []):
        yield from _card_problems(attachment["content"])


def _card_problems(card: Dict[str, Any]) -> Iterator[str]:
    if set(card) != _CARD or card["version"] > "1.5" or not card["body"]:
        yield "not a card"
    for element in card["body"]:
        if element["type"] == "TextBlock":
            if not element["text"].strip() or not element["wrap"] or not set(element) <= _TEXT:
                yield f"text {element}"
        elif element["type"] == "ActionSet" and 1 <= len(element["actions"]) <= _ACTIONS:
            for action in element["actions"]:
                yield from _action_problems(action)
        else:
            yield f"element {element}"


def _action_problems(action: Dict[str, Any]) -> Iterator[str]:
    if set(action) != _ACTION[action["type"]] or not action["title"]:
        yield f"action {action}"
    if not isinstance(action.get("data", {}), dict) or "msteams" in action.get("data", {}):
        yield f"data {action}"
    if not action.get("url", "https://").startswith("https://"):
        yield f"address {action}"
    if "fallback" in action:
        yield from _action_problems(action["fallback"])
