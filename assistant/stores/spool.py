"""Batches that wait for the database, in files that survive a crash."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import IO, List, Optional

from assistant.stores.database import Batch, Row

logger = logging.getLogger(__name__)


class Spool:
    """Batches in their order. Each process has a file of its own, and takes over what a dead one left."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._batches: List[Batch] = []
        self._unwritten: List[Batch] = []
        self._file: Optional[IO[str]] = None
        self._adopted: List[IO[str]] = []
        self._paths: List[Path] = []
        self._adopt()

    def __len__(self) -> int:
        return len(self._batches)

    def append(self, batch: Batch) -> None:
        """Keep a batch; it is on disk when this returns, or at least in memory while the disk refuses."""
        self._batches.append(batch)
        self._unwritten.append(batch)
        try:
            file = self._open()
            file.writelines(json.dumps(asdict(each)) + "\n" for each in self._unwritten)
            file.flush()
            os.fsync(file.fileno())
            self._unwritten.clear()
        except OSError as error:
            logger.error("The spool cannot be written (%s); events are kept in memory.", error.strerror)
            self._leave_file()

    def waiting(self, after: int = 0) -> List[Batch]:
        """The batches after the first so many."""
        return self._batches[after:]

    def clear(self) -> None:
        """Forget all batches: they are in the database."""
        for path in self._paths:
            path.unlink(missing_ok=True)
        self._leave_file()
        for file in self._adopted:
            file.close()
        for kept in (self._batches, self._unwritten, self._adopted, self._paths):
            kept.clear()

    def _open(self) -> IO[str]:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{uuid.uuid4().hex}.jsonl"
            hidden = path.with_suffix(".new")
            self._file = hidden.open("a", encoding="utf-8")
            fcntl.flock(self._file, fcntl.LOCK_EX)
            # Only now, because other processes take over what nobody holds.
            hidden.rename(path)
            self._paths.append(path)
        return self._file

    def _leave_file(self) -> None:
        """Close the file, whose last line may be incomplete."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        self._file = None

    def _adopt(self) -> None:
        """Take the files that no living process holds."""
        for path in sorted(self._folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime):
            file = path.open("r", encoding="utf-8")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                continue
            self._batches += [_batch(line) for line in file if line.endswith("\n")]
            self._adopted.append(file)
            self._paths.append(path)


def _batch(line: str) -> Batch:
    fields = json.loads(line)
    rows = [Row(**row) for row in fields["rows"]]
    return Batch(fields["id"], fields["sender"], rows, fields.get("forgets", False))
