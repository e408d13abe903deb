"""Payloads of buttons: what a channel sends back when a partner presses one.

They are in Rasa's own form, ``/intent{"entity": "value"}``. A channel accepts one only if the
assistant offered it in that conversation; typed text that looks like one is just text.
"""

from __future__ import annotations

import json
from typing import Optional, Tuple

OPTION, GUIDE = "option", "guide"


def intent_payload(intent: str, **entities: str) -> str:
    """The payload for an intent with entities."""
    return f"/{intent}{json.dumps(entities)}" if entities else f"/{intent}"


def guide_payload(guide: str) -> str:
    """The payload that starts a guide."""
    return intent_payload("next_step", **{GUIDE: guide})


def choose_payload(guide: str, step: str, option: str) -> str:
    """The payload that answers a step of a guide."""
    return intent_payload("inform", **{OPTION: f"{guide}.{step}.{option}"})


def parse_choice(value: Optional[str]) -> Optional[Tuple[str, str, str]]:
    """Guide, step and option from the value of an ``option`` entity, or ``None``."""
    parts = (value or "").split(".")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None
