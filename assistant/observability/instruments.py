"""The metrics that are counted as things happen, and the values that their labels take.

Those that are read when Prometheus asks are in :mod:`assistant.observability.state`. No label holds
anything that a partner wrote or that names one.
"""

from __future__ import annotations

from enum import Enum
from typing import Iterable

from prometheus_client import Counter, Histogram, disable_created_metrics

disable_created_metrics()


class Stage:
    """What a turn waits for; plain texts, because these are looked up ten times a turn."""

    LOCK = "lock"
    LOAD = "load"
    UNDERSTAND = "understand"
    DECIDE = "decide"
    ACT = "act"
    STORE = "store"
    OTHER = "other"

    ALL = (LOCK, LOAD, UNDERSTAND, DECIDE, ACT, STORE, OTHER)


class Outcome(str, Enum):
    """What came of a turn; the first that fits."""

    FAILED = "failed"
    HANDOFF = "handoff"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_UNDERSTOOD = "not_understood"
    CLARIFY = "clarify"
    UNREADABLE = "unreadable"
    ANSWERED = "answered"


class Fault(str, Enum):
    """What went wrong without a partner losing anything."""

    ACTION_FAILED = "action_failed"
    TURN_FAILED = "turn_failed"
    CONTINUED = "continued_after_kill"
    DATABASE_AWAY = "database_away"
    SPOOLED = "spooled"
    WRITTEN_BACK = "written_back"
    LOCK_STORE_AWAY = "lock_store_away"
    RATE_LIMIT_STORE_AWAY = "rate_limit_store_away"
    RATE_LIMITED = "rate_limited"
    NOT_SENT = "not_sent"


class Handoff(str, Enum):
    """What became of the way to a person."""

    OFFERED = "offered"
    RECORDED = "recorded"


class GuideEnd(str, Enum):
    """How a guide ended: at an outcome of one of three kinds, or before."""

    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    HANDOFF = "handoff"
    LEFT = "left"


class Feedback(str, Enum):
    """What a partner said about an answer or a guide."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"


# A turn takes some milliseconds; an action that hangs is left after six seconds.
_TURN_BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 7.5, 15.0)
_STAGE_BUCKETS = (0.00025, 0.0005, 0.001, *_TURN_BUCKETS)

TURNS = Counter("assistant_turns", "Turns taken.", ["channel", "language", "outcome"])
INTENTS = Counter("assistant_intents", "Messages by what they were understood as.", ["intent"])
TURN_SECONDS = Histogram(
    "assistant_turn_seconds", "From a cleaned message to its replies.", ["channel"], buckets=_TURN_BUCKETS
)
STAGE_SECONDS = Histogram(
    "assistant_turn_stage_seconds",
    "A stage of a turn, its parts added up.",
    ["stage"],
    buckets=_STAGE_BUCKETS,
)
SEND_SECONDS = Histogram(
    "assistant_send_seconds", "Sending replies to Teams or Slack, with repeated attempts.", ["channel"]
)
FAULTS = Counter("assistant_faults", "Faults that were survived.", ["kind"])
HANDOFFS = Counter("assistant_handoffs", "Persons offered, and tickets made.", ["result"])
GUIDES_STARTED = Counter("assistant_guides_started", "Guides that were begun.", ["guide"])
GUIDES_ENDED = Counter("assistant_guides_ended", "Guides that ended.", ["guide", "outcome"])
FEEDBACK = Counter("assistant_feedback", "Whether an answer or a guide helped.", ["said"])

# A counter that begins with its first event hides that event from rate() and increase(); so all
# series that are known begin with the process.
for _counter, _values in ((FAULTS, Fault), (HANDOFFS, Handoff), (FEEDBACK, Feedback)):
    for _value in _values:
        _counter.labels(_value.value)
SECONDS_OF = {stage: STAGE_SECONDS.labels(stage) for stage in Stage.ALL}


def begin_with(guides: Iterable[str]) -> None:
    """Let the series of guides begin."""
    for guide in guides:
        GUIDES_STARTED.labels(guide)
        for end in GuideEnd:
            GUIDES_ENDED.labels(guide, end.value)
