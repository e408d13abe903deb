"""How many messages a sender may send, counted in memory or in a storage that servers share."""

from __future__ import annotations

import logging
import math
import time

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.observability.instruments import Fault
from assistant.observability.trace import survived
from assistant.settings.rate_limit import IN_MEMORY, RateLimitSettings

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 30.0


class RateLimit:
    """Tells who has to wait. While the shared storage cannot be reached, each server counts for itself."""

    def __init__(self, rate: str, settings: RateLimitSettings) -> None:
        """``rate`` is in words of the library limits, such as "20 per 30 seconds"."""
        self._rate: RateLimitItem = parse(rate)
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = None if settings.storage == IN_MEMORY else MovingWindowRateLimiter(settings.open())
        self._shared_from = 0.0

    def seconds_to_wait(self, sender: str) -> int:
        """Whole seconds until a sender may send; 0 if they may now, which counts as sent."""
        if self._shared is not None and time.monotonic() >= self._shared_from:
            try:
                return self._wait(self._shared, sender)
            except StorageError as error:
                self._shared_from = time.monotonic() + _RETRY_SECONDS
                survived(Fault.RATE_LIMIT_STORE_AWAY)
                # The message of the error may name the address with its password.
                logger.error(
                    "RATE_LIMIT_STORAGE cannot be reached (%s); this server counts messages for itself.",
                    type(error.storage_error).__name__,
                )
        return self._wait(self._own, sender)

    def _wait(self, limiter: MovingWindowRateLimiter, sender: str) -> int:
        if limiter.hit(self._rate, sender):
            return 0
        reset = limiter.get_window_stats(self._rate, sender).reset_time
        return max(1, math.ceil(reset - time.time()))
