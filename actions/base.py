"""What all actions share: tracker in, handler, replies and slot events out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, Restarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from assistant.content import load_content
from assistant.dialogue import handoff, rating
from assistant.dialogue.context import reply_in_context
from assistant.dialogue.conversation import RESUME, Conversation
from assistant.dialogue.privacy import reply_about_data
from assistant.dialogue.tickets import reply_about_tickets
from assistant.dialogue.turn import Turn
from assistant.options import option_reader
from assistant.reply import Reply
from assistant.stores.tables import TICKET_SLOT

# Read and learned at the start, so that the first partner does not wait for it.
CONTENT = load_content()
option_reader(CONTENT)


class DialogueAction(Action, ABC):
    """An action with a name and a handler."""

    action_name: str

    @staticmethod
    @abstractmethod
    def handler(conversation: Conversation, turn: Turn) -> List[Reply]:
        """The replies to a message; the conversation is changed in place."""

    def name(self) -> str:
        """The name in ``domain.yml``."""
        return self.action_name

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Run the handler, send its replies and store what changed."""
        conversation = Conversation.from_slots(tracker.slots, CONTENT)
        turn = Turn.from_message(_latest_message(tracker))
        conversation.hear(turn)
        # "Delete my data", "no wait, it has not expired" or "and Silver?" may come with any intent.
        replies = (
            reply_about_data(conversation, turn)
            or rating.take(conversation, turn)
            or handoff.go_on(conversation, turn)
            or reply_about_tickets(conversation, turn)
            or reply_in_context(conversation, turn)
            or type(self).handler(conversation, turn)
        )
        if conversation.resumable and not conversation.pending:
            replies = [*replies, _offer_to_resume(conversation)]
        for reply in replies:
            dispatcher.utter_message(
                text=reply.text,
                buttons=[{"title": button.title, "payload": button.payload} for button in reply.buttons],
                parts=reply.parts,
                kind=reply.kind,
            )
        return _events(tracker, conversation)


def _latest_message(tracker: Tracker) -> Dict[str, Any]:
    """The latest message with the metadata that the channel sent along, and whose it is."""
    message = dict(tracker.latest_message)
    event = next((event for event in reversed(tracker.events) if event["event"] == "user"), {})
    metadata = message.get("metadata") or event.get("metadata") or {}
    known = {"sender": tracker.sender_id, "channel": tracker.get_latest_input_channel()}
    return {**message, "metadata": {**metadata, **known}}


def _offer_to_resume(conversation: Conversation) -> Reply:
    render = conversation.render
    conversation.resumable, conversation.pending = False, RESUME
    title = conversation.content.guides[conversation.paused.guide].title[conversation.language]
    return render.say(
        "resume_offer",
        render.phrase_button("resume_yes", "affirm"),
        render.phrase_button("resume_no", "deny"),
        guide=title,
    )


def _events(tracker: Tracker, conversation: Conversation) -> List[EventType]:
    slots = conversation.to_slots()
    if conversation.is_deleted:
        # For the store a restart is the order to delete what was before.
        return [Restarted(), *(SlotSet(name, value) for name, value in slots.items() if value is not None)]
    changed = [SlotSet(name, value) for name, value in slots.items() if tracker.slots.get(name) != value]
    return [*changed, *_new_ticket(conversation)]


def _new_ticket(conversation: Conversation) -> List[EventType]:
    """The store makes a ticket of the first event; the second one keeps it from being made again."""
    if conversation.ticket is None:
        return []
    return [SlotSet(TICKET_SLOT, conversation.ticket.as_dict()), SlotSet(TICKET_SLOT, None)]
