"""Partners about their own data, anywhere in a conversation: how long it is kept, and to delete it."""

from __future__ import annotations

from typing import List, Optional

from assistant.dialogue import guiding
from assistant.dialogue.conversation import DELETION, Conversation
from assistant.dialogue.turn import Turn
from assistant.facts import PRODUCT
from assistant.matching import DELETE, KEPT, NO, YES, asks_about_data, begins_with_reply, contains_reply
from assistant.reply import Renderer, Reply
from assistant.settings import retention_days

_PORTAL = "portal"


def reply_about_data(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """Replies to a question about the partner's own data, or to what we asked about deleting it."""
    if turn.metadata.get("unreadable"):
        return None
    if conversation.open_question == DELETION:
        answered = _confirmed(conversation, turn)
        if answered is not None:
            return _delete(conversation) if answered else _keep(conversation)
    if turn.is_payload or turn.entity(PRODUCT) or turn.entity(_PORTAL):
        return None
    if asks_about_data(turn.text, KEPT, conversation.content):
        return _back(conversation, _kept(conversation.render))
    if asks_about_data(turn.text, DELETE, conversation.content):
        return [_ask(conversation)]
    return None


def _ask(conversation: Conversation) -> Reply:
    render = conversation.render
    conversation.pending = DELETION
    return render.say(
        "delete_data_ask",
        render.phrase_button("delete_data_yes", "affirm"),
        render.phrase_button("delete_data_no", "deny"),
    )


def _confirmed(conversation: Conversation, turn: Turn) -> Optional[bool]:
    """Yes or no; ``None`` for anything else, because what is deleted does not come back."""
    content = conversation.content
    if turn.is_payload:
        return {"affirm": True, "deny": False}.get(turn.intent)
    if turn.intent == "deny" or contains_reply(turn.text, NO, content):
        return False
    is_yes = turn.intent == "affirm" or begins_with_reply(turn.text, YES, content)
    return True if is_yes and not turn.text.rstrip().endswith("?") else None


def _delete(conversation: Conversation) -> List[Reply]:
    """Forget the partner; what is stored is deleted when this turn is."""
    render = conversation.render
    conversation.forget()
    conversation.is_deleted = True
    return [render.say("delete_data_done", render.phrase_button("capabilities_button", "ask_capabilities"))]


def _keep(conversation: Conversation) -> List[Reply]:
    return _back(conversation, conversation.render.say("delete_data_kept"))


def _kept(render: Renderer) -> Reply:
    days = retention_days()
    if not days:
        return render.say("data_kept_for_ever")
    return render.say("data_kept", days=render.phrase("one_day" if days == 1 else "days", count=days))


def _back(conversation: Conversation, reply: Reply) -> List[Reply]:
    """A reply, and the open step of a guide after it."""
    if not conversation.guide:
        return [reply]
    return [reply, *guiding.show(conversation, lead=[conversation.render.phrase("back_to_guide")])]
