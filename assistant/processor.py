"""Rasa's processor, without its silences.

Stock Rasa 3.6.21 answers a failed action with nothing, notes that the action ran, and stores a
message of the partner only after its turn. Here the message is stored first, a failed action is
noted as rejected, and a turn that said nothing ends with an apology that is part of the history.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from itertools import takewhile
from typing import Any, Dict, List, Optional

import rasa.core.agent
from rasa.core.actions.action import Action, ActionExecutionRejection, ActionSessionStart, RemoteAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.apology import APOLOGY, apology
from assistant.observability.instruments import Fault, Stage
from assistant.observability.summary import summarise
from assistant.observability.trace import decided, stage, survived

logger = logging.getLogger(__name__)

# With what comes before and after, a partner reads something within seven seconds.
ACTION_SECONDS = 6.0
# After this many events a conversation goes on in a new session that carries its slots over,
# because Rasa loads and sends every event of the session in every turn.
MAX_SESSION_EVENTS = 100


class AnsweredError(Exception):
    """Raised for a message that has been answered already, perhaps a moment ago by another server.

    Attributes:
        message: the message as it is stored.
        replies: what was said.
    """

    def __init__(self, message: UserUttered, replies: List[BotUttered]) -> None:
        super().__init__("the message has been answered already")
        self.message = message
        self.replies = replies


def install() -> None:
    """Let Rasa's agent use this processor; safe to call more than once."""
    rasa.core.agent.MessageProcessor = Processor


class Processor(MessageProcessor):
    """Takes turns that always say something."""

    async def handle_message(self, message: UserMessage) -> Optional[List[Dict[str, Any]]]:
        """Take a turn; what is no stage of its own is Rasa's work between them."""
        with stage(Stage.OTHER):
            return await super().handle_message(message)

    async def parse_message(self, *arguments: Any, **more: Any) -> Dict[str, Any]:
        """What a message means."""
        with stage(Stage.UNDERSTAND):
            return await super().parse_message(*arguments, **more)

    async def log_message(
        self, message: UserMessage, should_save_tracker: bool = True
    ) -> DialogueStateTracker:
        """Store a message before anything is done about it, so that a killed server has not lost it."""
        return await super().log_message(message, should_save_tracker=True)

    async def fetch_tracker_and_update_session(self, *arguments: Any, **more: Any) -> DialogueStateTracker:
        """The tracker for a message that is to be handled.

        A long session ends here and not with its last turn, so that a message which is sent again is
        found beside its answer.
        """
        tracker = await super().fetch_tracker_and_update_session(*arguments, **more)
        if len(tracker.events) > MAX_SESSION_EVENTS and said_since(tracker):
            slots = tracker.current_slot_values().items()
            kept = [SlotSet(name, value) for name, value in slots if value is not None]
            events = [SessionStarted(), *kept, ActionExecuted(ACTION_LISTEN_NAME)]
            tracker.update_with_events(events, self.domain)
        return tracker

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        """Understand a message; one that a killed server left unanswered is in the tracker already.

        Only here, where the conversation is locked, is it known that no other server is at it.

        Raises:
            AnsweredError: it has been answered.
        """
        _refuse_answered(tracker, message.message_id)
        latest = tracker.get_last_event_for(UserUttered)
        if latest and latest.message_id == message.message_id:
            survived(Fault.CONTINUED)
        else:
            await super()._handle_message_with_tracker(message, tracker)

    async def _run_prediction_loop(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> None:
        """Act until it is the partner's turn again; in the end something has been said."""
        decided(partial(summarise, tracker, tracker.current_slot_values(), self.domain.intents))
        try:
            with stage(Stage.DECIDE):
                await super()._run_prediction_loop(output_channel, tracker)
        except Exception:
            survived(Fault.TURN_FAILED)
            logger.exception("A turn failed.")
        if not said_since(tracker):
            await self._apologise(output_channel, tracker)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        *others: Any,
        **more: Any,
    ) -> bool:
        if not isinstance(action, RemoteAction):
            return await super()._run_action(action, tracker, output_channel, *others, **more)
        guarded = _Guarded(action)
        goes_on = await super()._run_action(guarded, tracker, output_channel, *others, **more)
        if guarded.has_failed and action.name() == ACTION_SESSION_START_NAME:
            # Rasa's own keeps all slots; without any, nothing of the conversation could be understood.
            return await super()._run_action(ActionSessionStart(), tracker, output_channel, *others, **more)
        return goes_on and not guarded.has_failed

    async def _apologise(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        heard = tracker.get_last_event_for(UserUttered)
        reply = apology(tracker, (heard.metadata or {}).get("locale") if heard else None)
        metadata = {"parts": reply["parts"], "kind": APOLOGY}
        event = BotUttered(reply["text"], {"buttons": reply["buttons"]}, metadata=metadata)
        tracker.update_with_events([event, ActionExecuted(ACTION_LISTEN_NAME)], self.domain)
        await self._send_bot_messages([event], tracker, output_channel)


class _Guarded(Action):
    """An action whose failure counts as its rejection, as an action itself may reject to run."""

    def __init__(self, action: RemoteAction) -> None:
        self._action = action
        self.has_failed = False

    def name(self) -> str:
        return self._action.name()

    def event_for_successful_execution(self, *arguments: Any) -> Event:
        return self._action.event_for_successful_execution(*arguments)

    async def run(self, *arguments: Any) -> List[Event]:
        try:
            with stage(Stage.ACT):
                return await asyncio.wait_for(self._action.run(*arguments), ACTION_SECONDS)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            self.has_failed = True
            survived(Fault.ACTION_FAILED)
            # The error may hold the tracker; its kind is enough.
            logger.error("Action %s failed: %s.", self.name(), _reason(error))
            raise ActionExecutionRejection(self.name()) from None


def said_since(tracker: DialogueStateTracker) -> bool:
    """Whether the assistant has said something since the partner's last message."""
    latest = takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events))
    return any(isinstance(event, BotUttered) for event in latest)


def _refuse_answered(tracker: DialogueStateTracker, message_id: str) -> None:
    """Raise an AnsweredError if something was said after a message, before the next one."""
    events = list(tracker.events)
    for at, event in enumerate(events):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            following = takewhile(lambda later: not isinstance(later, UserUttered), events[at + 1 :])
            replies = [later for later in following if isinstance(later, BotUttered)]
            if replies:
                raise AnsweredError(event, replies)


def _reason(error: Optional[BaseException]) -> str:
    if isinstance(error, asyncio.TimeoutError):
        return f"no answer within {ACTION_SECONDS:.0f} s"
    cause = error.__cause__ if error is not None else None
    return " from ".join(type(each).__name__ for each in (error, cause) if each is not None)
