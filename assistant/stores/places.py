"""Where conversations are kept, by the environment."""

from __future__ import annotations

import os
from pathlib import Path

_DEFAULT_FILE = "var/conversations.db"
_DEFAULT_SPOOL = Path("var/spool")


def database_address() -> str:
    """The path of an SQLite file or an address such as ``postgresql://...`` (``CONVERSATIONS_DB``)."""
    return os.environ.get("CONVERSATIONS_DB") or _DEFAULT_FILE


def spool_folder() -> Path:
    """The folder of what waits (``SPOOL``), beside an SQLite file by default."""
    configured, address = os.environ.get("SPOOL"), database_address()
    if configured:
        return Path(configured)
    return _DEFAULT_SPOOL if "://" in address else Path(address).parent / "spool"
