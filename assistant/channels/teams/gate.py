"""Who may post activities: the Bot Framework, for this bot and the tenant it belongs to.

The rules are those of Microsoft's *Authenticate requests from the Bot Connector service to your
bot*, with nothing left out: signature, issuer, audience, times, service address, endorsement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, FrozenSet, Mapping, Optional

import jwt
from yarl import URL

from assistant.channels.teams.activity import Activity
from assistant.channels.teams.keys import KeysUnavailableError, SigningKeys
from assistant.settings import TeamsSettings

CHANNEL_ID = "msteams"
_ISSUER = "https://api.botframework.com"
_LEEWAY_SECONDS = 300
# What the database takes.
_LONGEST_SENDER = 255
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_LOCAL_HOST = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?", re.ASCII | re.IGNORECASE)


class RefusedError(Exception):
    """Raised for a request that is turned away; ``status`` is that of HTTP, the text goes to the log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Pass:
    """What a valid token vouches for."""

    service_url: Any
    endorsements: FrozenSet[str]


class Gate:
    """Checks tokens, and whether they fit to what they came with."""

    def __init__(self, settings: TeamsSettings, keys: SigningKeys) -> None:
        self._settings = settings
        self._keys = keys

    async def admit(self, headers: Mapping[str, str]) -> Optional[Pass]:
        """Check the token of a request.

        Returns:
            What it vouches for; ``None`` when tokens are not checked.

        Raises:
            RefusedError: there is no valid token (401), or it cannot be told (503); when tokens are
                not checked, it may come from elsewhere (403).
        """
        if not self._settings.checks_tokens:
            _check_is_local(headers)
            return None
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            raise RefusedError(401, "no token")
        try:
            key = await self._keys.find(jwt.get_unverified_header(token).get("kid"))
            if key is None:
                raise RefusedError(401, "signed with an unknown key")
            claims = jwt.decode(
                token,
                key.public_key,
                algorithms=["RS256"],
                audience=self._settings.app_id,
                issuer=_ISSUER,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["aud", "exp", "iss", "nbf"]},
            )
        except jwt.InvalidTokenError as error:
            raise RefusedError(401, f"invalid token: {type(error).__name__}") from None
        except KeysUnavailableError:
            raise RefusedError(503, "the signing keys cannot be fetched") from None
        return Pass(claims.get("serviceurl"), key.endorsements)

    def check(self, activity: Activity, admitted: Optional[Pass]) -> None:
        """Check that an activity is what its token vouches for, and that it may be answered.

        Raises:
            RefusedError: it is not (403).
        """
        if activity.channel != CHANNEL_ID:
            raise RefusedError(403, "not from Teams")
        if len(activity.tenants) != 1:
            raise RefusedError(403, "no tenant, or two")
        if len(activity.sender) > _LONGEST_SENDER:
            raise RefusedError(403, "its ids are too long")
        if admitted:
            self._compare(activity, admitted)
        if not self._is_trusted(activity.service_url):
            raise RefusedError(403, "its service address is not Microsoft's")

    def _compare(self, activity: Activity, admitted: Pass) -> None:
        if admitted.service_url != activity.service_url:
            raise RefusedError(403, "the token is for another service address")
        if activity.channel not in admitted.endorsements:
            raise RefusedError(403, "the key is not endorsed for Teams")
        if self._settings.tenant and activity.tenants != [self._settings.tenant]:
            raise RefusedError(403, "from another tenant")

    def _is_trusted(self, address: str) -> bool:
        # The parser of the library that sends the replies, so that both see the same host.
        try:
            url = URL(address)
            host, is_https = url.host or "", url.scheme == "https" and url.port == 443
            is_plain = not (url.user or url.password or url.query_string or url.fragment)
        except ValueError:
            return False
        if self._settings.is_test and host in _LOOPBACK:
            return is_plain
        is_microsoft = host == "smba.trafficmanager.net" or host.endswith(".botframework.com")
        return self._settings.checks_tokens and is_plain and is_https and is_microsoft


def _check_is_local(headers: Mapping[str, str]) -> None:
    """Refuse what a proxy or a tunnel passes on, and what a web page sends."""
    names = {name.lower() for name in headers}
    is_passed_on = "forwarded" in names or any(name.startswith("x-forwarded-") for name in names)
    # A proxy that adds none of these may still pass on the name that it was called by.
    is_for_us = _LOCAL_HOST.fullmatch(headers.get("host", ""))
    if is_passed_on or not is_for_us or "origin" in names:
        raise RefusedError(403, "through a proxy or from a web page, while TEAMS_NO_AUTH is set")
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise RefusedError(403, "not application/json, while TEAMS_NO_AUTH is set")
