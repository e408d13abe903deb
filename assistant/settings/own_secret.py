"""Secrets that this installation makes for itself."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

MIN_SECRET_LENGTH = 32


def own_secret(file: Path) -> str:
    """The secret kept in a file, which is made when there is none; only its owner can read it.

    Raises:
        OSError: the file can be neither read nor written.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        # Readable by its owner only, and whole before it has its name: two processes may make it at once.
        descriptor, unnamed = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as output:
            output.write(secrets.token_urlsafe(MIN_SECRET_LENGTH))
        with suppress(FileExistsError):
            os.link(unnamed, file)
        os.unlink(unnamed)
    return file.read_text(encoding="ascii").strip()
