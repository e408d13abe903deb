"""Conversations in an SQLite file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy import event

DEFAULT_FILE = Path("var/conversations.db")


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store on a file named by ``CONVERSATIONS_DB``, in write-ahead mode.

    Write-ahead mode lets a reader go on while a turn is written, and survives a killed process.
    """

    def __init__(
        self, domain: Optional[Domain] = None, event_broker: Optional[EventBroker] = None, **kwargs: Any
    ) -> None:
        path = Path(os.environ.get("CONVERSATIONS_DB", DEFAULT_FILE))
        path.parent.mkdir(parents=True, exist_ok=True)
        kwargs.pop("host", None)
        super().__init__(domain=domain, dialect="sqlite", db=str(path), event_broker=event_broker, **kwargs)
        event.listen(self.engine, "connect", _prepare)
        self.engine.dispose()


def _prepare(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=5000")
