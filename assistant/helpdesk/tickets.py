"""Tickets in the database of the conversations, where each is stored together with the turn that made it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional

import sqlalchemy as sa

from assistant.helpdesk.ticket import CLOSED, OPEN, Ticket
from assistant.stores.database import Database
from assistant.stores.tables import tickets as table

# Whether a desk has a ticket: not yet, yes, or never without somebody's help.
WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"
# A server that was killed keeps the others from delivering its ticket for so long; an attempt is shorter.
LEASE_SECONDS = 120.0
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 900.0
_TRIED_SECONDS = 3 * 24 * 60 * 60
_AT_ONCE = 20
# How many of the newest tickets are asked after.
_FOLLOWED = 200


@dataclass(frozen=True)
class Filed:
    """A ticket and what has become of it.

    Attributes:
        ticket: what was known when it was made.
        status: open, answered or closed.
        delivery: waiting, delivered or dead.
        desk_reference: what the desk calls it.
        attempts: how often it was tried to deliver it.
        last_error: why the last attempt failed.
    """

    ticket: Ticket
    status: str
    delivery: str
    desk_reference: Optional[str] = None
    attempts: int = 0
    last_error: Optional[str] = None

    @property
    def state(self) -> str:
        """What a partner is told: ``open``, ``waiting``, ``answered`` or ``closed``."""
        is_delayed = self.delivery != DELIVERED and self.last_error
        return WAITING if self.status == OPEN and is_delayed else self.status

    def as_dict(self) -> Dict[str, Any]:
        """What a partner may know, for the metadata of a message."""
        return {
            "reference": self.ticket.reference,
            "created_at": self.ticket.created_at,
            "state": self.state,
        }


class Tickets:
    """What is asked about tickets; each method may block and raises SQLAlchemy's errors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, sender: str) -> List[Filed]:
        """The tickets of a partner, the oldest first."""
        return self._find(table.c.sender_id == sender)

    def get(self, reference: str) -> Optional[Filed]:
        """The ticket with a reference."""
        return next(iter(self._find(table.c.reference == reference)), None)

    def claim(self) -> Optional[Filed]:
        """The ticket that has waited longest for its next attempt, for this server alone to deliver.

        A server that is killed meanwhile leaves it to the others after :data:`LEASE_SECONDS`.
        """
        now = time.time()
        due = self._find(table.c.delivery == WAITING, table.c.next_try_at <= now, limit=_AT_ONCE)
        for filed in due:
            ours = (table.c.delivery == WAITING) & (table.c.attempts == filed.attempts)
            attempt = {"attempts": filed.attempts + 1, "next_try_at": now + LEASE_SECONDS}
            if self._change(filed, attempt, ours):
                return replace(filed, attempts=filed.attempts + 1)
        return None

    def delivered(self, filed: Filed, desk_reference: str) -> None:
        """Note that a desk has a ticket."""
        self._change(filed, {"delivery": DELIVERED, "desk_reference": desk_reference, "last_error": None})

    def failed(self, filed: Filed, reason: str, is_final: bool) -> None:
        """Note that an attempt failed; the next one is later each time, until somebody has to help."""
        now = time.time()
        is_dead = is_final or filed.ticket.created_at < now - _TRIED_SECONDS
        pause = min(_FIRST_PAUSE * 2 ** (filed.attempts - 1), _LONGEST_PAUSE)
        state = {"delivery": DEAD if is_dead else WAITING, "next_try_at": now + pause}
        self._change(filed, {**state, "last_error": reason})

    def revive(self) -> int:
        """Have dead tickets delivered after all; returns how many there were."""
        values = {"delivery": WAITING, "next_try_at": 0.0}
        with self._database.transaction() as connection:
            return connection.execute(table.update().where(table.c.delivery == DEAD).values(values)).rowcount

    def unsettled(self) -> List[Filed]:
        """The newest tickets that a desk has and has not closed."""
        return self._find(table.c.delivery == DELIVERED, table.c.status != CLOSED, limit=-_FOLLOWED)

    def settle(self, filed: Filed, status: str) -> None:
        """Note what has become of a ticket at its desk."""
        self._change(filed, {"status": status})

    def count(self) -> Dict[str, int]:
        """How many tickets there are, by their delivery."""
        counted = sa.select(table.c.delivery, sa.func.count()).group_by(table.c.delivery)
        with self._database.transaction() as connection:
            return {**dict.fromkeys((WAITING, DELIVERED, DEAD), 0), **dict(connection.execute(counted).all())}

    def newest(self, most: int) -> List[Filed]:
        """The newest tickets, the oldest of them first."""
        return self._find(limit=-most)

    def _change(self, filed: Filed, values: Mapping[str, Any], *conditions: Any) -> bool:
        """Whether a ticket was changed: it may have been deleted, or no longer meet the conditions."""
        this = table.c.reference == filed.ticket.reference
        with self._database.transaction() as connection:
            return bool(connection.execute(table.update().where(this, *conditions).values(values)).rowcount)

    def _find(self, *conditions: Any, limit: Optional[int] = None) -> List[Filed]:
        """Tickets, the oldest first; a negative limit takes the newest ones."""
        is_newest = limit is not None and limit < 0
        order = table.c.created_at.desc() if is_newest else table.c.created_at
        wanted = sa.select(table).where(*conditions).order_by(order).limit(abs(limit) if limit else None)
        with self._database.transaction() as connection:
            found = [_filed(row) for row in connection.execute(wanted).all()]
        return found[::-1] if is_newest else found


def _filed(row: Any) -> Filed:
    ticket = Ticket.from_dict(json.loads(row.body))
    return Filed(ticket, row.status, row.delivery, row.desk_reference, row.attempts, row.last_error)
