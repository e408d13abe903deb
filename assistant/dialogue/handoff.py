"""Handing a conversation over to a person."""

from __future__ import annotations

import logging
from typing import List

from assistant.dialogue.conversation import HANDOFF, Conversation
from assistant.dialogue.turn import Turn
from assistant.helpdesk import HelpDeskError, Request, default_help_desk
from assistant.reply import Renderer, Reply

logger = logging.getLogger(__name__)

_SURE = 0.5


def hand_over(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Record the request with all that is known, and name the official support link.

    Where it is not clear that the partner wants a person, ask first.
    """
    render = conversation.render
    if turn.intent == "human_handoff" and turn.confidence < _SURE:
        return [offer(conversation)]
    url = conversation.content.settings.support_url
    if conversation.reference:
        return [render.say("handoff_again", reference=conversation.reference, url=url)]
    if conversation.guide:
        conversation.close_guide()
    request = Request(
        language=conversation.language,
        topic=conversation.topic,
        guide=conversation.paused.guide if conversation.paused else None,
        answers=dict(conversation.paused.answers) if conversation.paused else {},
        facts=dict(conversation.facts),
        message="" if turn.is_payload else turn.text,
        sender=str(turn.metadata.get("sender", "")),
        message_id=str(turn.metadata.get("message_id", "")),
    )
    try:
        reference = default_help_desk().record(request)
    except HelpDeskError as error:
        logger.error("The request for a person was not recorded: %s", error)
        return [render.say("handoff_failed", url=url)]
    conversation.reference = reference
    return [
        render.say("handoff_recorded", reference=reference, facts=_summary(conversation, render), url=url)
    ]


def offer(conversation: Conversation) -> Reply:
    """Ask whether a person shall take over."""
    render = conversation.render
    conversation.pending = HANDOFF
    return render.say(
        "handoff_offer",
        render.phrase_button("handoff_button", "human_handoff"),
        render.phrase_button("handoff_go_on" if conversation.guide else "resume_no", "deny"),
    )


def _summary(conversation: Conversation, render: Renderer) -> str:
    parts = []
    if conversation.topic:
        title = conversation.content.topics[conversation.topic].title[conversation.language]
        parts.append(f"{render.phrase('last_topic')}: {title}")
    if conversation.facts:
        parts.append(render.facts(conversation.facts))
    return "; ".join(parts) or render.phrase("no_facts")
