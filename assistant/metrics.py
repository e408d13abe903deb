"""Figures about understanding: from labelled predictions to a report."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

from matplotlib.figure import Figure
from sklearn.metrics import confusion_matrix, f1_score

from assistant.content import load_content
from assistant.intents import OUT_OF_SCOPE, UNSURE

Line = Dict[str, Any]

_NOT_ANSWERED = {OUT_OF_SCOPE, UNSURE}


def topics() -> List[str]:
    """The article topics of the contract."""
    return list(load_content().contract.article_topics)


def measure(lines: Sequence[Line]) -> Dict[str, Any]:
    """All figures: overall, for each language, and for each style.

    Shares are 0 to 1, or ``None`` where there are no lines to measure on.
    """
    languages = sorted({line["lang"] for line in lines})
    styles = sorted({line["style"] for line in lines if line.get("style")})
    return {
        "lines": len(lines),
        "all": _figures(lines),
        "languages": {code: _figures([line for line in lines if line["lang"] == code]) for code in languages},
        "styles": {style: _style(lines, style) for style in styles},
    }


def _figures(lines: Sequence[Line]) -> Dict[str, Any]:
    names = set(topics())
    article = [line for line in lines if line["intent"] in names]
    outside = [line for line in lines if line["intent"] == OUT_OF_SCOPE]
    talk = [line for line in lines if line["intent"] not in names and line["intent"] != OUT_OF_SCOPE]
    rejected = [line for line in lines if line["predicted"] == OUT_OF_SCOPE]
    return {
        "article": {
            "lines": len(article),
            "accuracy": _share(article, _is_right),
            "macro_f1": macro_f1(article, sorted(names)) if article else None,
            "top3": _share(article, lambda line: line["intent"] in line["top3"]),
            "false_rejection": _share(article, lambda line: line["predicted"] == OUT_OF_SCOPE),
            "asked_back": _share(article, lambda line: line["predicted"] == UNSURE),
            "wrong_answer": _share(article, _is_wrong_answer),
            "wrong_of_answered": _share(_answered(article), _is_wrong_answer),
        },
        "calibration_error": calibration_error(lines),
        "conversation": {"lines": len(talk), "accuracy": _share(talk, _is_right)},
        "out_of_scope": {
            "lines": len(outside),
            "recall": _share(outside, lambda line: line["predicted"] == OUT_OF_SCOPE),
            "not_answered": _share(outside, lambda line: line["predicted"] in _NOT_ANSWERED),
            "recall_near": _share(_styled(outside, "near"), lambda line: line["predicted"] == OUT_OF_SCOPE),
            "recall_far": _share(_styled(outside, "far"), lambda line: line["predicted"] == OUT_OF_SCOPE),
            "precision": _share(rejected, _is_right),
        },
    }


def macro_f1(lines: Sequence[Line], labels: Iterable[str]) -> float:
    """Mean F1 over the labels; every label counts the same."""
    return float(
        f1_score(
            [line["intent"] for line in lines],
            [line["predicted"] for line in lines],
            labels=list(labels),
            average="macro",
            zero_division=0,
        )
    )


def reliability(lines: Sequence[Line]) -> List[Tuple[float, float, int]]:
    """For each tenth of confidence: how sure of the likeliest intent, how often right, how many lines."""
    tenths: Dict[int, List[Line]] = {}
    for line in lines:
        if line["top3"]:
            tenths.setdefault(min(9, int(line["likeliest"] * 10)), []).append(line)
    return [
        (
            sum(line["likeliest"] for line in found) / len(found),
            sum(line["top3"][0] == line["intent"] for line in found) / len(found),
            len(found),
        )
        for _, found in sorted(tenths.items())
    ]


def calibration_error(lines: Sequence[Line]) -> Optional[float]:
    """Expected calibration error over ten bins (0 to 1): confidence against how often it was right."""
    bins = reliability(lines)
    total = sum(count for *_, count in bins)
    return sum(abs(sure - right) * count for sure, right, count in bins) / total if total else None


def _style(lines: Sequence[Line], style: str) -> Dict[str, Any]:
    chosen = _styled(lines, style)
    return {"lines": len(chosen), "accuracy": _share(chosen, _is_right)}


def _styled(lines: Sequence[Line], style: str) -> List[Line]:
    return [line for line in lines if line.get("style") == style]


def _is_right(line: Line) -> bool:
    return line["predicted"] == line["intent"]


def _answered(lines: Sequence[Line]) -> List[Line]:
    return [line for line in lines if line["predicted"] not in _NOT_ANSWERED]


def _is_wrong_answer(line: Line) -> bool:
    return not _is_right(line) and line["predicted"] not in _NOT_ANSWERED


def _share(lines: Sequence[Line], test: Any) -> Optional[float]:
    return sum(map(bool, map(test, lines))) / len(lines) if lines else None


def report(measured: Dict[str, Any], lines: Sequence[Line]) -> str:
    """The figures as Markdown tables, with the commonest confusions."""
    rows = [
        "# Understanding",
        "",
        f"{measured['lines']} utterances. F1 is the mean over the article topics.",
        "",
    ]
    header = ["", "article F1", "accuracy", "top 3", "rejected", "asked back", "wrong if answered"]
    header += ["conversation", "out of scope", "near", "far", "precision", "calibration error"]
    rows += _table(header, [_row(name, figures) for name, figures in _groups(measured)])
    if measured["styles"]:
        styles = [
            [name, str(found["lines"]), _percent(found["accuracy"])]
            for name, found in measured["styles"].items()
        ]
        rows += ["", *_table(["style", "lines", "accuracy"], styles)]
    confused = Counter((line["intent"], line["predicted"]) for line in lines if not _is_right(line))
    rows += [
        "",
        *_table(["meant", "taken for", "times"], [[a, b, str(n)] for (a, b), n in confused.most_common(15)]),
    ]
    return "\n".join(rows) + "\n"


def _groups(measured: Dict[str, Any]) -> Iterable[Any]:
    yield "all", measured["all"]
    yield from measured["languages"].items()


def _row(name: str, figures: Dict[str, Any]) -> List[str]:
    article, outside = figures["article"], figures["out_of_scope"]
    values = [
        article[key]
        for key in ("macro_f1", "accuracy", "top3", "false_rejection", "asked_back", "wrong_of_answered")
    ]
    values += [figures["conversation"]["accuracy"]]
    values += [outside[key] for key in ("recall", "recall_near", "recall_far", "precision")]
    values += [figures["calibration_error"]]
    return [name, *map(_percent, values)]


def _percent(share: Optional[float]) -> str:
    return "-" if share is None else f"{share:.1%}"


def _table(header: List[str], rows: List[List[str]]) -> List[str]:
    return ["| " + " | ".join(cells) + " |" for cells in [header, ["---"] * len(header), *rows]]


def draw_confusion(lines: Sequence[Line], path: Path) -> None:
    """A picture of what is taken for what; the diagonal is right."""
    seen = {line["intent"] for line in lines} | {line["predicted"] for line in lines}
    labels = [name for name in topics() if name in seen] + sorted(seen - set(topics()))
    matrix = confusion_matrix(
        [line["intent"] for line in lines],
        [line["predicted"] for line in lines],
        labels=labels,
        normalize="true",
    )
    size = max(6.0, len(labels) * 0.32)
    figure = Figure(figsize=(size, size))
    axes = figure.subplots()
    axes.imshow(matrix, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=7)
    axes.set_yticks(range(len(labels)), labels, fontsize=7)
    axes.set_xlabel("taken for")
    axes.set_ylabel("meant")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def draw_reliability(lines: Sequence[Line], path: Path) -> None:
    """A picture of how often the likeliest intent is right, by how sure we are; the diagonal is ideal."""
    bins = reliability(lines)
    figure = Figure(figsize=(5, 5))
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    axes.plot([sure for sure, _, _ in bins], [right for _, right, _ in bins], marker="o")
    for sure, right, count in bins:
        axes.annotate(str(count), (sure, right), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set_xlabel("confidence of the likeliest intent")
    axes.set_ylabel("how often it is right")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
