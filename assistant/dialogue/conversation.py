"""The memory of a conversation: what lives in the tracker's slots."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Mapping, Optional

from assistant.content import Content
from assistant.dialogue.turn import PASTED_MESSAGE, Turn
from assistant.guide import GuideState
from assistant.helpdesk.ticket import Ticket
from assistant.intents import OTHER_LANGUAGE
from assistant.reply import Renderer

# What an open question of the assistant was about, so that "yes" and "no" mean something.
FEEDBACK, RESUME, HANDOFF, CLARIFY = "feedback", "resume", "handoff", "clarify"
# How well the assistant helped, and why it did not.
RATING, REASON = "rating", "reason"
# Whether to delete everything about the partner.
DELETION = "deletion"
# A question about the request for a person; see ``handoff``.
CONTACT, URGENCY, NOTE, CONFIRM = "contact", "urgency", "note", "confirm"
# A topic was answered in the middle of a guide: "walk me through it" may mean that topic.
DIGRESSION = "digression"


@dataclass
class Draft:
    """A request for a person that is not sent yet.

    Attributes:
        asks: the question that is open.
        contact: how to reach the partner, sealed; ``None`` for an answer in the chat.
        urgency: a name of ``handoff.yml``.
        note: what the partner added.
        topic: what it is about.
    """

    asks: str
    contact: Optional[str] = None
    urgency: Optional[str] = None
    note: str = ""
    topic: Optional[str] = None


@dataclass
class Conversation:
    """State between two turns.

    Attributes:
        content: everything the assistant can say.
        language: code of the language to reply in, or ``None`` before the first evidence.
        facts: what is known about the partner.
        guide: the open guide.
        topic: the topic answered last.
        open_question: the assistant's question that a yes or no answers in this turn.
        pending: the question that this turn leaves open for the next.
        misses: messages in a row that were not understood outside guides.
        unsolved: times in a row that an answer did not help.
        cell: the cell of the entitlement table that was asked for last.
        asked: topics and guides for which we asked whether they solved it.
        paused: a guide that was left, ended, or open when the session expired.
        draft: a request for a person that is being prepared.
        is_rating_asked: whether a rating was asked for.
        rating: how well the assistant helped, from 1 to 5.
        ticket: what this turn makes of the draft.
        error: the name of the error message that was pasted last.
        heard: the language that the last message was likely in.
        resumable: whether to offer the paused guide again (after an expired session).
        is_deleted: whether this turn deletes all that there is of the conversation.
    """

    content: Content
    language: Optional[str] = None
    facts: Dict[str, str] = field(default_factory=dict)
    guide: Optional[GuideState] = None
    topic: Optional[str] = None
    open_question: Optional[str] = None
    pending: Optional[str] = None
    misses: int = 0
    unsolved: int = 0
    cell: Dict[str, str] = field(default_factory=dict)
    asked: List[str] = field(default_factory=list)
    paused: Optional[GuideState] = None
    resumable: bool = False
    is_rating_asked: bool = False
    rating: Optional[int] = None
    draft: Optional[Draft] = None
    ticket: Optional[Ticket] = None
    error: Optional[str] = None
    heard: Optional[str] = None
    is_deleted: bool = False

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any], content: Content) -> Conversation:
        """The conversation stored in slots, without what content no longer has: languages, topics, guides."""
        memory = slots.get("dialogue") or {}
        language, topic = slots.get("language"), memory.get("topic")
        return cls(
            content=content,
            language=language if language in content.languages else None,
            facts={name: slots[name] for name in content.facts if slots.get(name)},
            guide=_guide_state(slots.get("guide"), content),
            topic=topic if topic in content.topics else None,
            open_question=memory.get("pending"),
            misses=memory.get("misses", 0),
            unsolved=memory.get("unsolved", 0),
            cell=dict(memory.get("cell", {})),
            asked=list(memory.get("asked", [])),
            paused=_guide_state(memory.get("paused"), content),
            resumable=memory.get("resumable", False),
            is_rating_asked=memory.get("is_rating_asked", False),
            rating=slots.get("rating"),
            draft=Draft(**memory["draft"]) if memory.get("draft") else None,
            error=memory.get("error"),
            heard=memory.get("heard"),
        )

    def to_slots(self) -> Dict[str, Any]:
        """The value of every slot of the conversation."""
        slots: Dict[str, Any] = {name: self.facts.get(name) for name in self.content.facts}
        slots["language"] = self.language
        slots["rating"] = self.rating
        slots["guide"] = self.guide.as_dict() if self.guide else None
        slots["dialogue"] = {
            "topic": self.topic,
            "pending": self.pending,
            "misses": self.misses,
            "unsolved": self.unsolved,
            "cell": self.cell,
            "asked": self.asked,
            "paused": self.paused.as_dict() if self.paused else None,
            "resumable": self.resumable,
            "is_rating_asked": self.is_rating_asked,
            "draft": asdict(self.draft) if self.draft else None,
            "error": self.error,
            "heard": self.heard,
        }
        return slots

    @property
    def render(self) -> Renderer:
        """Renders content in the language of the conversation."""
        return Renderer(self.content, self.language)

    def hear(self, turn: Turn) -> None:
        """Take note of a pasted error message, and follow the language of a message.

        Strong evidence decides, likely evidence twice in a row. As long as nothing is known, the
        channel's locale counts, then weak evidence; so "ok" or a pasted error never flips a
        conversation. What a message in a third language resembles most is no evidence.
        """
        self.error = turn.entity(PASTED_MESSAGE) or self.error
        detected, strength = turn.entity("language"), turn.role("language")
        if turn.intent == OTHER_LANGUAGE or detected not in self.content.languages:
            detected = None
        if detected and (strength == "strong" or (strength == "likely" and detected == self.heard)):
            self.language = detected
        self.heard = detected if strength == "likely" else None
        if self.language is None:
            locale = str(turn.metadata.get("locale") or "")[:2].lower()
            default = self.content.settings.default_language
            self.language = next(
                (code for code in (locale, detected, default) if code in self.content.languages), default
            )

    def learn(self, facts: Mapping[str, str]) -> None:
        """Remember facts about the partner."""
        self.facts.update(facts)

    def close_guide(self) -> None:
        """Leave the open guide, keeping it for "continue" and "back"."""
        self.paused, self.guide = self.guide, None

    def forget(self) -> None:
        """Start over: only the language stays."""
        fresh = Conversation(self.content, self.language)
        self.__dict__.update(fresh.__dict__)


def _guide_state(data: Optional[Mapping[str, Any]], content: Content) -> Optional[GuideState]:
    if not data or data.get("guide") not in content.guides:
        return None
    state = GuideState.from_dict(data)
    steps = content.guides[state.guide].steps
    answers = {
        step: option
        for step, option in state.answers.items()
        if step in steps and option in steps[step].options
    }
    return GuideState(state.guide, answers, [step for step in state.shown if step in steps], state.misses)
