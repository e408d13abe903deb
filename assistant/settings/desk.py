"""Settings of the help desk's page."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Mapping

from assistant.commands.environment import ROOT
from assistant.settings.errors import ChannelOffError, SettingsError
from assistant.settings.own_secret import own_secret

_SECRET_FILE = ROOT / "var" / "desk.secret"
_MIN_LENGTH = 16


@dataclass(frozen=True)
class DeskSettings:
    """What opens the page with the tickets."""

    password: str = field(repr=False)
    is_own: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> DeskSettings:
        """From ``DESK_PASSWORD``; without it, and not in production, one is kept in ``var/desk.secret``.

        Raises:
            ChannelOffError: there is none, in production.
            SettingsError: it is too short.
        """
        password = environment.get("DESK_PASSWORD", "")
        if not password and environment.get("PRODUCTION"):
            raise ChannelOffError("set DESK_PASSWORD to turn it on")
        if password and len(password) < _MIN_LENGTH:
            raise SettingsError(f"DESK_PASSWORD needs at least {_MIN_LENGTH} characters.")
        return cls(password or own_secret(_SECRET_FILE), is_own=not password)

    def where(self, address: str) -> str:
        """Where the page is, and what opens it."""
        return f"{address} (your name; the password in var/desk.secret)" if self.is_own else address
