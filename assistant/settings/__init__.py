"""What environment variables set: channels, stores, how long is kept what; see docs/channels.md."""

from __future__ import annotations

import os
from typing import Any, Callable, List, Mapping

from assistant.settings.broker import BrokerSettings
from assistant.settings.desk import DeskSettings
from assistant.settings.errors import ChannelOffError, SettingsError
from assistant.settings.rate_limit import RateLimitSettings
from assistant.settings.retention import retention_days
from assistant.settings.slack import SlackSettings
from assistant.settings.stores import check_stores
from assistant.settings.teams import TeamsSettings
from assistant.settings.web import WebSettings

__all__ = [
    "BrokerSettings",
    "ChannelOffError",
    "DeskSettings",
    "RateLimitSettings",
    "SettingsError",
    "SlackSettings",
    "TeamsSettings",
    "WebSettings",
    "overview",
    "retention_days",
]

_AWAY = "RATE_LIMIT_STORAGE cannot be reached. Until it can, each server counts messages for itself."


def overview(address: str, environment: Mapping[str, str] = os.environ) -> List[str]:
    """A line for each channel: where it is, or why it is off; and one if the rate limit's storage is away.

    Args:
        address: of the server, without a slash at its end.
        environment: the variables.

    Raises:
        SettingsError: a variable has a value that cannot be used.
    """
    check_stores(environment)
    retention_days(environment)
    BrokerSettings.from_environment(environment)
    rate_limit = RateLimitSettings.from_environment(environment)
    slack, teams = (f"{address}/webhooks/{channel}/webhook" for channel in ("slack", "teams"))
    return [
        _line("Website widget", WebSettings, lambda _: f"{address}/chat/", environment),
        _line("Microsoft Teams", TeamsSettings, lambda found: found.ways(teams), environment),
        _line("Slack", SlackSettings, lambda found: found.ways(slack), environment),
        _line("Help desk", DeskSettings, lambda found: found.where(f"{address}/desk/"), environment),
        *([_AWAY] if rate_limit.is_away else []),
    ]


def _line(title: str, settings: type, where: Callable[[Any], str], environment: Mapping[str, str]) -> str:
    try:
        found = settings.from_environment(environment)
    except ChannelOffError as off:
        return f"{title}: off, {off}."
    return f"{title}: {where(found)}"
