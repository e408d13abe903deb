"""The turn that is being taken: how long its stages last, and which faults it survives.

A turn is in one stage at a time: while an inner one lasts, the outer one stands still. So the
stages add up to the turn.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Callable, Dict, Iterator, List, Optional

from assistant.observability.instruments import FAULTS, Fault, Stage
from assistant.observability.summary import Summary


class Trace:
    """What has been seen of a turn; ``summarise`` stays ``None`` if nothing was decided."""

    def __init__(self) -> None:
        self.faults: List[Fault] = []
        self.summarise: Optional[Callable[[], Summary]] = None
        self._stage: str = Stage.OTHER
        self._began = self._since = time.perf_counter()
        self._seconds: Dict[str, float] = dict.fromkeys(Stage.ALL, 0.0)

    def enter(self, stage: str) -> str:
        """Change to a stage; returns the one before."""
        now = time.perf_counter()
        self._seconds[self._stage] += now - self._since
        left, self._stage, self._since = self._stage, stage, now
        return left

    @property
    def total(self) -> float:
        """Seconds from the beginning to the latest change of the stage."""
        return self._since - self._began

    @property
    def stages(self) -> Dict[str, float]:
        """Seconds of each stage that the turn was in."""
        return {stage: seconds for stage, seconds in self._seconds.items() if seconds}


_current: ContextVar[Optional[Trace]] = ContextVar("trace", default=None)


@contextmanager
def current(trace: Trace) -> Iterator[None]:
    """Around a turn; its last stage has ended when this is left."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)
        trace.enter(Stage.OTHER)


class stage:
    """Around a stage of the current turn, one of :class:`Stage`; outside turns nothing is measured."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._trace = _current.get()
        if self._trace is not None:
            self._outer = self._trace.enter(self._name)

    def __exit__(self, *_: object) -> None:
        if self._trace is not None:
            self._trace.enter(self._outer)


def survived(fault: Fault) -> None:
    """Count a fault, and note it in the current turn, if there is one."""
    FAULTS.labels(fault.value).inc()
    trace = _current.get()
    if trace is not None and fault not in trace.faults:
        trace.faults.append(fault)


def decided(summarise: Callable[[], Summary]) -> None:
    """Note how to summarise the current turn when it is over, if there is one."""
    trace = _current.get()
    if trace is not None:
        trace.summarise = summarise
