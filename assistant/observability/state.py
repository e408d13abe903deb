"""The metrics that are read when Prometheus asks: how things are at that moment."""

from __future__ import annotations

import asyncio
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import suppress
from typing import Any, Iterator, List

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sanic import Sanic
from sqlalchemy.exc import SQLAlchemyError

from assistant.channels.health import CHECKS, readiness
from assistant.helpdesk.tickets import Tickets
from assistant.stores.conversations import inside

# A check takes at most three; Prometheus gives up after ten.
_SECONDS = 5.0


class State(Collector):
    """Readiness, as of ``/health/ready``, and what the conversation store holds."""

    def __init__(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        """``loop`` is that of the server; metrics are read in a thread of their own."""
        self._app = app
        self._loop = loop

    def describe(self) -> List[Metric]:
        """Nothing: the registry shall not collect to learn the names."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The metrics of this moment."""
        agent = getattr(self._app.ctx, "agent", None)
        yield self._readiness(agent)
        if agent is None:
            return
        store = inside(agent.tracker_store)
        yield _gauge("database_away", "Whether the database is away.", store.is_away)
        yield _gauge("spool_batches", "Batches of events that wait for the database.", store.waiting)
        yield _gauge("conversations_in_memory", "Sessions kept for when it is away.", store.remembered)
        if not store.is_away:
            with suppress(SQLAlchemyError):
                yield _tickets(Tickets(store.database))

    def _readiness(self, agent: Any) -> Metric:
        asked = asyncio.run_coroutine_threadsafe(readiness(agent), self._loop)
        try:
            checks = asked.result(_SECONDS)
        except TookTooLong:
            asked.cancel()
            checks = dict.fromkeys(CHECKS, False)
        ready = GaugeMetricFamily(
            "assistant_ready", "Whether a part that every turn needs answers.", labels=["check"]
        )
        for check, passes in checks.items():
            ready.add_metric([check], float(passes))
        return ready


def _tickets(tickets: Tickets) -> Metric:
    stored = GaugeMetricFamily(
        "assistant_tickets", "Tickets that are stored, by what has become of them.", labels=["delivery"]
    )
    for delivery, count in tickets.count().items():
        stored.add_metric([delivery], float(count))
    return stored


def _gauge(name: str, description: str, value: float) -> Metric:
    return GaugeMetricFamily(f"assistant_{name}", description, value=float(value))
