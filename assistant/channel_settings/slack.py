"""Settings of Slack."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import FrozenSet, Mapping, Optional

from assistant.channel_settings.errors import ChannelOffError, SettingsError

_API = "https://slack.com/api/"
_VARIABLES = ("BOT_TOKEN", "SIGNING_SECRET", "APP_TOKEN", "TEAMS", "API_URL")


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
            SettingsError: a token, a workspace or the address cannot be used.
        """
        values = {name: environment.get(f"SLACK_{name}", "").strip() for name in _VARIABLES}
        needed = [] if values["BOT_TOKEN"] else ["SLACK_BOT_TOKEN"]
        if not values["SIGNING_SECRET"] and not values["APP_TOKEN"]:
            needed.append("SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN for Socket Mode)")
        if needed:
            raise ChannelOffError(f"set {' and '.join(needed)} to turn it on")
        _check_token("SLACK_BOT_TOKEN", values["BOT_TOKEN"], "xoxb-")
        if values["APP_TOKEN"]:
            _check_token("SLACK_APP_TOKEN", values["APP_TOKEN"], "xapp-")
        teams = frozenset(values["TEAMS"].replace(",", " ").split())
        for team in teams:
            if not re.fullmatch("[TE][A-Z0-9]+", team):
                raise SettingsError(f"SLACK_TEAMS: {team!r} is not the id of a workspace, like T012AB3CD.")
        api_url = values["API_URL"] or _API
        if not api_url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise SettingsError("SLACK_API_URL has to start with https:// (or be on this machine).")
        return cls(
            values["BOT_TOKEN"], values["SIGNING_SECRET"] or None, values["APP_TOKEN"] or None, teams, api_url
        )


def _check_token(variable: str, token: str, start: str) -> None:
    if not token.isascii() or not token.startswith(start) or len(token.split()) != 1:
        raise SettingsError(f"{variable} is not such a token: it starts with {start} (docs/slack.md).")
