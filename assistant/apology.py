"""What a partner reads when something failed on our side: what to do, never nothing."""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.content import load_content
from assistant.reply import Button, Renderer

# The kind of this reply, which is the name of its phrase.
APOLOGY = "trouble"
# Longer messages do not fit behind a button everywhere.
_LONGEST_PAYLOAD = 500


def apology(tracker: Optional[DialogueStateTracker], locale: Optional[str] = None) -> Dict[str, Any]:
    """A reply that offers to try again, and names the way to a person, in the conversation's language.

    Args:
        tracker: the conversation, if it could be read.
        locale: of the partner's program, for a conversation without a language yet.

    Returns:
        ``text``, ``buttons`` and ``parts``, as actions send them.
    """
    content = load_content()
    render = Renderer(content, language_of(tracker, locale))
    failed = tracker.get_last_event_for(UserUttered) if tracker else None
    again = [Button(render.phrase("try_again"), failed.text)] if failed and _fits(failed.text) else []
    reply = render.say(APOLOGY, *again, url=content.settings.support_url)
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    return {"text": reply.text, "buttons": buttons, "parts": reply.parts}


def language_of(tracker: Optional[DialogueStateTracker], locale: Optional[str] = None) -> str:
    """The language of a conversation, or else of the partner's program, or the default."""
    content = load_content()
    spoken = tracker and tracker.get_slot("language")
    candidates = (spoken, (locale or "")[:2].lower(), content.settings.default_language)
    return next(candidate for candidate in candidates if candidate in content.languages)


def _fits(text: Optional[str]) -> bool:
    return bool(text) and len(text) <= _LONGEST_PAYLOAD
