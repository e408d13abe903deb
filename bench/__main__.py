"""Measure this assistant and Rasa's default pipeline in one run: ``make bench``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Dict

from assistant.commands.environment import ROOT
from bench.contenders import OURS, RASA_DEFAULT
from bench.load import machine, measure

_ROWS = (
    ("turn, p50", "p50_ms", "{:.1f} ms"),
    ("turn, p95", "p95_ms", "{:.1f} ms"),
    ("turns per second, 20 partners", "turns_per_s", "{:.0f}"),
    ("late turn to early turn, 200 turns", "late_to_early", "{:.2f}"),
    ("ready after", "ready_after_s", "{:.1f} s"),
    ("memory of the server", "rss_mb", "{:.0f} MB"),
    ("training", "training_s", "{:.0f} s"),
    ("size of the model", "model_mb", "{:.1f} MB"),
)


def main() -> None:
    measured: Dict[str, Dict[str, Any]] = {}
    for contender in (OURS, RASA_DEFAULT):
        training = contender.train()
        print(f"Measuring {contender.title} ...", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            figures = measure(contender, Path(folder))
        figures.update(
            rss_mb=figures["rss"] / 1e6, training_s=training["seconds"], model_mb=training["bytes"] / 1e6
        )
        measured[contender.title] = figures
    lines = [f"| {machine()} | {' | '.join(measured)} | ratio |", "|---|---|---|---|"]
    for label, key, form in _ROWS:
        ours, other = (figures[key] for figures in measured.values())
        lines.append(f"| {label} | {form.format(ours)} | {form.format(other)} | {ours / other:.2f} |")
    table = "\n".join(lines)
    folder = ROOT / "reports" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.md").write_text(table + "\n", encoding="utf-8")
    (folder / "bench.json").write_text(json.dumps(measured, indent=2), encoding="utf-8")
    print(f"\n{table}\n\nWritten to {folder}")


if __name__ == "__main__":
    main()
