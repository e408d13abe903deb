"""Starts logs and metrics with the Rasa server; first among the channels, so that the others' logs count.

No way in for messages: Rasa lets channels have a part in the start and stop of its server.
"""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, Optional

from prometheus_client import REGISTRY, start_http_server
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic

from assistant.content import load_content
from assistant.observability import instruments
from assistant.observability.log_format import log_everything_as_json
from assistant.observability.settings import LogSettings, MetricsSettings
from assistant.observability.state import State
from assistant.observability.turn_log import turn_log


class ObservabilityChannel(InputChannel):
    """The logs of this process, and its metrics at ``METRICS_PORT``."""

    def __init__(self, metrics: Optional[MetricsSettings]) -> None:
        self._metrics = metrics

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "observability"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> ObservabilityChannel:
        """Logs at once, metrics when the server starts; both by the environment."""
        logs = LogSettings.from_environment()
        if logs.is_json:
            log_everything_as_json()
        turn_log.open(logs)
        return cls(MetricsSettings.from_environment())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """No addresses; the metrics have a port of their own, which is not public."""
        routes = Blueprint("observability")
        if self._metrics is not None:
            _add_metrics(routes, self._metrics)
        return routes


def _add_metrics(routes: Blueprint, settings: MetricsSettings) -> None:
    @routes.listener("before_server_start")
    async def start(app: Sanic, loop: Any) -> None:
        instruments.begin_with(load_content().guides)
        REGISTRY.register(State(app, loop))
        # Its thread ends with the process, so that what the last turns counted can be read.
        start_http_server(settings.port, settings.host)
