"""Publishing events to RabbitMQ, each at least once and those of a conversation in order.

Rasa's own broker for RabbitMQ (3.6.21) keeps what it could not publish in memory, so that a killed
server loses it, and does not start while RabbitMQ is away. Here events wait in the outbox of the
database until RabbitMQ has confirmed them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any, AsyncIterator, Callable, Iterator, List, Optional

import aio_pika
from aio_pika.abc import AbstractChannel

from assistant.settings import BrokerSettings
from assistant.stores.outbox import Outbox, Waiting

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 5.0
_BATCHES = 100
# How soon another server's events are seen, and how often the broker is tried.
_POLL_SECONDS = 1.0


class Publisher:
    """Publishes as long as the process runs; begins with :meth:`start`."""

    def __init__(self, settings: BrokerSettings, outbox: Outbox) -> None:
        self._settings = settings
        self._outbox = outbox
        self._owner = uuid.uuid4().hex
        self._thread = ThreadPoolExecutor(1, "publisher")
        self._has_news = asyncio.Event()
        self._task: Optional[asyncio.Task] = None
        self.is_connected = False

    def start(self) -> None:
        """Publish in the background, whether or not the broker is there already."""
        self._task = asyncio.ensure_future(self._run())

    def wake(self) -> None:
        """There is something to publish."""
        self._has_news.set()

    async def _run(self) -> None:
        is_known_away = False
        while True:
            try:
                async with self._channel() as channel:
                    self.is_connected, is_known_away = True, False
                    await self._publish_from(channel)
            except Exception as error:
                if not is_known_away:
                    # Its message may hold the address.
                    logger.error("EVENTS_BROKER is away (%s); events wait.", type(error).__name__)
                is_known_away = True
            self.is_connected = False
            await asyncio.sleep(_POLL_SECONDS)

    @asynccontextmanager
    async def _channel(self) -> AsyncIterator[AbstractChannel]:
        """A channel to the broker; a frozen one holds nobody up, neither at the beginning nor at the end."""
        broker = await aio_pika.connect(self._settings.address, timeout=_TIMEOUT_SECONDS)
        try:
            channel = await asyncio.wait_for(broker.channel(publisher_confirms=True), _TIMEOUT_SECONDS)
            await self._declare(channel)
            yield channel
        finally:
            with suppress(Exception):
                await asyncio.wait_for(broker.close(), _TIMEOUT_SECONDS)

    async def _declare(self, channel: AbstractChannel) -> None:
        await asyncio.wait_for(channel.declare_queue(self._settings.queue, durable=True), _TIMEOUT_SECONDS)

    async def _publish_from(self, channel: AbstractChannel) -> None:
        """Publish whatever comes into the outbox, until something fails."""
        while True:
            self._has_news.clear()
            waiting = []
            if await self._ask(self._outbox.claim, self._owner):
                waiting = await self._ask(self._outbox.waiting, _BATCHES)
                await asyncio.wait_for(self._publish(channel, waiting), _TIMEOUT_SECONDS)
                await self._ask(self._outbox.published, waiting)
            if not waiting:
                await self._wait(channel)

    async def _publish(self, channel: AbstractChannel, waiting: List[Waiting]) -> None:
        for batch in waiting:
            for message in _messages(batch):
                await channel.default_exchange.publish(message, self._settings.queue)

    async def _wait(self, channel: AbstractChannel) -> None:
        """Wait for news, also from other servers; notice that the broker has gone."""
        try:
            await asyncio.wait_for(self._has_news.wait(), _POLL_SECONDS)
        except asyncio.TimeoutError:
            await self._declare(channel)

    async def _ask(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


def _messages(batch: Waiting) -> Iterator[aio_pika.Message]:
    """One message an event, with an id by which a consumer knows what it has got already."""
    for number, event in enumerate(batch.events):
        yield aio_pika.Message(
            json.dumps({"sender_id": batch.sender, **event}).encode(),
            message_id=f"{batch.batch}-{number}",
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
