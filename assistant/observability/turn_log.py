"""A JSON line for each turn, without what was said and by whom."""

from __future__ import annotations

import hashlib
import hmac
import logging
from typing import Dict, Optional

import structlog

from assistant.observability.summary import Summary
from assistant.observability.trace import Trace

LOGGER = "assistant.turns"
_HASH_DIGITS = 16

_logger = structlog.wrap_logger(
    logging.getLogger(LOGGER),
    processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
)


class TurnLog:
    """The lines of turns; nothing is written before :meth:`open`."""

    def __init__(self) -> None:
        self._secret: Optional[bytes] = None

    def open(self, secret: str) -> None:
        """Begin to write; the secret makes hashes that nobody else can make."""
        self._secret = secret.encode()

    def write(self, sender: str, channel: str, trace: Trace, summary: Summary) -> None:
        """Write the line of a turn."""
        if self._secret is None:
            return
        guide, end = summary.ended or (None, None)
        known = {
            "conversation": hashed(sender, self._secret),
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
        _logger.info("turn", **{name: value for name, value in known.items() if value})


def hashed(sender: str, secret: bytes) -> str:
    """What stands for a conversation; who lacks the secret cannot tell whose it is."""
    return hmac.new(secret, sender.encode(), hashlib.sha256).hexdigest()[:_HASH_DIGITS]


def _milliseconds(trace: Trace) -> Dict[str, float]:
    seconds = {"total": trace.total, **{stage.value: spent for stage, spent in trace.stages.items()}}
    return {name: round(1000 * spent, 2) for name, spent in seconds.items()}


turn_log = TurnLog()
