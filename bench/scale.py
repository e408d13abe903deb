"""Turns per second of one server, beside stock Rasa with the same model: ``make bench-scale``.

Rasa server and action server share one core; load, PostgreSQL and Redis have the others. Then the
time of a turn beside many stored conversations, and in a long one.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import sqlalchemy as sa

from assistant.commands.environment import RASA, ROOT
from assistant.commands.train import ensure_model
from assistant.stores import tables
from assistant.stores.database import Database
from bench.contenders import Contender
from bench.load import MESSAGES, Served, machine, turns
from tests.services import PostgreSQL, Redis

_USERS = (1, 10, 50)
_TURNS = 400
_STORED = (1_000, 10_000, 100_000)
_STORED_TURNS = 2
_LONG_SESSION = 200
_ONE_CORE = ("taskset", "-c", "0")
_SQLITE, _POSTGRESQL = "SQLite", "PostgreSQL and Redis"
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Trained(Contender):
    """A contender with the model of this assistant."""

    @property
    def model(self) -> Path:
        return ensure_model()


_OURS = Trained("ours", "this assistant", "config.yml", "endpoints.yml", "credentials.yml", RASA)
_STOCK = Trained("stock", "stock Rasa", "config.yml", "", "bench/rasa_stock/credentials.yml")
_STOCK_ENDPOINTS = {
    _SQLITE: "bench/rasa_stock/endpoints.sqlite.yml",
    _POSTGRESQL: "bench/rasa_stock/endpoints.postgresql.yml",
}


@contextmanager
def _stores(name: str, folder: Path) -> Iterator[Dict[str, str]]:
    """The variables of the stores, which run as long as needed."""
    if name == _SQLITE:
        yield {"CONVERSATIONS_DB": str(folder / "ours.db"), "BENCH_DB": str(folder / "stock.db")}
        return
    services = [PostgreSQL(folder / "postgresql"), Redis(folder / "redis")]
    for service in services:
        service.folder.mkdir()
        service.start()
    database, redis = services
    try:
        yield {
            "CONVERSATIONS_DB": database.url,
            "LOCK_STORE": redis.url,
            "SPOOL": str(folder / "spool"),
            "BENCH_POSTGRESQL_PORT": str(database.port),
            "BENCH_REDIS_PORT": str(redis.port),
        }
    finally:
        for service in services:
            service.stop()


@contextmanager
def _served(contender: Contender, store: str) -> Iterator[Tuple[Served, Dict[str, str]]]:
    if contender is _STOCK:
        contender = replace(contender, endpoints=_STOCK_ENDPOINTS[store])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment = stack.enter_context(_stores(store, folder))
        assistant = Served(contender, folder, environment, _ONE_CORE)
        stack.callback(assistant.stop)
        turns(assistant, len(MESSAGES))
        yield assistant, environment


def _load(assistant: Served, users: int) -> Dict[str, float]:
    """Turns per second, and the 50th and 95th percentile in ms, of so many partners at once."""
    each = max(len(MESSAGES), _TURNS // users)
    started = time.perf_counter()
    with ThreadPoolExecutor(users) as pool:
        times = [ms for one in pool.map(lambda _: turns(assistant, each), range(users)) for ms in one]
    seconds = time.perf_counter() - started
    return {"turns_per_s": len(times) / seconds, "p50_ms": statistics.median(times), "p95_ms": _p95(times)}


def _p95(times: List[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _loads() -> List[str]:
    lines = ["| stores | partners at once | | turns per second | p50 | p95 |", "|---|---|---|---|---|---|"]
    for store in (_SQLITE, _POSTGRESQL):
        for contender in (_OURS, _STOCK):
            with _served(contender, store) as (assistant, _):
                for users in _USERS:
                    found = _load(assistant, users)
                    lines.append(
                        f"| {store} | {users} | {contender.title} | {found['turns_per_s']:.0f} "
                        f"| {found['p50_ms']:.0f} ms | {found['p95_ms']:.0f} ms |"
                    )
                    print(lines[-1], flush=True)
    return lines


def _growth() -> List[str]:
    lines = ["| stores | stored conversations | p50 of a turn |", "|---|---|---|"]
    for store in (_SQLITE, _POSTGRESQL):
        with _served(_OURS, store) as (assistant, environment):
            database, stored = Database(environment["CONVERSATIONS_DB"]), 0
            for wanted in _STORED:
                turns(assistant, _STORED_TURNS)
                _fill(database, wanted - stored)
                stored = wanted
                times = [ms for _ in range(25) for ms in turns(assistant, len(MESSAGES))]
                lines.append(f"| {store} | {wanted:,} | {statistics.median(times):.1f} ms |")
                print(lines[-1], flush=True)
    return lines


def _fill(database: Database, conversations: int) -> None:
    """Store copies of the latest conversation."""
    newest = sa.select(tables.events.c.sender_id).order_by(tables.events.c.id.desc()).limit(1)
    kept = sa.select(tables.events).where(tables.events.c.sender_id == newest.scalar_subquery())
    with database.transaction() as connection:
        short = [dict(row) for row in connection.execute(kept.order_by(tables.events.c.id)).mappings()]
    at_once = _ROWS_AT_ONCE // len(short)
    while conversations:
        count = min(at_once, conversations)
        senders = [uuid.uuid4().hex for _ in range(count)]
        rows = [
            {**{name: value for name, value in row.items() if name != "id"}, "sender_id": sender}
            for sender in senders
            for row in short
        ]
        with database.transaction() as connection:
            connection.execute(tables.events.insert(), rows)
        conversations -= count


def _long_session() -> str:
    with _served(_OURS, _SQLITE) as (assistant, _):
        late = turns(assistant, _LONG_SESSION)[-20:]
    return f"The last 20 of {_LONG_SESSION} turns of one conversation: p50 {statistics.median(late):.1f} ms"


def main() -> None:
    title = f"{machine()}, Rasa server and action server on one of them"
    text = "\n\n".join([title, "\n".join(_loads()), "\n".join(_growth()), _long_session()])
    folder = ROOT / "reports" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scale.md").write_text(text + "\n", encoding="utf-8")
    print(f"\n{text}\n\nWritten to {folder}")


if __name__ == "__main__":
    main()
