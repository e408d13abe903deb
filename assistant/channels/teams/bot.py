"""What the assistant does about an activity: welcome, answer, and change the card that was pressed."""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import Any, Coroutine, Dict, Iterable, List, Optional

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.apology import apology
from assistant.channels.background import Background
from assistant.channels.inbound import spoken_language
from assistant.channels.inbox import Inbox, Receipt
from assistant.channels.intake import Bursts, Intake, SlowDownError
from assistant.channels.reach import UnreachableError
from assistant.channels.replies import Reply, said
from assistant.channels.teams.activity import Activity, Choice
from assistant.channels.teams.cards import CARD, card_message, messages, pressed
from assistant.channels.teams.connector import Connector, NotSentError
from assistant.channels.teams.tokens import NoTokenError
from assistant.channels.turns import RECEIPT, Handler, Incoming, greet, phrase, take_turn, unsent
from assistant.observability.instruments import Fault
from assistant.observability.trace import survived
from assistant.observability.turns import sending
from assistant.processor import AnsweredError

logger = logging.getLogger(__name__)

CHANNEL = "teams"
# ``make serve`` waits ten seconds for the server to stop.
_FINISH_SECONDS = 6.0
# Their messages are ours, and free of addresses, tokens and what was said.
_NOT_SENT = (NotSentError, NoTokenError, UnreachableError)


class Bot:
    """The assistant in Teams."""

    def __init__(self, connector: Connector, on_new_message: Handler) -> None:
        self._connector = connector
        self._on_new_message = on_new_message
        self._intake = Intake()
        self._background = Background()
        self._bursts = Bursts()
        self._inbox = Inbox(CHANNEL)

    def start(self, store: TrackerStore) -> None:
        """Answer what a killed server has left."""
        for receipt in self._inbox.left:
            self._begin(Activity.parse_obj(receipt.message), store, receipt)

    async def receive(self, activity: Activity, store: TrackerStore) -> Dict[str, Any]:
        """Take an activity; what there is to do about it is done in the background.

        Returns:
            What Teams gets at once: for a press on a card its new form, otherwise nothing.
        """
        if activity.is_card_action and not activity.choice:
            return _card_error()
        if activity.is_arrival:
            self._background.add(_logged(self._welcome(activity, store)))
        elif activity.is_for_the_bot:
            offered = self._begin(activity, store, self._inbox.accept(activity.to_json()))
            if activity.is_card_action:
                # The turn needs it too, even if the client goes away.
                return _card_answer(await asyncio.shield(offered), activity.choice)
        return {}

    async def finish(self) -> None:
        """Bring to an end what is being answered."""
        await self._background.finish(_FINISH_SECONDS)

    def _begin(self, activity: Activity, store: TrackerStore, receipt: Receipt) -> asyncio.Future:
        """Begin to answer; returns the reply whose button was pressed."""
        offered = asyncio.ensure_future(_offered(store, activity))
        self._background.add(self._finish_answer(activity, store, receipt, offered))
        return offered

    async def _finish_answer(
        self, activity: Activity, store: TrackerStore, receipt: Receipt, offered: asyncio.Future
    ) -> None:
        """Answer; the receipt stays open if the server stops before."""
        await _logged(self._answer(activity, store, receipt, offered))
        receipt.close()

    async def _welcome(self, activity: Activity, store: TrackerStore) -> None:
        async def welcome() -> None:
            if await store.retrieve(activity.sender):
                return
            greeting = await greet(
                self._on_new_message, activity.sender, CHANNEL, _metadata(activity), activity.id
            )
            await self._send(activity, greeting)

        await self._intake.once(activity.sender, "welcome", welcome)

    async def _answer(
        self, activity: Activity, store: TrackerStore, receipt: Receipt, offered: asyncio.Future
    ) -> None:
        async def turn() -> None:
            try:
                replies = await self._turn(activity, store, receipt, await offered)
            except AnsweredError as answered:
                replies = unsent(answered, receipt.token)
            await self._send(activity, replies, receipt)

        try:
            await self._intake.once(activity.sender, activity.id, turn)
        except SlowDownError:
            if not self._bursts.is_told(activity.sender):
                await self._say("slow_down", activity, await store.retrieve(activity.sender))
        except _NOT_SENT:
            raise
        except Exception:
            logger.exception("Teams: a turn failed.")
            await self._send(activity, [apology(None, activity.locale)])

    async def _turn(
        self, activity: Activity, store: TrackerStore, receipt: Receipt, offered: Optional[Reply]
    ) -> List[Reply]:
        metadata = {RECEIPT: receipt.token, **_metadata(activity)}
        incoming = Incoming(activity.sender, _text(activity, offered), CHANNEL, metadata, activity.id)
        _, replies = await asyncio.gather(
            self._show_work(activity, offered), take_turn(self._on_new_message, store, incoming)
        )
        return replies

    async def _show_work(self, activity: Activity, offered: Optional[Reply]) -> None:
        """Take the buttons off the card that was pressed, and show that the bot is typing."""
        try:
            card = offered and activity.choice and pressed(offered, activity.choice.payload)
            if card and activity.answers:
                await self._connector.update(activity, activity.answers, card_message(card))
            await self._connector.show_typing(activity)
        except Exception as error:
            logger.warning("Teams: a card or a sign of typing was not sent: %s.", _reason(error))

    async def _send(
        self, activity: Activity, replies: Iterable[Reply], receipt: Optional[Receipt] = None
    ) -> None:
        """Send what a killed server has not sent yet."""
        rendered = (message for reply in replies for message in messages(reply))
        with sending(CHANNEL):
            for message in itertools.islice(rendered, receipt.sent if receipt else 0, None):
                await self._connector.reply(activity, message)
                if receipt:
                    receipt.note_sent()

    async def _say(
        self, name: str, activity: Activity, tracker: Optional[DialogueStateTracker] = None
    ) -> None:
        await self._send(activity, [{"text": phrase(name, tracker, activity.locale)}])


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except SlowDownError:
        logger.info("Teams: somebody who sends too much was not welcomed.")
    except _NOT_SENT as error:
        survived(Fault.NOT_SENT)
        logger.error("Teams: a reply was not sent: %s.", error)
    except Exception:
        logger.exception("Teams: an activity was not answered.")


