"""Bringing tickets to their desk: each at least once, and not twice where a desk can be asked."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable

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
        self._is_known_away = False
        self._stopping = threading.Event()

    def start(self) -> None:
        """Deliver and follow tickets, in a thread that no end of the process waits for."""
        threading.Thread(target=self._run, name="helpdesk", daemon=True).start()

    def stop(self) -> None:
        """Begin nothing more; what was begun is tried again by the next server."""
        self._stopping.set()

    def deliver_due(self) -> None:
        """Deliver each ticket that is due; raises SQLAlchemy's errors."""
        while not self._stopping.is_set() and (filed := self._tickets.claim()):
            self._deliver(filed)

    def follow(self) -> None:
        """Ask the desk what has become of its tickets; raises SQLAlchemy's errors."""
        for filed in self._tickets.unsettled():
            try:
                status = self._desk.status(filed.desk_reference)
            except DeskError as error:
                logger.warning("No news of ticket %s: %s.", filed.ticket.reference, error)
                if error.is_final:
                    # It is gone there; the others are not.
                    continue
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

    def _run(self) -> None:
        follows_at = 0.0
        while not self._stopping.wait(_POLL_SECONDS):
            self._try(self.deliver_due)
            if time.monotonic() >= follows_at:
                self._try(self.follow)
                follows_at = time.monotonic() + _FOLLOW_SECONDS

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (SQLAlchemyError, OSError) as error:
            if not self._is_known_away:
                # Its message may hold what a partner wrote.
                logger.error("Tickets wait: the database is away (%s).", type(error).__name__)
            self._is_known_away = True
        except Exception:
            # A mistake of ours must not end the thread.
            logger.exception("Tickets were not delivered.")
        else:
            self._is_known_away = False
