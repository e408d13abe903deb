"""Addresses of the stores, checked before anything starts with them."""

from __future__ import annotations

import os
from typing import Mapping

from redis.connection import parse_url
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from assistant.settings.errors import SettingsError

_DATABASES = ("postgresql", "sqlite")


def check_stores(environment: Mapping[str, str] = os.environ) -> None:
    """Check ``CONVERSATIONS_DB`` and ``LOCK_STORE``; what the libraries say may show passwords.

    Raises:
        SettingsError: one cannot be used.
    """
    database, locks = (environment.get(name) or "" for name in ("CONVERSATIONS_DB", "LOCK_STORE"))
    if database and not _is_database(database):
        raise SettingsError(
            "CONVERSATIONS_DB has to be the path of an SQLite file, or the address of a database, "
            "such as postgresql://user:password@host/name (docs/channels.md)."
        )
    if locks and not _is_redis(locks):
        raise SettingsError(
            "LOCK_STORE has to be the address of a Redis server, such as redis://host:6379 "
            "(docs/channels.md)."
        )


def _is_database(address: str) -> bool:
    if "://" not in address:
        # An address with a typo would become the name of a file, with its password.
        return "@" not in address
    try:
        return make_url(address).get_backend_name() in _DATABASES
    except (ArgumentError, ValueError):
        return False


def _is_redis(address: str) -> bool:
    try:
        parse_url(address)
    except ValueError:
        return False
    return True
