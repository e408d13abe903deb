"""Conversations in an SQL database, SQLite or PostgreSQL: plain, blocking, idempotent.

The table is Rasa's, so that its tools read it. A batch of events is written once, however often it
is tried: its id is written in the same transaction.
"""

from __future__ import annotations

import json
import select
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List

import sqlalchemy as sa
from rasa.shared.core.events import BotUttered, SessionStarted, UserUttered
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.pool import QueuePool

from assistant.stores import patience, tables
from assistant.stores.patience import SECONDS
from assistant.stores.tables import TICKET_SLOT, batches, events, outbox, tickets

# Kept open of each kind, those that read and those that write; there may be more for a while.
_CONNECTIONS = 5
_SAID = (UserUttered.type_name, BotUttered.type_name)
_KEPT_BATCHES_SECONDS = 24 * 60 * 60
_LONG_QUERY_SECONDS = 60


@dataclass(frozen=True)
class Row:
    """An event as a row of Rasa's table; ``data`` is its JSON."""

    type_name: str
    timestamp: float
    intent_name: str | None
    action_name: str | None
    data: str

    @property
    def is_said(self) -> bool:
        """Whether one of the two sides said something."""
        return self.type_name in _SAID


@dataclass(frozen=True)
class Batch:
    """New events of one conversation, stored together; ``forgets``: instead of all that there are."""

    id: str
    sender: str
    rows: List[Row]
    forgets: bool = False


