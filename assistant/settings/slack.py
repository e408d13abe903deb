"""Settings of Slack."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import FrozenSet, Mapping, Optional

from assistant.settings.errors import QUOTES, ChannelOffError, SettingsError

_API = "https://slack.com/api/"
_BOT, _SIGNING, _APP = _SECRETS = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")
_PATTERNS = {
    _BOT: "xoxb-[A-Za-z0-9][A-Za-z0-9-]*",
    _SIGNING: "[0-9a-fA-F]{32}",
    _APP: "xapp-[A-Za-z0-9][A-Za-z0-9-]*",
}
_DESCRIPTIONS = {
    _BOT: "a bot token: xoxb-, then letters, digits and dashes",
    _SIGNING: "a signing secret: 32 digits and letters from a to f",
    _APP: "an app-level token: xapp-, then letters, digits and dashes",
}


@dataclass(frozen=True)
class SlackSettings:
    """Slack: what signs its requests, the tokens of the app, and which workspaces may use it."""

    bot_token: str = field(repr=False)
    signing_secret: Optional[str] = field(repr=False)
    app_token: Optional[str] = field(repr=False)
    teams: FrozenSet[str]
    api_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> SlackSettings:
        """From ``SLACK_BOT_TOKEN``, ``SLACK_SIGNING_SECRET`` or ``SLACK_APP_TOKEN``, and ``SLACK_TEAMS``.

        ``SLACK_API_URL`` is for tests only.

        Raises:
            ChannelOffError: tokens are missing.
            SettingsError: a secret, a workspace or the address cannot be used.
        """
        secrets = {name: environment.get(name, "").strip() for name in _SECRETS}
        needed = [] if secrets[_BOT] else [_BOT]
        if not secrets[_SIGNING] and not secrets[_APP]:
            needed.append(f"{_SIGNING} (or {_APP} for Socket Mode)")
        if needed:
            raise ChannelOffError(f"set {' and '.join(needed)} to turn it on")
        for name in _SECRETS:
            _check_secret(name, secrets)
        return cls(
            bot_token=secrets[_BOT],
            signing_secret=secrets[_SIGNING] or None,
            app_token=secrets[_APP] or None,
            teams=_teams(environment),
            api_url=_api_url(environment),
        )

    def ways(self, address: str) -> str:
        """How Slack reaches the assistant: at the address, over Socket Mode, or both."""
        if not self.app_token:
            return address
        return f"Socket Mode, and {address}" if self.signing_secret else "Socket Mode."


def _check_secret(name: str, secrets: Mapping[str, str]) -> None:
    value = secrets[name]
    if not value or re.fullmatch(_PATTERNS[name], value):
        return
    for other in _SECRETS:
        if re.fullmatch(_PATTERNS[other], value):
            raise SettingsError(f"{_misplaced(name, other, secrets)} (docs/slack.md).")
    raise SettingsError(f"{name} has to be {_DESCRIPTIONS[name]} (docs/slack.md).{_flaw(name, value)}")


def _misplaced(name: str, other: str, secrets: Mapping[str, str]) -> str:
    if re.fullmatch(_PATTERNS[name], secrets[other]):
        return f"{name} and {other} are swapped"
    return f"{name} holds {_DESCRIPTIONS[other].partition(':')[0]}, which belongs in {other}"


def _flaw(name: str, value: str) -> str:
    """What is wrong with a secret, without showing it."""
    if set(value) & set(QUOTES):
        return " It contains quotes."
    if value.split() != [value]:
        return " It contains spaces."
    if name == _SIGNING and len(value) != 32:
        return f" It has {len(value)} characters."
    return ""


def _teams(environment: Mapping[str, str]) -> FrozenSet[str]:
    value = environment.get("SLACK_TEAMS", "")
    teams = frozenset(value.replace(",", " ").split())
    if value and not teams:
        raise SettingsError("SLACK_TEAMS names no workspace. Unset it to let every workspace in.")
    for team in teams:
        if not re.fullmatch("[TE][A-Z0-9]+", team):
            raise SettingsError(
                f"SLACK_TEAMS: {team!r} is not the id of a workspace. Write it like T012AB3CD, T045EF6GH."
            )
    return teams


def _api_url(environment: Mapping[str, str]) -> str:
    url = environment.get("SLACK_API_URL", "").strip()
    if url and environment.get("PRODUCTION"):
        raise SettingsError("SLACK_API_URL is for tests, not for PRODUCTION.")
    if url and not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise SettingsError("SLACK_API_URL has to start with https:// (or be on this machine).")
    return url or _API
