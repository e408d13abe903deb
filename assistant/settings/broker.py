"""The message broker that other programs get the events from, from ``EVENTS_BROKER`` and ``EVENTS_QUEUE``."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Mapping, Optional
from urllib.parse import urlsplit

from assistant.settings.errors import SettingsError

_DEFAULT_QUEUE = "partner_support_events"


@dataclass(frozen=True)
class BrokerSettings:
    """The address of a RabbitMQ server, which may hold a password, and the name of a queue."""

    address: str = field(repr=False)
    queue: str = _DEFAULT_QUEUE

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Optional[BrokerSettings]:
        """The settings, if a broker is used.

        Raises:
            SettingsError: the address is none of RabbitMQ.
        """
        address = (environment.get("EVENTS_BROKER") or "").strip()
        if not address:
            return None
        if not _is_usable(address):
            raise SettingsError(
                "EVENTS_BROKER has to be the address of a RabbitMQ server, such as "
                "amqp://user:password@host:5672/ (docs/channels.md)."
            )
        return cls(address, (environment.get("EVENTS_QUEUE") or _DEFAULT_QUEUE).strip())


def _is_usable(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("amqp", "amqps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
