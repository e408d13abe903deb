"""What a help desk has to do for us; each desk is a file in :mod:`assistant.helpdesk.desks`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Optional

from assistant.helpdesk.dossier import Dossier

# For one request to a desk, so that a slow one does not hold up other tickets for long.
SECONDS = 20.0


class DeskError(Exception):
    """Raised when a desk did not take a ticket.

    Attributes:
        is_final: whether it never will, as it is, so that somebody has to look at it.
    """

    def __init__(self, reason: str, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


class Desk(ABC):
    """Gets tickets. Methods may block; a call takes little longer than :data:`SECONDS`."""

    @abstractmethod
    def deliver(self, dossier: Dossier, is_repeated: bool) -> str:
        """Make a ticket, unless there is one already.

        Args:
            dossier: what to tell; its reference is the key by which no ticket is made twice.
            is_repeated: whether an earlier attempt may have succeeded without our knowing.

        Returns:
            What the desk calls the ticket.

        Raises:
            DeskError: it did not take it.
        """

    def status(self, desk_reference: str) -> Optional[str]:
        """What has become of a ticket: ``open``, ``answered``, ``closed``; ``None`` if it cannot tell.

        Raises:
            DeskError: the desk does not answer.
        """
        return None
