"""Records in files that outlive their process."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import uuid
from pathlib import Path
from typing import IO, Any, Dict, Iterable, List, Optional

Record = Dict[str, Any]


class OwnFiles:
    """Records of a process in a folder, one a line; takes over what dead processes left there.

    A living process holds a lock on its file, which the kernel releases however the process ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: Optional[IO[str]] = None
        self._adopted: List[IO[str]] = []
        self._paths: List[Path] = []
        self.left = self._adopt()

    def append(self, records: Iterable[Record], survives_power_cut: bool = False) -> None:
        """Write records; they survive the process when this returns.

        Raises:
            OSError: the disk refuses. Some of the records may have been written nevertheless.
        """
        try:
            file = self._open()
            file.writelines(json.dumps(record) + "\n" for record in records)
            file.flush()
            if survives_power_cut:
                os.fsync(file.fileno())
        except OSError:
            # Its last line may be incomplete.
            self._leave_file()
            raise

    def clear(self) -> None:
        """Delete all records, also those that were taken over."""
        for path in self._paths:
            path.unlink(missing_ok=True)
        self._leave_file()
        for file in self._adopted:
            file.close()
        for kept in (self.left, self._adopted, self._paths):
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
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        self._file = None

    def _adopt(self) -> List[Record]:
        """The records in files that no living process holds, the oldest file first."""
        records: List[Record] = []
        for path in sorted(self._folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime):
            file = path.open("r", encoding="utf-8")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                continue
            records += [json.loads(line) for line in file if line.endswith("\n")]
            self._adopted.append(file)
            self._paths.append(path)
        return records
