"""What a person writes to a partner in the chat."""

from __future__ import annotations

from rasa.core.agent import Agent
from rasa.shared.core.events import BotUttered

from assistant.channels.turns import phrase
from assistant.helpdesk.ticket import Ticket
from assistant.redaction import redact
from assistant.stores.conversations import inside

# The kind of a reply that a person wrote.
PERSON = "person"
# Where what is added to a conversation is seen without being sent.
CHANNELS = {"web"}


class CannotReplyError(Exception):
    """Raised when a reply cannot be shown to the partner; ``phrase`` is the name of the one that says why."""

    def __init__(self, phrase_name: str) -> None:
        super().__init__(phrase_name)
        self.phrase = phrase_name


async def reply(agent: Agent, ticket: Ticket, name: str, text: str) -> None:
    """Add a person's message to the conversation of a ticket, where its widget fetches it.

    Args:
        agent: Rasa's.
        ticket: what is answered.
        name: of the person.
        text: what they wrote; personal data in it is replaced before it is stored, as everybody's is.

    Raises:
        CannotReplyError: the partner is somewhere else, or the conversation has been deleted.
    """
    if ticket.channel not in CHANNELS:
        raise CannotReplyError("desk_other_channel")
    store = inside(agent.tracker_store)
    async with agent.lock_store.lock(ticket.sender):
        tracker = await store.retrieve(ticket.sender)
        if tracker is None:
            raise CannotReplyError("desk_gone")
        lead = phrase("person_says", tracker).format(name=name, reference=ticket.reference)
        tracker.update(BotUttered(f"{lead}\n\n{redact(text)}", metadata={"kind": PERSON}))
        await store.save(tracker)
