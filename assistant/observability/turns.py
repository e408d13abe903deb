"""Around each turn: when it is over, it is counted and gets its line in the log."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import Iterator

from assistant.observability import instruments
from assistant.observability.instruments import Outcome
from assistant.observability.summary import NO_LANGUAGE, OTHER_INTENT, Summary
from assistant.observability.trace import Trace, current
from assistant.observability.turn_log import turn_log
from assistant.processor import AnsweredError

logger = logging.getLogger(__name__)

# Of a turn that failed before anything was decided.
_FAILED = Summary(NO_LANGUAGE, OTHER_INTENT, (), Outcome.FAILED)


@contextmanager
def observed(sender: str, channel: str) -> Iterator[None]:
    """Around a turn; a message that comes again has none of its own.

    Args:
        sender: whose turn it is; only a keyed hash of it is written.
        channel: the name of the channel.
    """
    trace = Trace()
    is_repeated = False
    try:
        with current(trace):
            yield
    except AnsweredError:
        is_repeated = True
        raise
    finally:
        if not is_repeated:
            _finish(trace, sender, channel)


@contextmanager
def sending(channel: str) -> Iterator[None]:
    """Around the sending of replies to a platform."""
    with instruments.SEND_SECONDS.labels(channel).time():
        yield


def _finish(trace: Trace, sender: str, channel: str) -> None:
    try:
        summary = trace.summarise() if trace.summarise else _FAILED
        _count(channel, trace, summary)
        turn_log.write(sender, channel, trace, summary)
    except Exception:
        # A partner shall have the answer even if nobody can count it.
        logger.exception("A turn was not counted.")


def _count(channel: str, trace: Trace, summary: Summary) -> None:
    instruments.TURNS.labels(channel, summary.language, summary.outcome.value).inc()
    instruments.INTENTS.labels(summary.intent).inc()
    instruments.TURN_SECONDS.labels(channel).observe(trace.total)
    for stage, seconds in trace.stages.items():
        instruments.SECONDS_OF[stage].observe(seconds)
    if summary.handoff:
        instruments.HANDOFFS.labels(summary.handoff.value).inc()
    if summary.feedback:
        instruments.FEEDBACK.labels(summary.feedback.value).inc()
    if summary.started:
        instruments.GUIDES_STARTED.labels(summary.started).inc()
    if summary.ended:
        guide, end = summary.ended
        instruments.GUIDES_ENDED.labels(guide, end.value).inc()
