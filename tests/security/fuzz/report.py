"""What fuzzing found, as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Iterable, List, Optional

import psutil

MAX_SECONDS = 1.0
MAX_GROWTH = 50_000_000
_SHOWN = 5


@dataclass
class Row:
    """The answers of one entry point; its memory is weighed after each chunk."""

    name: str
    kinds: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slow: List[str] = field(default_factory=list)
    weights: List[int] = field(default_factory=list)
    failures: List[str] = field(default_factory=list)

    def add(self, kind: str, seconds: float, sent: str, failure: Optional[str] = None) -> None:
        self.kinds[kind] += 1
        self.slowest = max(self.slowest, seconds)
        if seconds > MAX_SECONDS:
            self.slow.append(f"{seconds:.1f} s for {sent}")
        if failure:
            self.failures.append(failure)

    def weigh(self, size: int) -> None:
        self.weights.append(size)

    @property
    def growth(self) -> int:
        """Bytes since the first tenth, in which models are loaded and caches come to their limits."""
        return self.weights[-1] - self.weights[len(self.weights) // 10] if self.weights else 0

    @property
    def problems(self) -> List[str]:
        found = [f"{self.name}: {one}" for one in (*self.failures[:_SHOWN], *self.slow[:_SHOWN])]
        if self.growth > MAX_GROWTH:
            found.append(f"{self.name}: memory grew by {self.growth / 1e6:.0f} MB")
        return found

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        total = sum(self.kinds.values())
        return f"| {self.name} | {total} | {kinds} | {self.slowest * 1000:.0f} | {self.growth / 1e6:.1f} |"


HEAD = "| entry point | inputs | answers | slowest (ms) | memory (MB) |\n|---|---|---|---|---|"


def memory(process: int) -> int:
    """The resident memory of a process and its children, in bytes."""
    root = psutil.Process(process)
    return sum(one.memory_info().rss for one in _alive([root, *root.children(recursive=True)]))


def _alive(processes: Iterable[psutil.Process]) -> Iterable[psutil.Process]:
    return (one for one in processes if one.is_running())
