"""The list of tickets that comes with the assistant: whoever answers there answers in the chat."""

from __future__ import annotations

from typing import Mapping

from assistant.helpdesk.desk import Desk
from assistant.helpdesk.dossier import Dossier


class EmbeddedDesk(Desk):
    """Has every ticket already: it reads the same table."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> EmbeddedDesk:
        """Nothing to set."""
        return cls()

    def deliver(self, dossier: Dossier, is_repeated: bool) -> str:
        """Nothing to do."""
        return dossier.reference


desk = EmbeddedDesk.from_environment
