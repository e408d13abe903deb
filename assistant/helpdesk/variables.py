"""Reading the variables of a desk."""

from __future__ import annotations

import re
from typing import Mapping, Sequence

from assistant.settings import SettingsError


def required(environment: Mapping[str, str], name: str, pattern: str = r"\S+") -> str:
    """The value of a variable that a desk needs.

    Raises:
        SettingsError: it is not set, or does not look like it should; its value is not shown.
    """
    value = (environment.get(name) or "").strip()
    if not value:
        raise SettingsError(f"HELP_DESK={environment.get('HELP_DESK')} needs {name} (docs/helpdesk.md).")
    if not re.fullmatch(pattern, value):
        raise SettingsError(f"{name} cannot be used; what it has to be is in docs/helpdesk.md.")
    return value


def chosen(environment: Mapping[str, str], name: str, choices: Sequence[str], default: str) -> str:
    """The value of a variable that is one of a few.

    Raises:
        SettingsError: it is another one.
    """
    value = (environment.get(name) or default).strip()
    if value not in choices:
        raise SettingsError(f"{name} has to be one of: {', '.join(choices)}.")
    return value


def number(environment: Mapping[str, str], name: str, default: int) -> int:
    """The value of a variable that is a number of a port.

    Raises:
        SettingsError: it is none.
    """
    value = (environment.get(name) or str(default)).strip()
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65_536):
        raise SettingsError(f"{name} has to be a number from 1 to 65535.")
    return int(value)
