"""What a turn was about, from the tracker after it and the memory before it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Container, List, Mapping, Optional, Set, Tuple

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant import guide as guides
from assistant.apology import APOLOGY
from assistant.content import load_content
from assistant.dialogue.conversation import HANDOFF, Conversation
from assistant.observability.instruments import Feedback, GuideEnd, Handoff, Outcome

OTHER_INTENT, NO_LANGUAGE = "other", "none"

# By the kinds of the replies, which are the names of their phrases (see assistant.reply.Reply).
_OUTCOMES: Mapping[Outcome, Set[str]] = {
    Outcome.FAILED: {APOLOGY},
    Outcome.HANDOFF: {"handoff_sent"},
    Outcome.OUT_OF_SCOPE: {"out_of_scope", "near_miss"},
    Outcome.NOT_UNDERSTOOD: {"not_understood"},
    Outcome.CLARIFY: {"clarify", "clarify_open", "clarify_again", "which_one", "rephrase_please"},
    Outcome.UNREADABLE: {"message_too_long", "message_empty"},
}
_FEEDBACK: Mapping[Feedback, Set[str]] = {
    Feedback.SOLVED: {"solved"},
    Feedback.NOT_SOLVED: {"not_solved", "not_solved_again"},
}


@dataclass(frozen=True)
class Summary:
    """A turn without what was said in it.

    Attributes:
        language: code of the language of the conversation.
        intent: of the message; ``other`` if it is none of the domain.
        actions: names of those that ran, in their order.
        outcome: what came of it.
        handoff: what became of the way to a person, if it came up.
        started: the guide that was begun.
        ended: the guide that ended, and how.
        feedback: what the partner said about an answer or a guide.
    """

    language: str
    intent: str
    actions: Tuple[str, ...]
    outcome: Outcome
    handoff: Optional[Handoff] = None
    started: Optional[str] = None
    ended: Optional[Tuple[str, GuideEnd]] = None
    feedback: Optional[Feedback] = None


def summarise(
    tracker: DialogueStateTracker, slots_before: Mapping[str, Any], intents: Container[str]
) -> Summary:
    """Summarise the turn that a tracker ends with.

    Args:
        tracker: the conversation after the turn.
        slots_before: its slots before the turn.
        intents: those of the domain.
    """
    before, after = (
        Conversation.from_slots(slots, load_content())
        for slots in (slots_before, tracker.current_slot_values())
    )
    events = _latest(tracker)
    kinds = {event.metadata.get("kind") for event in events if isinstance(event, BotUttered)}
    intent = tracker.latest_message.intent_name if tracker.latest_message else None
    return Summary(
        language=after.language or NO_LANGUAGE,
        intent=intent if intent in intents else OTHER_INTENT,
        actions=tuple(event.action_name for event in events if _is_deed(event)),
        outcome=_first(_OUTCOMES, kinds) or Outcome.ANSWERED,
        handoff=_handoff(after, kinds),
        started=_started(before, after),
        ended=_ended(before, after, kinds),
        feedback=_first(_FEEDBACK, kinds),
    )


def _latest(tracker: DialogueStateTracker) -> List[Event]:
    """The events since the partner's last message, in their order."""
    latest = list(takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events)))
    return latest[::-1]


def _is_deed(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name not in (ACTION_LISTEN_NAME, None)


def _first(table: Mapping, kinds: Set[Optional[str]]):
    return next((name for name, known in table.items() if known & kinds), None)


def _handoff(after: Conversation, kinds: Set[Optional[str]]) -> Optional[Handoff]:
    if "handoff_sent" in kinds:
        return Handoff.RECORDED
    return Handoff.OFFERED if after.open_question == HANDOFF and APOLOGY not in kinds else None


def _started(before: Conversation, after: Conversation) -> Optional[str]:
    """The guide that is open or over now, and was neither open nor the last one before."""
    known = {state.guide for state in (before.guide, before.paused) if state}
    now = after.guide or after.paused
    return now.guide if now and now.guide not in known else None


def _ended(
    before: Conversation, after: Conversation, kinds: Set[Optional[str]]
) -> Optional[Tuple[str, GuideEnd]]:
    if "outcome" in kinds and after.paused:
        guide = after.content.guides[after.paused.guide]
        status = guides.locate(guide, after.paused, after.facts).step.status
        return guide.guide, GuideEnd(status)
    is_open = after.guide and before.guide and after.guide.guide == before.guide.guide
    return (before.guide.guide, GuideEnd.LEFT) if before.guide and not is_open else None
