"""What has become of a partner's tickets."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, List, Mapping, Optional

from assistant.dialogue.conversation import HANDOFF, Conversation
from assistant.dialogue.turn import Turn
from assistant.matching import asks_about_ticket
from assistant.reply import Reply

# The partner's tickets, which the channel sends along when they are asked for: actions know no database.
TICKETS = "tickets"
_SHOWN = 3


def reply_about_tickets(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """Replies to "what about my ticket?"."""
    if turn.is_payload or turn.metadata.get("unreadable"):
        return None
    if not asks_about_ticket(turn.text, conversation.content):
        return None
    render, filed = conversation.render, turn.metadata.get(TICKETS)
    if filed is None:
        return [render.say("ticket_away")]
    if filed:
        return [_state(conversation, each) for each in filed[-_SHOWN:]]
    conversation.pending = HANDOFF
    return [render.say("ticket_none", render.phrase_button("handoff_button", "human_handoff"))]


def _state(conversation: Conversation, filed: Mapping[str, Any]) -> Reply:
    render = conversation.render
    day = datetime.fromtimestamp(filed["created_at"], timezone.utc).date().isoformat()
    state = render.phrase(f"ticket_{filed['state']}")
    return render.say("ticket_state", reference=filed["reference"], date=render.date(day), state=state)
