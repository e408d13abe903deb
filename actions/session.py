"""The start of a session: what is carried over from the last one."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CONTENT
from assistant.dialogue.conversation import Conversation


class SessionStartAction(Action):
    """Begins a session; facts and language stay, an open guide is kept to be offered again."""

    def name(self) -> str:
        """The name that Rasa calls at the start of every session."""
        return "action_session_start"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Restart the session with the slots of the last one."""
        conversation = Conversation.from_slots(tracker.slots, CONTENT)
        conversation.open_question = None
        if conversation.guide:
            conversation.close_guide()
            conversation.resumable = True
        slots = {name: value for name, value in conversation.to_slots().items() if value is not None}
        carried = [SlotSet(name, value) for name, value in slots.items()]
        return [SessionStarted(), *carried, ActionExecuted("action_listen")]
