"""The tracker store that Rasa uses: it goes on while the database is away, and loses nothing.

Stock Rasa 3.6.21 calls the database in its event loop, so that one slow query stops everybody;
when the database fails, it goes on with an empty memory and never writes what happened meanwhile.
Here queries run in threads with a time limit. While the database is away, sessions come from
memory, and new events go to a file; when it is back, they are written, once and in order.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Dict, Iterable, List, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, Restarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from assistant.helpdesk.tickets import Tickets
from assistant.observability.instruments import Fault, Stage
from assistant.observability.trace import stage, survived
from assistant.settings import BrokerSettings
from assistant.stores.database import Batch, Database, Row
from assistant.stores.outbox import Outbox
from assistant.stores.patience import SECONDS
from assistant.stores.places import database_address, spool_folder
from assistant.stores.publisher import Publisher
from assistant.stores.recent import Recent
from assistant.stores.retention import start_expiring
from assistant.stores.spool import Spool

logger = logging.getLogger(__name__)

_THREADS = 8
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0


class AwayError(Exception):
    """Raised while the database does not answer."""


class ConversationStore(TrackerStore):
    """Conversations in the database that ``CONVERSATIONS_DB`` names."""

    def __init__(
        self, domain: Optional[Domain] = None, event_broker: Optional[EventBroker] = None, **kwargs: Any
    ) -> None:
        kwargs.pop("host", None)
        super().__init__(domain, event_broker, **kwargs)
        broker = BrokerSettings.from_environment()
        self.database = Database(database_address(), publishes=broker is not None)
        self.publisher = Publisher(broker, Outbox(self.database)) if broker else None
        self._spool = Spool(spool_folder())
        self._recent = Recent()
        self._threads = ThreadPoolExecutor(_THREADS, "database")
        self._returning: Optional[asyncio.Task] = None
        # What an earlier process could not write comes first.
        self.is_away = len(self._spool) > 0 or not self._is_prepared()
        if self.is_away:
            self._await_return()
        self._expiring = start_expiring(self.database)
        if self.publisher:
            self.publisher.start()

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker of the latest session, which remembers how many of its events are stored."""
        with stage(Stage.LOAD):
            try:
                rows = await self._ask(self.database.rows, sender_id)
                self._recent.remember(sender_id, rows)
            except AwayError:
                rows = self._recent.rows(sender_id)
            return self._tracker(sender_id, rows)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The tracker of all sessions; only the latest while the database is away."""
        with stage(Stage.LOAD):
            try:
                rows = await self._ask(self.database.rows, conversation_id, True)
            except AwayError:
                rows = self._recent.rows(conversation_id)
            return self._tracker(conversation_id, rows)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the events that are new; a restart among them deletes what was before the reply."""
        with stage(Stage.STORE):
            await self._save(tracker)

    async def _save(self, tracker: DialogueStateTracker) -> None:
        stored = getattr(tracker, "stored_events", 0)
        events = list(itertools.islice(tracker.events, stored, None))
        if not events:
            return
        await self.stream_events(tracker)
        forgets = any(isinstance(event, Restarted) for event in events)
        rows = [_row(event) for event in (_unheard(events) if forgets else events)]
        batch = Batch(uuid.uuid4().hex, tracker.sender_id, rows, forgets)
        self._recent.add(batch)
        try:
            await self._ask(self.database.write, batch)
        except AwayError:
            self._spool.append(batch)
            survived(Fault.SPOOLED)
        if self.publisher:
            self.publisher.wake()
        tracker.stored_events = stored + len(events)

    async def keys(self) -> Iterable[str]:
        """Whose conversations there are; nobody's while the database is away."""
        try:
            return await self._ask(self.database.senders)
        except AwayError:
            return []

    async def said(self, sender_id: str, after: int = 0) -> List[Event]:
        """What both sides said in all sessions, without the first ``after`` messages."""
        try:
            rows = await self._ask(self.database.said, sender_id, after)
        except AwayError:
            said = [
                row for row in self._recent.rows(sender_id) if json.loads(row)["event"] in ("user", "bot")
            ]
            before = (self._recent.said(sender_id) or len(said)) - len(said)
            rows = said[max(after - before, 0) :]
        return [Event.from_parameters(json.loads(row)) for row in rows]

    async def count(self, sender_id: str) -> int:
        """How many messages both sides said."""
        try:
            return self._recent.said(sender_id, await self._ask(self.database.count, sender_id)) or 0
        except AwayError:
            return self._recent.said(sender_id) or len(await self.said(sender_id))

    async def tickets(self, sender_id: str) -> Optional[List[Dict[str, Any]]]:
        """A partner's tickets, the oldest first; ``None`` while the database is away."""
        try:
            filed = await self._ask(Tickets(self.database).of, sender_id)
        except AwayError:
            return None
        return [each.as_dict() for each in filed]

    async def check(self) -> bool:
        """Whether the database takes what is written."""
        try:
            await self._ask(self.database.probe)
        except AwayError:
            return False
        return True

    @property
    def waiting(self) -> int:
        """How many batches of events wait for the database."""
        return len(self._spool)

    @property
    def remembered(self) -> int:
        """How many sessions are in memory, for the time when the database is away."""
        return len(self._recent)

    def _is_prepared(self) -> bool:
        try:
            self.database.prepare()
        except (SQLAlchemyError, OSError) as error:
            self._note_absence(error)
            return False
        return True

    async def _ask(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """The result of work for the database.

        Raises:
            AwayError: the database is away, or did not answer in time.
        """
        loop = asyncio.get_running_loop()
        if self.is_away:
            self._await_return()
            raise AwayError
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._threads, work, *arguments), SECONDS)
        except (SQLAlchemyError, OSError, asyncio.TimeoutError) as error:
            if not self.is_away:
                self._note_absence(error)
            self.is_away = True
            self._await_return()
            raise AwayError from None

    @staticmethod
    def _note_absence(error: Exception) -> None:
        survived(Fault.DATABASE_AWAY)
        # Its message may hold what a partner wrote.
        logger.error("The database is away (%s). Events are kept in a file.", type(error).__name__)

    def _await_return(self) -> None:
        """Let the return of the database be noticed; Rasa creates its store in the event loop."""
        if self._returning is None or self._returning.done():
            self._returning = asyncio.ensure_future(self._return())

    async def _return(self) -> None:
        """Wait for the database, and write what has been kept."""
        pause, written = _FIRST_PAUSE, 0
        # Threads that a frozen database holds are not available.
        thread = ThreadPoolExecutor(1, "returning-database")
        loop = asyncio.get_running_loop()
        while self.is_away:
            try:
                await loop.run_in_executor(thread, self.database.probe)
                for batch in self._spool.waiting(written):
                    await loop.run_in_executor(thread, self.database.write, batch)
                    written += 1
                    survived(Fault.WRITTEN_BACK)
            except (SQLAlchemyError, OSError):
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            self.is_away = written < len(self._spool)
        self._spool.clear()
        thread.shutdown(wait=False)
        logger.info("The database is back; %d batches of events were written.", written)

    def _tracker(self, sender_id: str, rows: List[str]) -> Optional[DialogueStateTracker]:
        if not rows or self.domain is None:
            return None
        events = [json.loads(row) for row in rows]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        tracker.stored_events = len(tracker.events)
        return tracker


def inside(store: TrackerStore) -> ConversationStore:
    """Our store, which Rasa wraps into one that keeps it from failing."""
    while not isinstance(store, ConversationStore):
        store = store._tracker_store
    return store


def _unheard(events: List[Event]) -> List[Event]:
    """The events after the partner's last message."""
    heard = [at for at, event in enumerate(events) if isinstance(event, UserUttered)]
    return events[heard[-1] + 1 :] if heard else events


def _row(event: Event) -> Row:
    data = event.as_dict()
    intent = data.get("parse_data", {}).get("intent", {}).get("name")
    return Row(event.type_name, data["timestamp"], intent, data.get("name"), json.dumps(data))
