"""One turn at a time for each conversation, also among several servers.

Rasa's Redis lock (3.6.21) hands out tickets by reading, changing and writing a list, so that two
servers can get the same one, waits in steps of a second, and fails every turn while Redis is away.
This one uses the lock of redis-py. While Redis is away, each server orders its own turns.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import Counter
from contextlib import asynccontextmanager
from typing import Any, AsyncGenerator, Dict, Optional

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from assistant.observability.instruments import Fault
from assistant.observability.trace import survived

logger = logging.getLogger(__name__)

# A turn takes less; a server that was killed holds a conversation no longer than this.
_LIFETIME_SECONDS = 20.0
_STEP_SECONDS = 0.05
_TIMEOUT_SECONDS = 0.5
_RETRY_SECONDS = 5.0


class ConversationLocks(LockStore):
    """Locks in this process, and in the Redis that ``LOCK_STORE`` names, if any."""

    def __init__(self, *_: Any, **__: Any) -> None:
        address = os.environ.get("LOCK_STORE")
        self._redis = _client(address) if address else None
        self._shared_from = 0.0
        self._own: Dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    @property
    def is_shared(self) -> bool:
        """Whether other servers take part at the moment, if they should."""
        return self._redis is None or time.monotonic() >= self._shared_from

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, *_: Any, **__: Any
    ) -> AsyncGenerator[Optional[TicketLock], None]:
        """Hold a conversation; others wait in the order in which they came to this server."""
        self._waiting[conversation_id] += 1
        try:
            async with self._own.setdefault(conversation_id, asyncio.Lock()):
                shared = await self._acquire(conversation_id)
                try:
                    yield None
                finally:
                    await self._release(shared)
        finally:
            self._waiting[conversation_id] -= 1
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id], self._own[conversation_id]

    async def _acquire(self, conversation_id: str) -> Optional[Lock]:
        if self._redis is None or not self.is_shared:
            return None
        lock = self._redis.lock(f"lock:{conversation_id}", timeout=_LIFETIME_SECONDS, sleep=_STEP_SECONDS)
        try:
            return lock if await lock.acquire(blocking_timeout=_LIFETIME_SECONDS) else None
        except (RedisError, OSError) as error:
            self._do_without(error)
            return None

    async def _release(self, lock: Optional[Lock]) -> None:
        if lock is None:
            return
        try:
            await lock.release()
        except LockError:
            logger.warning("A turn took longer than its lock of %.0f s.", _LIFETIME_SECONDS)
        except (RedisError, OSError) as error:
            self._do_without(error)

    def _do_without(self, error: Exception) -> None:
        self._shared_from = time.monotonic() + _RETRY_SECONDS
        survived(Fault.LOCK_STORE_AWAY)
        # The message of the error may name the address.
        logger.error("LOCK_STORE cannot be reached (%s); each server goes on alone.", type(error).__name__)


def _client(address: str) -> Redis:
    return Redis.from_url(
        address,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        health_check_interval=10,
    )
