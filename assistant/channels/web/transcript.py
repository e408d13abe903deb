"""A conversation as the widget shows it, from the events of the tracker."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional, Sequence

from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

ASSISTANT, PARTNER = "assistant", "partner"
# The widget shows no more of a long conversation.
_SHOWN = 500

Message = Dict[str, Any]


def transcript(said: Sequence[Event]) -> List[Message]:
    """The messages of both sides; how a conversation was opened is no message."""
    messages = (_message(event) for event in said[-_SHOWN:])
    return [message for message in messages if message]


def replies_to(tracker: Optional[DialogueStateTracker], message_id: str) -> Optional[List[Message]]:
    """The assistant's messages after the one with an id, up to the next; ``None`` without such a message."""
    replies: Optional[List[Message]] = None
    for event in tracker.events if tracker else ():
        if isinstance(event, UserUttered):
            if replies is not None:
                break
            replies = [] if event.message_id == message_id else None
        elif replies is not None and isinstance(event, BotUttered):
            replies.append(reply_message(event.text, (event.data or {}).get("buttons")))
    return replies


def reply_message(text: Optional[str], buttons: Optional[Iterable[Dict[str, str]]]) -> Message:
    """A reply in the form of the widget."""
    message: Message = {"from": ASSISTANT, "text": text or ""}
    if buttons:
        message["buttons"] = [{"title": button["title"], "payload": button["payload"]} for button in buttons]
    return message


def _message(event: Event) -> Optional[Message]:
    if isinstance(event, BotUttered):
        return reply_message(event.text, (event.data or {}).get("buttons"))
    text = event.metadata.get("title") if (event.text or "").startswith("/") else event.text
    return {"from": PARTNER, "text": text} if text else None
