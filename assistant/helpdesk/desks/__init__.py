"""The desks, one in each file; its name is what ``HELP_DESK`` is set to."""

from __future__ import annotations

import os
import pkgutil
from importlib import import_module
from typing import List, Mapping

from assistant.helpdesk.desk import Desk
from assistant.helpdesk.variables import chosen

EMBEDDED = "embedded"


def names() -> List[str]:
    """What ``HELP_DESK`` can be."""
    return sorted(found.name for found in pkgutil.iter_modules(__path__))


def desk(environment: Mapping[str, str] = os.environ) -> Desk:
    """The desk that ``HELP_DESK`` names, or the embedded one.

    Raises:
        SettingsError: there is none of that name, or it cannot be used as it is set.
    """
    name = chosen(environment, "HELP_DESK", names(), EMBEDDED)
    return import_module(f"{__name__}.{name}").desk({**environment, "HELP_DESK": name})
