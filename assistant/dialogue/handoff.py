"""Handing a conversation over to a person."""

from __future__ import annotations

import logging
from typing import List

from assistant.dialogue.conversation import Conversation
from assistant.dialogue.turn import Turn
from assistant.helpdesk import HelpDeskError, Request, default_help_desk
from assistant.reply import Renderer, Reply

logger = logging.getLogger(__name__)


def hand_over(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Record the request with all that is known, and name the official support link."""
    render = Renderer(conversation.content, conversation.language)
    url = conversation.content.settings.support_url
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
    )
    try:
        reference = default_help_desk().record(request)
    except HelpDeskError as error:
        logger.error("The request for a person was not recorded: %s", error)
        return [render.say("handoff_failed", url=url)]
    return [
        render.say("handoff_recorded", reference=reference, facts=_summary(conversation, render), url=url)
    ]


def _summary(conversation: Conversation, render: Renderer) -> str:
    parts = []
    if conversation.topic:
        title = conversation.content.topics[conversation.topic].title[conversation.language]
        parts.append(f"{render.phrase('last_topic')}: {title}")
    if conversation.facts:
        parts.append(render.facts(conversation.facts))
    return "; ".join(parts) or render.phrase("no_facts")
