"""Settings of Microsoft Teams."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import Dict, Mapping, Optional

from assistant.settings.errors import QUOTES, ChannelOffError, SettingsError

_OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"
_LOGIN = "https://login.microsoftonline.com"
_APP_ID, _PASSWORD, _TENANT = _VARIABLES = ("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID")
_ANY_TENANT = ("common", "multi")
_GUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_HTTPS = r"https://[\w-]+(\.[\w-]+)*(:\d{1,5})?(/\S*)?"
_ON_THIS_MACHINE = r"http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?"


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
            SettingsError: a value cannot be used, or one for tests is used where others can reach it.
        """
        values = {name: environment.get(name, "").strip() for name in _VARIABLES}
        if environment.get("TEAMS_NO_AUTH") == "1":
            _check_is_private(environment)
            _check_is_alone(values)
            return cls("", "", None, is_test=True, checks_tokens=False)
        missing = [name for name, value in values.items() if not value]
        if missing:
            raise ChannelOffError(f"set {' and '.join(missing)} to turn it on")
        app_id, password, tenant = values.values()
        check_guid(_APP_ID, app_id)
        _check_password(password)
        is_open = tenant.lower() in _ANY_TENANT
        if not is_open:
            check_guid(_TENANT, tenant, ', or "multi" for a bot that every tenant may use')
        if tenant.lower() == app_id.lower():
            raise SettingsError(
                f"{_TENANT} is the same id as {_APP_ID}. Take the App Tenant ID of the bot (docs/teams.md)."
            )
        urls = _urls(environment)
        return cls(app_id, password, None if is_open else tenant.lower(), **urls, is_test=bool(urls))

    def ways(self, address: str) -> str:
        """How Teams reaches the assistant: at the address, and whether anybody else does."""
        return address if self.checks_tokens else f"{address}, without authentication, for tests only"


def check_guid(variable: str, value: str, alternative: str = "") -> None:
    """Check that a variable is one of Microsoft's ids.

    Args:
        variable: its name.
        value: what it is.
        alternative: what else it may be, for the message.

    Raises:
        SettingsError: it is none, or the placeholder of zeros.
    """
    if not re.fullmatch(_GUID, value):
        raise SettingsError(
            f"{variable} is not an id like 01234567-89ab-cdef-0123-456789abcdef{alternative} (docs/teams.md)."
        )
    if set(value) == set("0-"):
        raise SettingsError(f"{variable} is only zeros, which is a placeholder (docs/teams.md).")


def _check_password(password: str) -> None:
    if re.fullmatch(_GUID, password):
        raise SettingsError(
            f"{_PASSWORD} is the Secret ID of the client secret. Take its Value (docs/teams.md)."
        )
    if password[0] in QUOTES and password[-1] in QUOTES:
        raise SettingsError(f"{_PASSWORD} has quotes around it. Set it without them (docs/teams.md).")


def _check_is_private(environment: Mapping[str, str]) -> None:
    host = environment.get("HOST") or "127.0.0.1"
    if environment.get("PRODUCTION") or not _is_loopback(host):
        raise SettingsError(
            "TEAMS_NO_AUTH=1 lets anybody talk to the Teams channel: "
            "only without PRODUCTION and with HOST on this machine (127.0.0.1)."
        )


def _check_is_alone(values: Mapping[str, str]) -> None:
    given = [name for name, value in values.items() if value]
    if given:
        raise SettingsError(
            f"TEAMS_NO_AUTH=1 is for tests without a bot. Unset it, or unset {' and '.join(given)}."
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _urls(environment: Mapping[str, str]) -> Dict[str, str]:
    """The stand-ins of Microsoft's services, by the names of our fields."""
    openid, login = (environment.get(f"TEAMS_{name}_URL", "").strip() for name in ("OPENID", "LOGIN"))
    if (openid or login) and environment.get("PRODUCTION"):
        raise SettingsError("TEAMS_OPENID_URL and TEAMS_LOGIN_URL are for tests, not for PRODUCTION.")
    if openid and not re.fullmatch(f"{_HTTPS}|{_ON_THIS_MACHINE}", openid):
        raise SettingsError(
            "TEAMS_OPENID_URL has to be an address that starts with https:// (or is on this machine)."
        )
    if login and not re.fullmatch(_HTTPS, login):
        raise SettingsError("TEAMS_LOGIN_URL has to be an address that starts with https://.")
    urls = {"openid_url": openid, "login_url": login.rstrip("/")}
    return {name: url for name, url in urls.items() if url}
