"""A conversation as the widget shows it, from the events of the tracker."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Dict, List, Mapping, Optional, Sequence

from rasa.shared.core.events import BotUttered, Event

from assistant.channels.replies import Layout, said

ASSISTANT, PARTNER = "assistant", "partner"
# The widget shows no more of a long conversation.
_SHOWN = 500

Message = Dict[str, Any]


def transcript(events: Sequence[Event]) -> List[Message]:
    """The messages of both sides; how a conversation was opened is no message."""
    messages = (_message(event) for event in events[-_SHOWN:])
    return [message for message in messages if message]


def reply_message(reply: Mapping[str, Any]) -> Message:
    """A reply in the form of the widget."""
    layout = Layout.of(reply)
    message = {"from": ASSISTANT, **asdict(layout)}
    return {name: part for name, part in message.items() if part or name == "text"}


def _message(event: Event) -> Optional[Message]:
    if isinstance(event, BotUttered):
        return reply_message(said(event))
    text = event.metadata.get("title") if (event.text or "").startswith("/") else event.text
    return {"from": PARTNER, "text": text} if text else None
