"""Events that a message broker shall get, in the same database and transaction as the events themselves."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Dict, List

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from assistant.stores.database import Database
from assistant.stores.tables import outbox, publisher

# A server that was killed keeps the others from publishing for so long; a round of publishing is shorter.
LEASE_SECONDS = 15.0
_THE_ROW = 1


@dataclass(frozen=True)
class Waiting:
    """The events of a batch that has not been published."""

    id: int
    batch: str
    sender: str
    events: List[Dict[str, Any]]


class Outbox:
    """What is asked of the outbox; each method may block and raises SQLAlchemy's errors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, owner: str) -> bool:
        """Whether this server publishes, because no other does; events of a conversation stay in order."""
        now = time.time()
        ours = (publisher.c.owner == owner) | (publisher.c.until < now)
        claimed = {"owner": owner, "until": now + LEASE_SECONDS}
        with self._database.transaction() as connection:
            if connection.execute(publisher.update().where(ours).values(claimed)).rowcount:
                return True
            is_new = not connection.execute(sa.select(publisher.c.id)).scalars().all()
        return is_new and self._begin(claimed)

    def waiting(self, most: int) -> List[Waiting]:
        """The batches that have waited longest."""
        wanted = sa.select(outbox).order_by(outbox.c.id).limit(most)
        with self._database.transaction() as connection:
            rows = connection.execute(wanted).all()
        return [Waiting(row.id, row.batch, row.sender_id, json.loads(row.events)) for row in rows]

    def published(self, done: List[Waiting]) -> None:
        """Forget batches that the broker has confirmed."""
        with self._database.transaction() as connection:
            connection.execute(outbox.delete().where(outbox.c.id.in_([each.id for each in done])))

    def _begin(self, claimed: Dict[str, Any]) -> bool:
        try:
            with self._database.transaction() as connection:
                connection.execute(publisher.insert(), {"id": _THE_ROW, **claimed})
        except IntegrityError:
            return False
        return True
