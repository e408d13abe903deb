"""What a person gets to read: the ticket in words, and the conversation before it."""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional, Sequence

from assistant import guide as guides
from assistant.content import Content
from assistant.guide import GuideState
from assistant.helpdesk.ticket import Ticket
from assistant.matching import option_label
from assistant.reply import Renderer

_LINK = re.compile(r"\[([^\]]*)\]\((https?://[^)\s]+)\)")
_PARTNER, _ASSISTANT = "partner", "assistant"


@dataclass(frozen=True)
class Line:
    """Something that was said, redacted: by ``partner`` or ``assistant``, at a time in UTC."""

    by: str
    at: str
    text: str


@dataclass(frozen=True)
class Dossier:
    """A ticket for people.

    Attributes:
        reference: what the partner calls the ticket.
        subject: a line.
        urgency: a name of ``handoff.yml``.
        language: that the partner speaks.
        contact: how to reach the partner; ``None`` for an answer in the chat.
        facts: what is known, by its label.
        transcript: what was said, the oldest first.
        headings: of the parts of :attr:`text`.
    """

    reference: str
    subject: str
    urgency: str
    language: str
    contact: Optional[str]
    facts: Dict[str, str]
    transcript: List[Line]
    headings: Dict[str, str]

    @property
    def text(self) -> str:
        """All of it as plain text."""
        known = [f"{label}: {value}" for label, value in self.facts.items()]
        said = [f"[{line.at}] {self.headings[line.by]}: {line.text}" for line in self.transcript]
        return "\n".join([*known, "", self.headings["transcript"], "", *said, ""])

    def as_dict(self) -> Dict[str, Any]:
        """All of it as JSON."""
        return {name: value for name, value in asdict(self).items() if name != "headings"}


def compose(
    ticket: Ticket,
    contact: Optional[str],
    said: Sequence[str],
    render: Renderer,
    is_until_now: bool = False,
) -> Dossier:
    """Put a ticket into words.

    Args:
        ticket: what was known when it was made.
        contact: how to reach the partner, readable.
        said: the messages of the conversation, as JSON of Rasa's events.
        render: of content, in the language of the people at the help desk.
        is_until_now: whether what was said after the ticket was made is wanted, too.
    """
    topic = render.content.topics.get(ticket.topic or "")
    subject = topic.title[render.language] if topic else render.phrase("ticket_subject")
    headings = {name: render.phrase(f"ticket_{name}") for name in (_PARTNER, _ASSISTANT, "transcript")}
    return Dossier(
        reference=ticket.reference,
        subject=f"[{ticket.reference}] {subject}",
        urgency=ticket.urgency,
        language=ticket.language,
        contact=contact,
        facts=_facts(ticket, contact, render),
        transcript=_transcript(said, time.time() if is_until_now else ticket.created_at),
        headings=headings,
    )


def _facts(ticket: Ticket, contact: Optional[str], render: Renderer) -> Dict[str, str]:
    content, language = render.content, render.language
    topic, guide = content.topics.get(ticket.topic or ""), content.guides.get(ticket.guide or "")
    urgency = content.handoff.urgency.get(ticket.urgency)
    message = content.messages.get(ticket.error or "")
    known = {name: value for name, value in ticket.facts.items() if _is_known(name, value, content)}
    found: Mapping[str, Optional[str]] = {
        "summary_reference": ticket.reference,
        "summary_contact": contact or render.phrase("summary_contact_here"),
        "summary_urgency": urgency and urgency.label[language],
        "summary_language": content.settings.languages.get(ticket.language, ticket.language),
        "summary_channel": ticket.channel,
        "summary_conversation": ticket.sender,
        "summary_topic": topic and topic.title[language],
        "summary_error": message and message.texts[language][0],
        "summary_facts": render.facts(known),
        "summary_guide": guide and guide.title[language],
        "summary_tried": guide and _tried(ticket, render),
        "summary_note": ticket.note,
    }
    return {render.phrase(name): value for name, value in found.items() if value}


def _is_known(name: str, value: str, content: Content) -> bool:
    return name in content.facts and value in content.facts[name].values


def _tried(ticket: Ticket, render: Renderer) -> str:
    """The steps of the guide with what the partner answered, and the step that was reached."""
    content, language = render.content, render.language
    guide = content.guides[ticket.guide]
    position = guides.locate(guide, GuideState(guide.guide, dict(ticket.answers)), ticket.facts)
    steps = [
        f"{_short(guide.steps[name].text[language])} → "
        f"{option_label(option, guide.steps[name].options[option], guide.steps[name], content, language)}"
        for name, option in position.path
    ]
    return "\n".join([*steps, _short(position.step.text[language])])


def _short(text: str) -> str:
    """The first line of a step."""
    return text.strip().splitlines()[0]


def _transcript(said: Sequence[str], until: float) -> List[Line]:
    events = (json.loads(event) for event in said)
    before = (event for event in events if event["timestamp"] <= until and event.get("text"))
    return [
        Line(_PARTNER if event["event"] == "user" else _ASSISTANT, _time(event["timestamp"]), text)
        for event in before
        if (text := _spoken(event))
    ]


def _time(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def _spoken(event: Mapping[str, Any]) -> str:
    """What was said, without markup; of a button that was pressed, its title."""
    if event["event"] == "user" and event["text"].startswith("/"):
        return (event.get("metadata") or {}).get("title") or ""
    return _LINK.sub(r"\1 (\2)", event["text"]).replace("**", "")
