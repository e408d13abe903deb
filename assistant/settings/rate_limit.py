"""Where servers count the messages of a sender, from ``RATE_LIMIT_STORAGE``."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Mapping
from urllib.parse import urlsplit

from limits.errors import ConfigurationError
from limits.storage import MovingWindowSupport, storage_from_string

from assistant.settings.errors import SettingsError

IN_MEMORY = "memory://"
_KNOWN = ("memory", "redis", "rediss", "redis+unix", "redis+sentinel")
# A storage that does not answer at once would hold up everybody.
_TIMEOUT = 0.25


@dataclass(frozen=True)
class RateLimitSettings:
    """The address of the storage; it may hold a password."""

    storage: str = field(default=IN_MEMORY, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> RateLimitSettings:
        """The settings, counting in memory by default.

        Raises:
            SettingsError: the address is none of a storage that we know.
        """
        settings = cls((environment.get("RATE_LIMIT_STORAGE") or IN_MEMORY).strip())
        if not settings._is_usable():
            raise SettingsError(
                "RATE_LIMIT_STORAGE has to be the address of a Redis server, such as redis://host:6379 "
                "(docs/channels.md)."
            )
        return settings

    def open(self) -> MovingWindowSupport:
        """The storage; it connects when it is first used, and wraps its errors."""
        options = {"socket_timeout": _TIMEOUT, "socket_connect_timeout": _TIMEOUT}
        return storage_from_string(self.storage, wrap_exceptions=True, **options)

    @property
    def is_away(self) -> bool:
        """Whether the storage cannot be used at the moment."""
        return not self.open().check()

    def _is_usable(self) -> bool:
        try:
            if "://" not in self.storage or urlsplit(self.storage).scheme not in _KNOWN:
                return False
            self.open()
        except (ValueError, ConfigurationError):
            # What the library says may show the password.
            return False
        return True
