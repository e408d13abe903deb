"""One turn: what a client sent goes in, the replies come out, whatever happens."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any, Awaitable, Callable, Dict, List, Mapping, Optional

from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.apology import apology, language_of
from assistant.channels.inbound import clean, may_name_button, named_payload, offered_title
from assistant.channels.replies import Reply, WholeMessages, said
from assistant.content import load_content
from assistant.dialogue.conversation import CONTACT
from assistant.dialogue.tickets import TICKETS
from assistant.helpdesk.contacts import seal
from assistant.matching import asks_about_ticket
from assistant.observability.instruments import Fault, Stage
from assistant.observability.trace import stage, survived
from assistant.observability.turns import observed
from assistant.payload import intent_payload
from assistant.processor import AnsweredError
from assistant.stores.conversations import inside

logger = logging.getLogger(__name__)

# What the receipt of a message is called in the metadata of its turn.
RECEIPT = "receipt"

Handler = Callable[[UserMessage], Awaitable[Any]]


@dataclass(frozen=True)
class Incoming:
    """What a channel received.

    Attributes:
        sender: whose conversation it is; never chosen by a client in production.
        text: what was typed, or the payload of a pressed button.
        channel: the name of the channel.
        metadata: what the channel knows about the message, such as its ``locale``.
        message_id: what the client calls the message.
    """

    sender: str
    text: str
    channel: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    message_id: Optional[str] = None


async def take_turn(on_new_message: Handler, store: TrackerStore, incoming: Incoming) -> List[Reply]:
    """Clean a message, let the assistant answer it, and return the replies, at least one.

    Args:
        on_new_message: Rasa's way in.
        store: where the conversation is.
        incoming: the message.

    Raises:
        AnsweredError: a message with this id has been answered, perhaps by another server.
    """
    with observed(incoming.sender, incoming.channel):
        return await _replies(on_new_message, store, incoming)


async def _replies(on_new_message: Handler, store: TrackerStore, incoming: Incoming) -> List[Reply]:
    sender = incoming.sender

    async def title_of(payload: str) -> Optional[str]:
        found = offered_title(payload, await store.retrieve(sender))
        return found or offered_title(payload, await store.retrieve_full_tracker(sender))

    text = incoming.text
    if may_name_button(text):
        text = named_payload(text, await store.retrieve(sender)) or text
    message = await clean(text, title_of)
    known = {**await _contact(store, incoming), **await _tickets(store, incoming)}
    output = WholeMessages()
    try:
        with stage(Stage.LOCK):
            await on_new_message(
                UserMessage(
                    message.text,
                    output,
                    sender,
                    input_channel=incoming.channel,
                    message_id=incoming.message_id,
                    metadata={**incoming.metadata, **message.metadata, **known},
                )
            )
    except AnsweredError:
        raise
    except Exception:
        survived(Fault.TURN_FAILED)
        logger.exception("A turn failed.")
    if output.messages:
        return output.messages
    reply = apology(await store.retrieve(sender), incoming.metadata.get("locale"))
    return [{"recipient_id": sender, **reply}]


async def _contact(store: TrackerStore, incoming: Incoming) -> Dict[str, str]:
    """How the partner can be reached, sealed, if the assistant has just asked for it."""
    sealed = seal(incoming.text)
    if not sealed:
        return {}
    tracker = await store.retrieve(incoming.sender)
    memory = (tracker.get_slot("dialogue") if tracker else None) or {}
    return {CONTACT: sealed} if (memory.get("draft") or {}).get("asks") == CONTACT else {}


async def _tickets(store: TrackerStore, incoming: Incoming) -> Dict[str, Any]:
    """What has become of the partner's tickets, if it is asked; ``None`` while the database is away."""
    if not asks_about_ticket(incoming.text, load_content()):
        return {}
    return {TICKETS: await inside(store).tickets(incoming.sender)}


async def greet(
    on_new_message: Handler,
    sender: str,
    channel: str,
    metadata: Mapping[str, Any],
    message_id: Optional[str] = None,
) -> List[Reply]:
    """Begin a conversation: the replies to a greeting that nobody had to type."""
    output = WholeMessages()
    message = UserMessage(
        intent_payload("greet"),
        output,
        sender,
        input_channel=channel,
        message_id=message_id,
        metadata=dict(metadata),
    )
    with observed(sender, channel), stage(Stage.LOCK):
        await on_new_message(message)
    return output.messages


def unsent(answered: AnsweredError, receipt: str) -> List[Reply]:
    """The replies to a message that a killed server has answered and may not have sent.

    Args:
        answered: raised by its turn.
        receipt: the token of its receipt. If the answer belongs to another one, another server sends it.
    """
    is_ours = (answered.message.metadata or {}).get(RECEIPT) == receipt
    return [said(reply) for reply in answered.replies] if is_ours else []


def phrase(name: str, tracker: Optional[DialogueStateTracker], locale: Optional[str] = None) -> str:
    """A phrase of the content in the language of a conversation, or else of the partner's program."""
    return load_content().phrases[name][language_of(tracker, locale)].strip()
