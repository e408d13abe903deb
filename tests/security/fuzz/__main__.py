"""Fuzz every entry point and print a table: ``python -m tests.security.fuzz [inputs] [name ...]``.

``inputs`` for each of them; names, or parts of them, choose some.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Iterator, List, Sequence

from hypothesis.strategies import SearchStrategy

from tests.security.fuzz import addresses, functions
from tests.security.fuzz.inputs import draw
from tests.security.fuzz.report import HEAD, Row

_CHUNK = 500


def main(arguments: Sequence[str] = tuple(sys.argv[1:])) -> int:
    """Returns 1 if anything failed, took too long or grew too much."""
    count, names = int(arguments[0]) if arguments else 1_000, arguments[1:]
    rows = []
    print(HEAD, flush=True)
    for row in run(count, names):
        rows.append(row)
        print(row, flush=True)
    problems = [problem for row in rows for problem in row.problems]
    print(
        "",
        f"{sum(sum(row.kinds.values()) for row in rows)} inputs, {len(problems)} problems",
        *problems,
        sep="\n",
    )
    return 1 if problems else 0


def run(count: int, names: Sequence[str] = ()) -> Iterator[Row]:
    """Fuzz all entry points, or those with one of the names, one after the other."""
    for function in functions.FUNCTIONS:
        if _is_wanted(function.name, names):
            yield functions.fuzz(function, chunks(function.inputs, count))
    with tempfile.TemporaryDirectory() as folder, addresses.served(Path(folder)) as target:
        for address in addresses.addresses(target):
            if _is_wanted(address.name, names):
                yield addresses.fuzz(address, target, chunks(address.requests, count))


def chunks(strategy: SearchStrategy[Any], count: int) -> Iterator[List[Any]]:
    """So many values in chunks; Hypothesis remembers what it has drawn, so each is drawn anew."""
    for number, start in enumerate(range(0, count, _CHUNK)):
        yield draw(strategy, min(_CHUNK, count - start), number)


def _is_wanted(name: str, names: Sequence[str]) -> bool:
    return not names or any(part in name for part in names)


if __name__ == "__main__":
    sys.exit(main())
