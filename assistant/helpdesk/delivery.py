"""Bringing tickets to their desk: each at least once, and not twice where a desk can be asked."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, List

from sqlalchemy.exc import SQLAlchemyError

from assistant.helpdesk import contacts
from assistant.helpdesk.desk import Desk, DeskError
from assistant.helpdesk.dossier import compose
from assistant.helpdesk.tickets import Filed, Tickets
from assistant.reply import Renderer
from assistant.stores.database import Database

logger = logging.getLogger(__name__)

_POLL_SECONDS = 1.0
_FOLLOW_SECONDS = 60.0


class Delivery:
    """Delivers as long as the process runs; begins with :meth:`start`. Several servers may do so at once."""

    def __init__(self, desk: Desk, database: Database, render: Renderer) -> None:
        """``render``: of content, in the language of the people at the desk."""
        self._desk = desk
        self._database = database
        self._tickets = Tickets(database)
        self._render = render
        self._thread = ThreadPoolExecutor(1, "helpdesk")
        self._tasks: List[asyncio.Task] = []

    def start(self) -> None:
        """Deliver new tickets, and follow what becomes of them, in the background."""
        rounds = ((self.deliver_due, _POLL_SECONDS), (self.follow, _FOLLOW_SECONDS))
        self._tasks = [asyncio.ensure_future(self._repeat(*each)) for each in rounds]

    def stop(self) -> None:
        """Begin nothing more; what was begun is tried again by the next server."""
        for task in self._tasks:
            task.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def deliver_due(self) -> None:
        """Deliver each ticket that is due; raises SQLAlchemy's errors."""
        while filed := self._tickets.claim():
            self._deliver(filed)

    def follow(self) -> None:
        """Ask the desk what has become of its tickets; raises SQLAlchemy's errors."""
        for filed in self._tickets.unsettled():
            try:
                status = self._desk.status(filed.desk_reference)
            except DeskError as error:
                logger.warning("The help desk was not asked for news: %s.", error)
                return
            if status and status != filed.status:
                self._tickets.settle(filed, status)

    def _deliver(self, filed: Filed) -> None:
        try:
            reference = self._attempt(filed)
        except DeskError as error:
            logger.error("Ticket %s was not delivered: %s.", filed.ticket.reference, error)
            self._tickets.failed(filed, str(error), error.is_final)
        except SQLAlchemyError:
            raise
        except Exception as error:
            # A mistake of ours with one ticket must not keep the others from their desk.
            logger.exception("Ticket %s was not delivered.", filed.ticket.reference)
            self._tickets.failed(filed, f"a mistake of this program ({type(error).__name__})", is_final=False)
        else:
            self._tickets.delivered(filed, reference)

    def _attempt(self, filed: Filed) -> str:
        ticket = filed.ticket
        contact = contacts.unseal(ticket.contact) if ticket.contact else None
        if ticket.contact and not contact:
            raise DeskError("its contact was encrypted with another CONTACT_SECRET", is_final=True)
        said = self._database.said(ticket.sender)
        dossier = compose(ticket, contact, said, self._render)
        return self._desk.deliver(dossier, is_repeated=filed.attempts > 1)

    async def _repeat(self, work: Callable[[], None], pause: float) -> None:
        loop, is_known_away = asyncio.get_running_loop(), False
        while True:
            try:
                await loop.run_in_executor(self._thread, work)
                is_known_away = False
            except (SQLAlchemyError, OSError) as error:
                if not is_known_away:
                    # Its message may hold what a partner wrote.
                    logger.error("Tickets wait: the database is away (%s).", type(error).__name__)
                is_known_away = True
            await asyncio.sleep(pause)
