"""All ways through a guide."""

from __future__ import annotations

from typing import Iterator, List, Tuple

from assistant.content import Content
from assistant.content.model import Guide

Path = Tuple[Tuple[str, str], ...]


def all_paths(guide: Guide) -> Iterator[Tuple[Path, str]]:
    """Every sequence of (step, option) from the start, with the outcome it leads to."""

    def walk(name: str, path: Path) -> Iterator[Tuple[Path, str]]:
        step = guide.steps[name]
        if step.is_outcome:
            yield path, name
        for option_name, option in step.options.items():
            if not _contradicts(guide, path, step.fact, option_name):
                yield from walk(option.next, (*path, (name, option_name)))

    yield from walk(guide.start, ())


def _contradicts(guide: Guide, path: Path, fact: str | None, option: str) -> bool:
    """A fact that was answered earlier on the path is not asked again."""
    return any(fact and guide.steps[step].fact == fact and chosen != option for step, chosen in path)


def cases(content: Content) -> List[Tuple[str, Path, str]]:
    """Guide, path and outcome of every way through every guide."""
    return [(name, path, end) for name, guide in content.guides.items() for path, end in all_paths(guide)]
