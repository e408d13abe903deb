"""A JSON line for each turn, without what was said and by whom."""

from __future__ import annotations

import hmac
import sys
from typing import Any, Dict, TextIO

from assistant.observability.log_format import json_logger
from assistant.observability.settings import TURNS, LogSettings
from assistant.observability.summary import Summary
from assistant.observability.trace import Trace

_LOGGER = "assistant.turns"
_HASH_DIGITS = 16


class TurnLog:
    """The lines of turns; nothing is written before :meth:`open`."""

    def __init__(self) -> None:
        self._keyed: Any = None
        self._logger: Any = None

    def open(self, settings: LogSettings) -> None:
        """Begin to write: to a file, or among the other lines of this process if they are JSON, too."""
        # Copied for each hash: to look up the algorithm takes longer than to apply it.
        self._keyed = hmac.new(settings.secret.encode(), digestmod="sha256")
        self._logger = json_logger(_LOGGER, sys.stderr if settings.is_json else _file())

    def write(self, sender: str, channel: str, trace: Trace, summary: Summary) -> None:
        """Write the line of a turn."""
        if self._logger is None:
            return
        guide, end = summary.ended or (None, None)
        known = {
            "conversation": self._hashed(sender),
            "channel": channel,
            "language": summary.language,
            "intent": summary.intent,
            "actions": summary.actions,
            "outcome": summary.outcome,
            "handoff": summary.handoff,
            "guide_started": summary.started,
            "guide_ended": guide,
            "guide_outcome": end,
            "feedback": summary.feedback,
            "faults": trace.faults,
            "milliseconds": _milliseconds(trace),
        }
        self._logger.info("turn", **{name: value for name, value in known.items() if value})

    def _hashed(self, sender: str) -> str:
        """What stands for a conversation; who lacks the secret cannot tell whose it is."""
        keyed = self._keyed.copy()
        keyed.update(sender.encode())
        return keyed.hexdigest()[:_HASH_DIGITS]


def _file() -> TextIO:
    """The file of turns; it only grows, so that others may copy and empty it."""
    TURNS.parent.mkdir(parents=True, exist_ok=True)
    return TURNS.open("a", encoding="utf-8")


def _milliseconds(trace: Trace) -> Dict[str, float]:
    seconds = {"total": trace.total, **trace.stages}
    return {name: round(1000 * spent, 2) for name, spent in seconds.items()}


turn_log = TurnLog()
