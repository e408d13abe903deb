"""Which messages become turns: each once, those of a sender in order, and not too many of them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from typing import Any, Awaitable, Callable, Dict, Tuple

from assistant.channels.rate_limit import RateLimit
from assistant.observability.instruments import Fault
from assistant.observability.trace import survived
from assistant.settings.rate_limit import RateLimitSettings

# A person types less; a script that sends more is told to slow down.
_RATE = "20 per 30 seconds"
_WAITING = 5
_REMEMBERED = 10_000


class SlowDownError(Exception):
    """Raised for a message that comes too soon; ``retry_after`` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Bursts:
    """Remembers who has been told to slow down, so that nobody is told for each message of a burst."""

    def __init__(self, seconds: float = 30.0) -> None:
        """A burst is over after so many seconds without a message that was too much."""
        self._seconds = seconds
        self._last: OrderedDict[str, float] = OrderedDict()

    def is_told(self, sender: str) -> bool:
        """Whether a sender has been told already; from now on they have."""
        now = time.monotonic()
        last = self._last.pop(sender, float("-inf"))
        self._last[sender] = now
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        return now - last < self._seconds


class Intake:
    """The intake of one channel; a message that it accepts is answered, even if its client goes away."""

    def __init__(self, rate: str = _RATE, waiting: int = _WAITING) -> None:
        """How many messages a sender may send (``rate``, as in the library limits) and let wait."""
        self._rate_limit = RateLimit(rate, RateLimitSettings.from_environment())
        self._waiting_limit = waiting
        self._waiting: Counter[str] = Counter()
        self._locks: Dict[str, asyncio.Lock] = {}
        self._turns: OrderedDict[Tuple[str, str], asyncio.Task] = OrderedDict()

    async def once(self, sender: str, message_id: str, turn: Callable[[], Awaitable[Any]]) -> Any:
        """The result of a turn, which is taken once for each id.

        Args:
            sender: whose message it is.
            message_id: what the client calls the message; the same id gets the same result.
            turn: takes the turn.

        Raises:
            SlowDownError: the sender sends too fast. Nothing has happened to the message.
        """
        key = (sender, message_id)
        task = self._turns.get(key)
        if task is None:
            self._admit(sender)
            task = asyncio.ensure_future(self._in_order(sender, turn))
            self._remember(key, task)
        return await asyncio.shield(task)

    def _admit(self, sender: str) -> None:
        is_full = self._waiting[sender] >= self._waiting_limit
        seconds = 1 if is_full else self._rate_limit.seconds_to_wait(sender)
        if seconds:
            survived(Fault.RATE_LIMITED)
            raise SlowDownError(seconds)

    async def _in_order(self, sender: str, turn: Callable[[], Awaitable[Any]]) -> Any:
        self._waiting[sender] += 1
        try:
            async with self._locks.setdefault(sender, asyncio.Lock()):
                return await turn()
        finally:
            self._waiting[sender] -= 1
            if not self._waiting[sender]:
                del self._waiting[sender], self._locks[sender]

    def _remember(self, key: Tuple[str, str], task: asyncio.Task) -> None:
        self._turns[key] = task
        while len(self._turns) > _REMEMBERED:
            self._turns.popitem(last=False)

        def forget_failed(done: asyncio.Task) -> None:
            if done.cancelled() or done.exception():
                self._turns.pop(key, None)

        task.add_done_callback(forget_failed)
