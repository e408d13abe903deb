"""The latest sessions in memory, for the time when the database is away."""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import List, Optional

from rasa.shared.core.events import SessionStarted

from assistant.stores.database import Batch


@dataclass
class _Session:
    """Events as compressed JSON lists; ``said`` counts the messages of all sessions."""

    parts: List[bytes] = field(default_factory=list)
    length: int = 0
    said: Optional[int] = None


class Recent:
    """Sessions of the conversations that were used last."""

    def __init__(self, conversations: int = 5_000) -> None:
        self._limit = conversations
        self._sessions: OrderedDict[str, _Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def remember(self, sender: str, rows: List[str]) -> None:
        """Keep the events of a session that was read."""
        session = self._session(sender)
        # What this server has written itself is known already.
        if session.length != len(rows):
            session.parts, session.length = [_compressed(rows)], len(rows)

    def add(self, batch: Batch) -> None:
        """Keep new events; a new session begins with what starts it."""
        session = self._session(batch.sender)
        starts = [at for at, row in enumerate(batch.rows) if row.type_name == SessionStarted.type_name]
        rows = batch.rows[starts[-1] :] if starts else batch.rows
        if starts or batch.forgets:
            session.parts, session.length = [], 0
        if batch.forgets:
            session.said = 0
        session.parts.append(_compressed([row.data for row in rows]))
        session.length += len(rows)
        if session.said is not None:
            session.said += sum(row.is_said for row in batch.rows)

    def rows(self, sender: str) -> List[str]:
        """The events of a session as JSON; none for somebody unknown."""
        parts = self._session(sender).parts
        return [row for part in parts for row in json.loads(zlib.decompress(part))]

    def said(self, sender: str, count: Optional[int] = None) -> Optional[int]:
        """How many messages there are of a conversation, if known; ``count`` makes it known."""
        session = self._session(sender)
        if count is not None:
            session.said = count
        return session.said

    def _session(self, sender: str) -> _Session:
        session = self._sessions.pop(sender, None) or _Session()
        self._sessions[sender] = session
        while len(self._sessions) > self._limit:
            self._sessions.popitem(last=False)
        return session


def _compressed(rows: List[str]) -> bytes:
    return zlib.compress(json.dumps(rows).encode(), level=1)
