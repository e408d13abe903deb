"""A help desk that only keeps a journal: one JSON line for each request for a person.

Help desks with a ticket system behind them offer the same methods.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Container, Dict, Iterator, List, Optional, Set

from assistant.redaction import redact

DEFAULT_JOURNAL = Path("var/handoffs.jsonl")


class HelpDeskError(Exception):
    """Raised when a request for a person could not be recorded."""


@dataclass(frozen=True)
class Request:
    """A request for a person with what is known.

    ``message`` is the last one, redacted on writing; ``message_id`` is its id.
    """

    language: str
    topic: Optional[str] = None
    guide: Optional[str] = None
    answers: Dict[str, str] = field(default_factory=dict)
    facts: Dict[str, str] = field(default_factory=dict)
    message: str = ""
    sender: str = ""
    message_id: str = ""


class JournalHelpDesk:
    """Appends requests to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, request: Request) -> str:
        """Append a request; nothing happens if it is there already, from a turn that broke off.

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
        with self._locked():
            recorded = self._recorded(request)
            if recorded:
                return recorded
            with self._path.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(entry, ensure_ascii=False) + "\n")
                journal.flush()
                os.fsync(journal.fileno())
        return reference

    def entries(self, sender: str) -> List[Dict[str, Any]]:
        """The requests of a partner, in their order.

        Raises:
            HelpDeskError: the file cannot be read.
        """
        with self._locked():
            return [entry for entry in map(_entry, self._lines()) if entry.get("sender") == sender]

    def senders(self, before: float) -> Set[str]:
        """Whose requests were all recorded before a time.

        Raises:
            HelpDeskError: the file cannot be read.
        """
        with self._locked():
            entries = [entry for entry in map(_entry, self._lines()) if entry]
        newer = {entry["sender"] for entry in entries if _time(entry) >= before}
        return {entry["sender"] for entry in entries} - newer

    def delete(self, senders: Container[str]) -> int:
        """Delete the requests of partners.

        Returns:
            How many there were.

        Raises:
            HelpDeskError: the file cannot be read or written.
        """
        with self._locked():
            lines = self._lines()
            kept = [line for line in lines if _entry(line).get("sender") not in senders]
            if len(kept) < len(lines):
                self._write(kept)
            return len(lines) - len(kept)

    def _recorded(self, request: Request) -> Optional[str]:
        """The reference of a request that has been recorded in the same turn."""
        if not request.message_id:
            return None
        wanted = (request.sender, request.message_id)
        entries = map(_entry, self._lines())
        same = (entry for entry in entries if (entry.get("sender"), entry.get("message_id")) == wanted)
        return next((entry["reference"] for entry in same), None)

    def _lines(self) -> List[str]:
        try:
            return self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _write(self, lines: List[str]) -> None:
        """Exchange the file, so that a crash leaves the old or the new one."""
        exchanged = self._path.with_name(f"{self._path.name}.new")
        with exchanged.open("w", encoding="utf-8") as journal:
            journal.writelines(f"{line}\n" for line in lines)
            journal.flush()
            os.fsync(journal.fileno())
        os.replace(exchanged, self._path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from the journal."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.with_name(f"{self._path.name}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise HelpDeskError(f"cannot write {self._path}: {error.strerror}") from error


def _entry(line: str) -> Dict[str, Any]:
    """The request in a line; none in one that a crash has cut off."""
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return {}


def _time(entry: Dict[str, Any]) -> float:
    return datetime.fromisoformat(entry["time"]).timestamp()


def default_help_desk() -> JournalHelpDesk:
    """The help desk of this installation; ``HANDOFF_JOURNAL`` names another file."""
    return JournalHelpDesk(Path(os.environ.get("HANDOFF_JOURNAL", DEFAULT_JOURNAL)))
