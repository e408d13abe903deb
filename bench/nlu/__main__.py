"""Measure four intent recognisers on the same data in one run: ``make bench-nlu``."""

from __future__ import annotations

from typing import Any, Dict

from assistant.commands.environment import ROOT
from bench.nlu.contenders import ALL, Unusable
from bench.nlu.data import held_out
from bench.nlu.measuring import measure
from bench.nlu.report import write


def main() -> None:
    """Measure every contender that can be had here and write the report."""
    lines = held_out()
    measured: Dict[str, Dict[str, Any]] = {}
    for contender in ALL:
        try:
            measured[contender.title] = measure(contender, lines)
        except Unusable as error:
            measured[contender.title] = {"unusable": str(error)}
    print(f"\n{write(measured, ROOT / 'reports' / 'bench-nlu')}")


if __name__ == "__main__":
    main()
