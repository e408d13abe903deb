"""Settings of the website widget."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import FrozenSet, Mapping
from urllib.parse import urlsplit

from assistant.commands.environment import ROOT
from assistant.settings.errors import ChannelOffError, SettingsError
from assistant.settings.own_secret import MIN_SECRET_LENGTH, own_secret

_SECRET_FILE = ROOT / "var" / "web.secret"


@dataclass(frozen=True)
class WebSettings:
    """The website widget: what signs its sessions, and which other sites may embed it."""

    secret: str
    origins: FrozenSet[str]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> WebSettings:
        """From ``WEB_SECRET`` and ``WEB_ORIGINS``.

        Without a secret one is made and kept in ``var/web.secret``, but not in production, where
        several servers have to share it.

        Raises:
            ChannelOffError: there is no secret, in production.
            SettingsError: the secret is too short, or an origin is not one.
        """
        secret = environment.get("WEB_SECRET", "")
        if not secret and environment.get("PRODUCTION"):
            raise ChannelOffError("set WEB_SECRET to turn it on")
        if secret and len(secret) < MIN_SECRET_LENGTH:
            raise SettingsError(f"WEB_SECRET needs at least {MIN_SECRET_LENGTH} characters.")
        origins = frozenset(environment.get("WEB_ORIGINS", "").replace(",", " ").split())
        for origin in origins:
            _check_origin(origin)
        return cls(secret or own_secret(_SECRET_FILE), origins)


def _check_origin(origin: str) -> None:
    parts = urlsplit(origin)
    is_web = parts.scheme in ("http", "https") and parts.netloc
    if not is_web or origin != f"{parts.scheme}://{parts.netloc}":
        raise SettingsError(
            f"WEB_ORIGINS: {origin!r} is not an origin. Write it like https://www.example.com, no path."
        )
