"""Batches that wait for the database, in files that survive a crash."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path
from typing import List

from assistant.stores.database import Batch, Row
from assistant.stores.own_files import OwnFiles, Record

logger = logging.getLogger(__name__)


class Spool:
    """Batches in their order. Each process has a file of its own, and takes over what a dead one left."""

    def __init__(self, folder: Path) -> None:
        self._files = OwnFiles(folder)
        self._batches = [_batch(record) for record in self._files.left]
        self._unwritten: List[Batch] = []

    def __len__(self) -> int:
        return len(self._batches)

    def append(self, batch: Batch) -> None:
        """Keep a batch; it is on disk when this returns, or at least in memory while the disk refuses."""
        self._batches.append(batch)
        self._unwritten.append(batch)
        try:
            self._files.append(map(asdict, self._unwritten), survives_power_cut=True)
            self._unwritten.clear()
        except OSError as error:
            logger.error("The spool cannot be written (%s); events are kept in memory.", error.strerror)

    def waiting(self, after: int = 0) -> List[Batch]:
        """The batches after the first so many."""
        return self._batches[after:]

    def clear(self) -> None:
        """Forget all batches: they are in the database."""
        self._files.clear()
        self._batches.clear()
        self._unwritten.clear()


def _batch(record: Record) -> Batch:
    rows = [Row(**row) for row in record["rows"]]
    return Batch(record["id"], record["sender"], rows, record.get("forgets", False))
