"""From what somebody said to the messages that answer it."""

from __future__ import annotations

import itertools
import logging
from functools import partial
from typing import Any, Callable, Dict, Iterable, List, Optional

from rasa.core.tracker_store import TrackerStore

from assistant.apology import apology
from assistant.channels.inbound import offered_title
from assistant.channels.inbox import Receipt
from assistant.channels.intake import Bursts, Intake, SlowDownError
from assistant.channels.replies import Reply
from assistant.channels.slack.payloads import Message
from assistant.channels.slack.render import answered, render
from assistant.channels.slack.web_api import WebApi, code_of
from assistant.channels.turns import RECEIPT, Handler, Incoming, greet, phrase, take_turn, unsent
from assistant.observability.instruments import Fault
from assistant.observability.trace import survived
from assistant.observability.turns import sending
from assistant.processor import AnsweredError

logger = logging.getLogger(__name__)

CHANNEL = "slack"


class Answering:
    """Answers each message once and in order."""

    def __init__(self, api: WebApi, on_new_message: Handler, store: Callable[[], TrackerStore]) -> None:
        self._api = api
        self._on_new_message = on_new_message
        self._store = store
        self._intake = Intake()
        self._bursts = Bursts()

    async def answer(self, message: Message, receipt: Receipt) -> None:
        """Answer a message; what goes wrong is logged. The receipt stays open if the server stops before."""
        try:
            if not message.opens or await self._store().retrieve(message.sender) is None:
                await self._intake.once(message.sender, message.id, partial(self._turn, message, receipt))
        except SlowDownError:
            await self._slow_down(message)
        except Exception as error:
            survived(Fault.NOT_SENT)
            logger.error("Slack: a message was not answered: %s.", code_of(error))
        receipt.close()

    async def _turn(self, message: Message, receipt: Receipt) -> None:
        try:
            replies = await self._replies(message, receipt)
        except AnsweredError as repeated:
            replies = unsent(repeated, receipt.token)
        await self._post(message, replies, receipt)

    async def _replies(self, message: Message, receipt: Receipt) -> List[Reply]:
        """The replies, at least one.

        Raises:
            AnsweredError: the message has been answered.
        """
        locale = await self._api.locale(message.team, message.user)
        metadata = {RECEIPT: receipt.token, **({"locale": locale} if locale else {})}
        try:
            replies = await self._said(message, metadata)
        except AnsweredError:
            raise
        except Exception as error:
            logger.error("Slack: a turn failed: %s.", code_of(error))
            replies = []
        return replies or [apology(await self._store().retrieve(message.sender), locale)]

    async def _said(self, message: Message, metadata: Dict[str, Any]) -> List[Reply]:
        if message.opens or (message.calls and not message.text):
            return await greet(self._on_new_message, message.sender, CHANNEL, metadata, message.id)
        text = await self._press(message) if message.press else message.text
        incoming = Incoming(message.sender, text, CHANNEL, metadata, message.id)
        return await take_turn(self._on_new_message, self._store(), incoming)

    async def _press(self, message: Message) -> str:
        """What a press says: the payload, after which the buttons are gone.

        Somebody else's button, or one of a conversation that was deleted, says its title.
        """
        press = message.press
        tracker = await self._store().retrieve_full_tracker(message.sender)
        if offered_title(message.text, tracker) is None:
            return press.title or message.text
        try:
            changed = answered(press.blocks, press.text, press.title)
            await self._api.replace(message.channel, press.message_ts, changed)
        except Exception as error:
            logger.warning("Slack: the buttons of a message stay: %s.", code_of(error))
        return message.text

    async def _post(
        self, message: Message, replies: Iterable[Reply], receipt: Optional[Receipt] = None
    ) -> None:
        """Post what a killed server has not posted yet."""
        with sending(CHANNEL):
            channel = message.channel or await self._api.direct_channel(message.user)
            posted = await self._posted(message, channel, receipt) if receipt else 0
            for rendered in itertools.islice(render(replies), posted, None):
                await self._api.post(channel, message.thread, rendered, receipt and receipt.token)
                if receipt:
                    receipt.note_sent()

    async def _posted(self, message: Message, channel: str, receipt: Receipt) -> int:
        """How many messages a killed server has posted, the last one perhaps without noting it."""
        if not receipt.is_left:
            return 0
        return max(receipt.sent, await self._api.count_posted(channel, message.thread, receipt.token))

    async def _slow_down(self, message: Message) -> None:
        if self._bursts.is_told(message.sender) or message.opens:
            return
        try:
            await self._say("slow_down", message, await self._api.locale(message.team, message.user))
        except Exception as error:
            logger.error("Slack: a message was not answered: %s.", code_of(error))

    async def _say(self, name: str, message: Message, locale: Optional[str]) -> None:
        tracker = await self._store().retrieve(message.sender)
        await self._post(message, [{"text": phrase(name, tracker, locale)}])
