"""Settings of Microsoft Teams."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import Mapping, Optional

from assistant.channel_settings.errors import ChannelOffError, SettingsError

_OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"
_LOGIN = "https://login.microsoftonline.com"
_VARIABLES = ("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID")
_ANY_TENANT = ("common", "multi")


@dataclass(frozen=True)
class TeamsSettings:
    """Microsoft Teams: who the bot is, which tenant may use it, and who checks and issues tokens.

    Attributes:
        tenant: the only tenant that may talk to the bot; ``None`` lets in every tenant.
        is_test: whether replies may go to a service on this machine.
        checks_tokens: whether anything is authenticated; only not in front of a playground.
    """

    app_id: str
    password: str = field(repr=False)
    tenant: Optional[str]
    openid_url: str = _OPENID
    login_url: str = _LOGIN
    is_test: bool = False
    checks_tokens: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> TeamsSettings:
        """From ``TEAMS_APP_ID``, ``TEAMS_APP_PASSWORD`` and ``TEAMS_TENANT_ID``.

        ``TEAMS_OPENID_URL``, ``TEAMS_LOGIN_URL`` and ``TEAMS_NO_AUTH`` are for tests only.

        Raises:
            ChannelOffError: a variable is missing.
            SettingsError: an id is not one, or a setting for tests is used where others can reach it.
        """
        if environment.get("TEAMS_NO_AUTH") == "1":
            _check_is_private(environment)
            return cls("", "", None, is_test=True, checks_tokens=False)
        values = {name: environment.get(name, "").strip() for name in _VARIABLES}
        missing = [name for name, value in values.items() if not value]
        if missing:
            raise ChannelOffError(f"set {' and '.join(missing)} to turn it on")
        app_id, password, tenant = values.values()
        _check_guid("TEAMS_APP_ID", app_id)
        is_open = tenant.lower() in _ANY_TENANT
        if not is_open:
            _check_guid("TEAMS_TENANT_ID", tenant, ', or "multi" for a bot that every tenant may use')
        urls = {name: environment.get(f"TEAMS_{name.upper()}", "") for name in ("openid_url", "login_url")}
        urls = {name: url for name, url in urls.items() if url}
        if urls and environment.get("PRODUCTION"):
            raise SettingsError("TEAMS_OPENID_URL and TEAMS_LOGIN_URL are for tests, not for PRODUCTION.")
        return cls(app_id, password, None if is_open else tenant.lower(), **urls, is_test=bool(urls))


def _check_is_private(environment: Mapping[str, str]) -> None:
    host = environment.get("HOST") or "127.0.0.1"
    if environment.get("PRODUCTION") or not _is_loopback(host):
        raise SettingsError(
            "TEAMS_NO_AUTH=1 lets anybody talk to the Teams channel: "
            "only without PRODUCTION and with HOST on this machine (127.0.0.1)."
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_guid(variable: str, value: str, alternative: str = "") -> None:
    if not re.fullmatch("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
        raise SettingsError(
            f"{variable} is not an id like 01234567-89ab-cdef-0123-456789abcdef{alternative} (docs/teams.md)."
        )
