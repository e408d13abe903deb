"""Where servers count the messages of a sender, from ``RATE_LIMIT_STORAGE``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Mapping
from urllib.parse import urlsplit

from assistant.channel_settings.errors import SettingsError

IN_MEMORY = "memory://"
_KNOWN = ("memory", "redis", "rediss", "redis+unix", "redis+sentinel", "redis+cluster")


@dataclass(frozen=True)
class RateLimitSettings:
    """The address of the storage; it may hold a password."""

    storage: str = IN_MEMORY

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> RateLimitSettings:
        """The settings, counting in memory by default.

        Raises:
            SettingsError: the address is none of a storage that we know.
        """
        storage = (environment.get("RATE_LIMIT_STORAGE") or IN_MEMORY).strip()
        if urlsplit(storage).scheme not in _KNOWN or "://" not in storage:
            raise SettingsError(
                "RATE_LIMIT_STORAGE has to be the address of a Redis server, such as redis://host:6379 "
                "(docs/channels.md)."
            )
        return cls(storage)
