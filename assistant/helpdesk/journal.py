"""A help desk that only keeps a journal: one JSON line for each request for a person.

Help desks with a ticket system behind them offer the same ``record``.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Dict, Optional

from assistant.redaction import redact

DEFAULT_JOURNAL = Path("var/handoffs.jsonl")


class HelpDeskError(Exception):
    """Raised when a request for a person could not be recorded."""


@dataclass(frozen=True)
class Request:
    """A request for a person with what is known; ``message`` is the last one, redacted on writing."""

    language: str
    topic: Optional[str] = None
    guide: Optional[str] = None
    answers: Dict[str, str] = field(default_factory=dict)
    facts: Dict[str, str] = field(default_factory=dict)
    message: str = ""
    sender: str = ""


class JournalHelpDesk:
    """Appends requests to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, request: Request) -> str:
        """Append a request.

        Returns:
            The reference that the partner is told.

        Raises:
            HelpDeskError: the file cannot be written.
        """
        reference = f"H-{secrets.token_hex(4).upper()}"
        entry = asdict(request)
        entry.update(
            reference=reference,
            time=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            message=redact(request.message),
        )
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(entry, ensure_ascii=False) + "\n")
                journal.flush()
                os.fsync(journal.fileno())
        except OSError as error:
            raise HelpDeskError(f"cannot write {self._path}: {error.strerror}") from error
        return reference


def default_help_desk() -> JournalHelpDesk:
    """The help desk of this installation; ``HANDOFF_JOURNAL`` names another file."""
    return JournalHelpDesk(Path(os.environ.get("HANDOFF_JOURNAL", DEFAULT_JOURNAL)))
