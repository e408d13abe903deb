"""What every channel does with a message before anything else sees it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.content import load_content
from assistant.nlu.text import has_words
from assistant.ordinals import position
from assistant.payload import intent_payload
from assistant.redaction import redact

MAX_LENGTH = 2000
_EXCERPT = 300
_EMPTY = "-"
# Longer texts do not just name a button.
_POSITION_LENGTH = 40
# More than replies ever have.
_MOST_BUTTONS = 100
# What a thumb or a tick alone says.
_GESTURES = {"👍": "affirm", "👌": "affirm", "✅": "affirm", "👎": "deny", "❌": "deny"}


@dataclass(frozen=True)
class Inbound:
    """A message that is safe to pass on.

    ``metadata`` says why it cannot be understood, or the ``title`` of the button that was pressed.
    """

    text: str
    metadata: Dict[str, Any] = field(default_factory=dict)


async def clean(text: str, title_of: Callable[[str], Awaitable[Optional[str]]]) -> Inbound:
    """Strip, limit and redact a message.

    Args:
        text: what the client sent.
        title_of: the title of the button with a payload that the assistant offered in this
            conversation, or ``None``.

    Returns:
        The text, a payload only if it was offered. A leading ``/`` of typed text is dropped,
        because Rasa would take it for an intent. A thumb up or down is a yes or no. Too long or
        empty texts are marked.
    """
    text = strip_controls(text).strip()
    if text.startswith("/"):
        title = await title_of(text) if len(text) <= MAX_LENGTH else None
        if title is not None:
            return Inbound(text, {"title": title})
        text = text.lstrip("/ ")
    if len(text) > MAX_LENGTH:
        # Cut last: half a value would not be recognised.
        return Inbound(redact(text[:MAX_LENGTH])[:_EXCERPT], {"unreadable": "too_long"})
    if not has_words(text) and text[:1] in _GESTURES:
        return Inbound(intent_payload(_GESTURES[text[0]]))
    if not has_words(text):
        return Inbound(text or _EMPTY, {"unreadable": "empty"})
    return Inbound(redact(text))


def redacted(text: str) -> str:
    """A message that cannot be cleaned yet, as it may be kept until then; too long stays too long."""
    return redact(strip_controls(text))[: MAX_LENGTH + 1]


def spoken_language(locale: object) -> Optional[str]:
    """The language of a client's locale, such as ``de`` of ``de-AT``, if the assistant speaks it.

    Nothing else of what a client sends as its locale may be kept.
    """
    code = locale[:2].lower() if isinstance(locale, str) and locale[2:3] in ("", "-", "_") else None
    return code if code in load_content().languages else None


def strip_controls(text: str) -> str:
    """The text without control, format and surrogate characters; line breaks and tabs stay.

    Joiners inside emoji and Persian or Indic words are format characters too, and stay.
    """
    kept = "\n\t\u200c\u200d"
    return "".join(char for char in text if char in kept or unicodedata.category(char)[0] != "C")


def may_name_button(text: str) -> bool:
    """Whether a text is a position such as "2" or "the second one": few are, and these need the tracker."""
    return len(text) <= _POSITION_LENGTH and position(text, _MOST_BUTTONS) is not None


def named_payload(text: str, tracker: Optional[DialogueStateTracker]) -> Optional[str]:
    """The payload of the button that a position names, counted over the latest replies."""
    if tracker is None:
        return None
    latest = list(takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events)))
    payloads = [button["payload"] for event in reversed(latest) for button in _buttons(event)]
    index = position(text, len(payloads))
    return payloads[index] if index is not None else None


def offered_title(payload: str, tracker: Optional[DialogueStateTracker]) -> Optional[str]:
    """The title of the button with a payload that was shown last in a conversation, if there was one."""
    for event in reversed(tracker.events if tracker else []):
        for button in _buttons(event):
            if button["payload"] == payload:
                return button["title"]
    return None


def _buttons(event: Event) -> List[Dict[str, str]]:
    """The buttons of a reply that say something; others are links."""
    shown = (event.data or {}).get("buttons") or [] if isinstance(event, BotUttered) else []
    return [button for button in shown if "payload" in button]
