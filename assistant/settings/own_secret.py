"""Secrets that this installation makes for itself."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

MIN_SECRET_LENGTH = 32


def own_secret(file: Path) -> str:
    """The secret kept in a file, which is made when there is none; only its owner can read it.

    Raises:
        OSError: the file can be neither read nor written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as output:
        output.write(secrets.token_urlsafe(MIN_SECRET_LENGTH))
    return file.read_text(encoding="ascii").strip()
