"""How long conversations are kept."""

from __future__ import annotations

import os
from typing import Mapping

from assistant.settings.errors import SettingsError

_DEFAULT = "30"


def retention_days(environment: Mapping[str, str] = os.environ) -> int:
    """How many days after its last message a conversation is deleted (``RETENTION_DAYS``); 0 for never.

    Raises:
        SettingsError: the variable is no whole number of days.
    """
    value = (environment.get("RETENTION_DAYS") or _DEFAULT).strip()
    if not value.isdecimal():
        raise SettingsError(f"RETENTION_DAYS={value} is no number of days, such as 30, or 0 for never.")
    return int(value)
