"""Settings of metrics and logs, from environment variables; see docs/metrics.md."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Mapping, Optional

from assistant.commands.environment import LOGS, ROOT
from assistant.commands.listening import host_of, port_of, reached_at
from assistant.settings.errors import SettingsError
from assistant.settings.own_secret import MIN_SECRET_LENGTH, own_secret

TURNS = LOGS / "turns.log"
_SECRET_FILE = ROOT / "var" / "log.secret"
_TEXT, _JSON = "text", "json"


@dataclass(frozen=True)
class MetricsSettings:
    """Where Prometheus reads the metrics."""

    host: str
    port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Optional[MetricsSettings]:
        """From ``METRICS_PORT`` and ``METRICS_HOST``; ``None`` without a port.

        Raises:
            CommandError: a value cannot be used, or the address is public without ``PRODUCTION``.
        """
        if not environment.get("METRICS_PORT"):
            return None
        return cls(host_of("METRICS_HOST", environment), port_of("METRICS_PORT", 0, environment))

    @property
    def url(self) -> str:
        """Where this machine reads them."""
        return f"http://{reached_at(self.host)}:{self.port}/metrics"


@dataclass(frozen=True)
class LogSettings:
    """How logs look: whether as JSON, and the secret that conversations are hashed with."""

    is_json: bool
    secret: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> LogSettings:
        """From ``LOG_FORMAT`` and ``LOG_SECRET``; without a secret, one is kept in ``var/log.secret``.

        Raises:
            SettingsError: a value cannot be used, or the secret cannot be kept.
        """
        wanted = environment.get("LOG_FORMAT") or _TEXT
        if wanted not in (_TEXT, _JSON):
            raise SettingsError(f"LOG_FORMAT={wanted} has to be {_TEXT} or {_JSON} (docs/metrics.md).")
        secret = environment.get("LOG_SECRET", "")
        if secret and len(secret) < MIN_SECRET_LENGTH:
            raise SettingsError(f"LOG_SECRET needs at least {MIN_SECRET_LENGTH} characters.")
        try:
            return cls(wanted == _JSON, secret or own_secret(_SECRET_FILE))
        except OSError as error:
            message = f"{_SECRET_FILE} cannot be kept ({error.strerror}). Set LOG_SECRET."
            raise SettingsError(message) from None