def _reason(error: BaseException) -> str:
    return str(error) if isinstance(error, _NOT_SENT) else type(error).__name__


async def _offered(store: TrackerStore, activity: Activity) -> Optional[Reply]:
    """The latest reply that offered the pressed button to this person."""
    if activity.choice is None:
        return None
    try:
        tracker = await store.retrieve_full_tracker(activity.sender)
    except Exception:
        logger.exception("Teams: a conversation could not be read.")
        return None
    for event in reversed(tracker.events if tracker else ()):
        buttons = _buttons(event)
        if any(button.get("payload") == activity.choice.payload for button in buttons):
            return said(event)
    return None


def _buttons(event: Any) -> List[Dict[str, str]]:
    return (event.data or {}).get("buttons") or [] if isinstance(event, BotUttered) else []


def _text(activity: Activity, offered: Optional[Reply]) -> str:
    """What an activity says; the button of somebody else's conversation says its title."""
    choice = activity.choice
    if choice is None:
        return activity.words
    return choice.payload if offered else choice.title


def _metadata(activity: Activity) -> Dict[str, str]:
    language = spoken_language(activity.locale)
    return {"locale": language} if language else {}


def _card_answer(offered: Optional[Reply], choice: Choice) -> Dict[str, Any]:
    card = offered and pressed(offered, choice.payload)
    if card:
        return {"statusCode": 200, "type": CARD, "value": card}
    said = {"type": "application/vnd.microsoft.activity.message", "value": f"✓ {choice.title}"}
    return {"statusCode": 200, **said}


def _card_error() -> Dict[str, Any]:
    error = {"code": "BadRequest", "message": "The action has no payload."}
    return {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": error}
