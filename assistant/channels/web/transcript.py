"""A conversation as the widget shows it, from the events of the tracker."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional, Tuple

from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

ASSISTANT, PARTNER = "assistant", "partner"
# The widget shows no more of a long conversation.
_SHOWN = 500

Message = Dict[str, Any]


def transcript(tracker: Optional[DialogueStateTracker], after: float = 0.0) -> Tuple[List[Message], float]:
    """The messages of a conversation, and a cursor to ask for later ones.

    Args:
        tracker: with the events of all sessions, or ``None``.
        after: only messages after this cursor (seconds since 1970).
    """
    messages: List[Message] = []
    titles: Dict[str, str] = {}
    cursor = after
    for event in tracker.events if tracker else ():
        message = _message(event, titles)
        if message and event.timestamp > after:
            messages.append(message)
            cursor = max(cursor, event.timestamp)
    return messages[-_SHOWN:], cursor


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


def _message(event: Event, titles: Dict[str, str]) -> Optional[Message]:
    if isinstance(event, BotUttered):
        message = reply_message(event.text, (event.data or {}).get("buttons"))
        titles.update((button["payload"], button["title"]) for button in message.get("buttons", []))
        return message
    if isinstance(event, UserUttered):
        # What was never a button is how the conversation was opened.
        text = titles.get(event.text) if (event.text or "").startswith("/") else event.text
        return {"from": PARTNER, "text": text} if text else None
    return None