class Database:
    """What is asked of the database; each method may block and raises SQLAlchemy's errors."""

    def __init__(self, address: str, publishes: bool = False) -> None:
        """Connects when it is first used.

        Args:
            address: the path of an SQLite file, or an address such as ``postgresql://user@host/name``.
            publishes: whether a message broker shall get the events too.
        """
        self._publishes = publishes
        self.engine = _engine(address)
        # Connections on which a query is a transaction by itself, which halves its time.
        self._reader = _engine(address, isolation_level="AUTOCOMMIT")
        self._is_prepared = False
        self._preparing = threading.Lock()

    def rows(self, sender: str, all_sessions: bool = False) -> List[str]:
        """The events of the latest session, or of all, as JSON in their order."""
        wanted = sa.select(events.c.data).where(events.c.sender_id == sender)
        if not all_sessions:
            started = sa.select(sa.func.max(events.c.timestamp)).where(
                events.c.sender_id == sender, events.c.type_name == SessionStarted.type_name
            )
            wanted = wanted.where(events.c.timestamp >= sa.func.coalesce(started.scalar_subquery(), 0))
        return self._all(wanted.order_by(events.c.id))

    def said(self, sender: str, after: int = 0) -> List[str]:
        """What both sides said in all sessions, as JSON, without the first ``after`` messages."""
        wanted = sa.select(events.c.data).where(events.c.sender_id == sender, events.c.type_name.in_(_SAID))
        return self._all(wanted.order_by(events.c.id).offset(after))

    def count(self, sender: str) -> int:
        """How many messages both sides said in all sessions."""
        counted = sa.select(sa.func.count()).where(
            events.c.sender_id == sender, events.c.type_name.in_(_SAID)
        )
        return int(self._all(counted)[0])

    def senders(self) -> List[str]:
        """Whose conversations there are."""
        return self._all(sa.select(events.c.sender_id).distinct())

    def write(self, batch: Batch) -> None:
        """Write a batch; nothing happens if it is there already."""
        try:
            with self.transaction() as connection:
                connection.execute(batches.insert(), {"id": batch.id, "saved_at": time.time()})
                if batch.forgets:
                    _delete(connection, batch.sender)
                rows = [{"sender_id": batch.sender, **asdict(row)} for row in batch.rows]
                connection.execute(events.insert(), rows)
                for ticket in _new_tickets(batch):
                    connection.execute(tickets.insert(), ticket)
                if self._publishes:
                    connection.execute(outbox.insert(), _for_broker(batch))
        except IntegrityError:
            if not self._has(batch):
                raise
        if batch.forgets:
            self.sweep()

    def delete(self, sender: str) -> int:
        """Delete a conversation; returns how many events it had."""
        with self.transaction() as connection:
            return _delete(connection, sender)

    def idle(self, before: float) -> List[str]:
        """Whose conversations had no event since a time."""
        wanted = sa.select(events.c.sender_id).group_by(events.c.sender_id)
        with patience.at_most(_LONG_QUERY_SECONDS), self.transaction() as connection:
            if self.engine.name == "postgresql":
                connection.execute(sa.text(f"SET LOCAL statement_timeout = '{_LONG_QUERY_SECONDS}s'"))
            found = connection.execute(wanted.having(sa.func.max(events.c.timestamp) < before))
            return found.scalars().all()

    def delete_idle(self, sender: str, before: float) -> int:
        """Delete a conversation if it still had no event since a time; returns how many events it had."""
        later = events.alias()
        is_used = sa.exists().where(later.c.sender_id == sender, later.c.timestamp >= before)
        with self.transaction() as connection:
            return _delete(connection, sender, ~is_used)

    def sweep(self) -> None:
        """Let nothing that was deleted stay in the files of SQLite, as far as nobody reads there now."""
        if self.engine.name == "sqlite":
            with suppress(OperationalError), self._connection() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def probe(self) -> None:
        """Write something, and forget what no batch will be tried again for."""
        with self.transaction() as connection:
            old = batches.c.saved_at < time.time() - _KEPT_BATCHES_SECONDS
            connection.execute(batches.delete().where(old))
            connection.execute(batches.insert(), {"id": "probe", "saved_at": time.time()})
            connection.execute(batches.delete().where(batches.c.id == "probe"))

    def _has(self, batch: Batch) -> bool:
        return bool(self._all(sa.select(batches.c.id).where(batches.c.id == batch.id)))

    def _all(self, wanted: Any) -> List[Any]:
        self.prepare()
        with self._reader.connect() as connection:
            return connection.execute(wanted).scalars().all()

    def prepare(self) -> None:
        """Create the tables, unless they are known to be there."""
        with self._preparing:
            if not self._is_prepared:
                tables.metadata.create_all(self.engine, tables=tables.ALL)
                self._is_prepared = True

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection whose changes all happen, or none."""
        with self._connection() as connection, connection.begin():
            yield connection

    def _connection(self) -> Connection:
        """A connection to tables that are there; the database may have been away when we started."""
        self.prepare()
        return self.engine.connect()


def _delete(connection: Connection, sender: str, *conditions: Any) -> int:
    """Delete a conversation, also what waits to be published; returns how many events it had."""
    gone = connection.execute(events.delete().where(events.c.sender_id == sender, *conditions)).rowcount
    if gone or not conditions:
        for table in (outbox, tickets):
            connection.execute(table.delete().where(table.c.sender_id == sender))
    return gone


def _new_tickets(batch: Batch) -> Iterator[Dict[str, Any]]:
    """The tickets that a turn has made: stored with it, so that neither is lost or doubled."""
    for row in batch.rows:
        body = json.loads(row.data)["value"] if row.action_name == TICKET_SLOT else None
        if body:
            yield {
                "reference": body["reference"],
                "sender_id": batch.sender,
                "created_at": body["created_at"],
                "body": json.dumps(body),
                "status": "open",
                "delivery": "waiting",
            }


def _for_broker(batch: Batch) -> Dict[str, Any]:
    waiting = json.dumps([json.loads(row.data) for row in batch.rows])
    return {"batch": batch.id, "sender_id": batch.sender, "events": waiting}


def _engine(address: str, **more: Any) -> Engine:
    if "://" not in address:
        path = Path(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        address = f"sqlite:///{path}"
    is_sqlite = address.startswith("sqlite")
    options: Dict[str, Any] = {"check_same_thread": False} if is_sqlite else _postgresql_options()
    engine = sa.create_engine(
        address,
        # Rasa opens a new connection to SQLite for every query; keeping one saves a third of the time.
        poolclass=QueuePool,
        pool_size=_CONNECTIONS,
        pool_timeout=SECONDS,
        connect_args=options,
        future=True,
        **more,
    )
    if is_sqlite:
        sa.event.listen(engine, "connect", _prepare_sqlite)
    else:
        patience.install()
        sa.event.listen(engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    """Open new connections where the server has closed the old ones; asking it each time takes a while.

    Raises:
        InvalidatePoolError: there is something to read on a connection that waits for nothing: its end.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        raise InvalidatePoolError


def _postgresql_options() -> Dict[str, Any]:
    milliseconds = SECONDS * 1000
    return {
        "tcp_user_timeout": milliseconds,
        "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
        "application_name": "partner-support-assistant",
    }


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Write-ahead mode lets a reader go on while a turn is written, and survives a killed process.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    # What is deleted is overwritten.
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute(f"PRAGMA busy_timeout={SECONDS * 500}")
