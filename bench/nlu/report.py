"""The figures of all contenders as Markdown, JSON and a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, List, Mapping, Sequence, Tuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.load import machine

Figures = Mapping[str, Any]
# Head of a column, path of its figure and the form of it.
Column = Tuple[str, str, str]

_UNDERSTANDING: Tuple[Column, ...] = (
    ("article F1, en", "understanding.languages.en.article.macro_f1", "{:.1%}"),
    ("de", "understanding.languages.de.article.macro_f1", "{:.1%}"),
    ("top 3", "understanding.all.article.top3", "{:.1%}"),
    ("rejected", "understanding.all.article.false_rejection", "{:.1%}"),
    ("asked back", "understanding.all.article.asked_back", "{:.1%}"),
    ("wrong if answered", "understanding.all.article.wrong_of_answered", "{:.1%}"),
    ("conversation", "understanding.all.conversation.accuracy", "{:.1%}"),
    ("out of scope, near", "understanding.all.out_of_scope.recall_near", "{:.1%}"),
    ("pasted messages", "understanding.styles.pasted.accuracy", "{:.1%}"),
)
_COST: Tuple[Column, ...] = (
    ("message, p50", "p50_ms", "{:.2f} ms"),
    ("p95", "p95_ms", "{:.2f} ms"),
    ("first answer after", "start_s", "{:.1f} s"),
    ("memory", "rss_mb", "{:.0f} MB"),
    ("training", "training_s", "{:.0f} s"),
    ("model", "model_mb", "{:.1f} MB"),
)
# Dark and pale.
_OURS, _OTHERS = ("#1f5fa8", "#86a9d3"), ("#80868f", "#bfc3c9")


def write(measured: Mapping[str, Figures], folder: Path) -> str:
    """Write all forms of the report and return the Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join(_table(columns, measured) for columns in (_UNDERSTANDING, _COST))
    (folder / "bench-nlu.md").write_text(text + "\n", encoding="utf-8")
    (folder / "bench-nlu.json").write_text(json.dumps(measured, indent=2), encoding="utf-8")
    draw({name: figures for name, figures in measured.items() if "unusable" not in figures}, folder)
    return f"{text}\n\nWritten to {folder}"


def _table(columns: Tuple[Column, ...], measured: Mapping[str, Figures]) -> str:
    rows = [[machine(), *(head for head, _, _ in columns)], ["---"] * (len(columns) + 1)]
    rows += [[name, *_cells(columns, figures)] for name, figures in measured.items()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _cells(columns: Tuple[Column, ...], figures: Figures) -> List[str]:
    if "unusable" in figures:
        return [figures["unusable"], *["-"] * (len(columns) - 1)]
    return [_shown(_at(figures, path), form) for _, path, form in columns]


def _at(figures: Figures, path: str) -> Any:
    """The figure at a path with dots; ``None`` where there were no lines to measure on."""
    for key in path.split("."):
        figures = (figures or {}).get(key)
    return figures


def _shown(value: Any, form: str) -> str:
    return "-" if value is None else form.format(value)


def draw(measured: Mapping[str, Figures], folder: Path) -> None:
    """A picture of accuracy and latency; the first contender is ours."""
    figure = Figure(figsize=(10, 1 + 0.72 * len(measured)))
    accuracy, latency = figure.subplots(1, 2, sharey=True)
    names = [name.replace(" (", "\n(").replace(", ", ",\n") for name in measured]
    _draw_accuracy(accuracy, list(measured.values()))
    _draw_latency(latency, list(measured.values()))
    accuracy.set_yticks(range(len(names)), names)
    accuracy.invert_yaxis()
    for axes in (accuracy, latency):
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.set_axisbelow(True)
        axes.grid(axis="x", color="#e4e6ea")
    figure.tight_layout(w_pad=2)
    figure.savefig(folder / "bench-nlu.png", dpi=130)


def _draw_accuracy(axes: Axes, measured: Sequence[Figures]) -> None:
    height = 0.36
    for number, language in enumerate(("English", "German")):
        values = [100 * _at(found, _UNDERSTANDING[number][1]) for found in measured]
        places = [place + (number - 0.5) * height for place in range(len(values))]
        colors = [pair[number] for pair in _colors(measured)]
        bars = axes.barh(places, values, height * 0.92, color=colors)
        axes.bar_label(bars, [f"{language} {value:.1f} %" for value in values], padding=3, fontsize=8)
    axes.set(xlim=(0, 128), xticks=range(0, 101, 20))
    axes.set_title("Article F1 in % (more is better)", loc="left", fontsize=11)


def _draw_latency(axes: Axes, measured: Sequence[Figures]) -> None:
    for place, (found, (dark, pale)) in enumerate(zip(measured, _colors(measured), strict=True)):
        usual, slow = found["p50_ms"], found["p95_ms"]
        axes.plot([usual, slow], [place, place], color=pale, linewidth=5, solid_capstyle="round", zorder=2)
        axes.plot(usual, place, "o", color=dark, markersize=10, zorder=3)
        label = f"{usual:.2g} to {slow:.2g} ms"
        axes.annotate(label, (slow, place), (8, 0), "data", "offset points", va="center", fontsize=8)
    slowest = max(found["p95_ms"] for found in measured)
    axes.set_xscale("log")
    axes.set_xlim(0.1, 8 * slowest)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_title("One message in ms, p50 to p95 (less is better)", loc="left", fontsize=11)


def _colors(measured: Sequence[Figures]) -> List[Tuple[str, str]]:
    return [_OURS, *[_OTHERS] * (len(measured) - 1)]
