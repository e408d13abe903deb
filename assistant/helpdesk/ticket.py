"""A request for a person, with everything that is known when it is made."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Dict, Mapping, Optional

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"


def new_reference() -> str:
    """What the partner calls the ticket; also the key by which no desk makes it twice."""
    return f"H-{secrets.token_hex(4).upper()}"


@dataclass(frozen=True)
class Ticket:
    """A request for a person. Its texts are redacted; the transcript is added when it is delivered.

    Attributes:
        reference: what the partner calls it.
        sender: whose conversation it belongs to.
        channel: where the partner is.
        language: of the conversation.
        urgency: a name of ``handoff.yml``.
        contact: how to reach the partner, sealed (see ``contacts``); ``None`` for an answer in the chat.
        topic: the topic answered last.
        guide: the guide that was tried.
        answers: to the steps of that guide.
        facts: what is known about the partner.
        error: the name of an error message that was pasted.
        note: what the partner added.
        created_at: seconds since 1970.
    """

    reference: str
    sender: str
    channel: str
    language: str
    urgency: str
    contact: Optional[str] = None
    topic: Optional[str] = None
    guide: Optional[str] = None
    answers: Dict[str, str] = field(default_factory=dict)
    facts: Dict[str, str] = field(default_factory=dict)
    error: Optional[str] = None
    note: str = ""
    created_at: float = field(default_factory=time.time)

    def as_dict(self) -> Dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Ticket:
        """From JSON; what another version of this program added is left out."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})
