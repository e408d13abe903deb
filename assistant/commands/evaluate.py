"""Measure the understanding of the trained model on labelled utterances.

Input: lines of ``{"text", "lang", "intent"}`` (``style`` is used where given, other keys are
ignored). Output: ``predictions.jsonl``, ``metrics.json``, ``report.md``, ``confusion.png`` and
``reliability.png``. The held-out utterances have two parts: ``choosing``, on which thresholds and
components are chosen, and ``final``, which is only read for the final figures. Without files of
its own, the command measures entities and language on their held-out parts as well.
A prediction is what the assistant would act on, message matcher and thresholds included.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import structlog
from rasa.core.agent import Agent

from assistant import entity_metrics, language_metrics, metrics
from assistant.channels.inbound import clean
from assistant.commands.environment import ROOT, CommandError
from assistant.commands.train import ensure_model
from assistant.content import load_content
from assistant.intents import UNSURE

Line = Dict[str, Any]
Parse = Callable[[str], Optional[Mapping[str, Any]]]

HELD_OUT = ROOT / "tests" / "nlu"


def main() -> int:
    """Evaluate and print the report; the exit code is 1 if the input cannot be used."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--data", type=Path, nargs="+", help="files of JSON lines (default: a part of tests/nlu)"
    )
    parser.add_argument("--part", choices=["choosing", "final"], default="choosing")
    parser.add_argument("--out", type=Path, default=ROOT / "reports" / "nlu", help="folder for the results")
    arguments = parser.parse_args()
    try:
        lines = read_lines(arguments.data or sorted(HELD_OUT.glob(f"{arguments.part}.*.jsonl")))
        parse = parser_of_model()
        write_results(predict(lines, parse), arguments.out)
        if not arguments.data:
            write_others(arguments.part, parse, arguments.out / "report.md")
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    print((arguments.out / "report.md").read_text(encoding="utf-8"))
    print(f"Written to {arguments.out}")
    return 0


def read_lines(paths: Sequence[Path]) -> List[Line]:
    """The utterances of the files.

    Raises:
        CommandError: a file is missing or a line is not of the form.
    """
    lines: List[Line] = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.") from None
        for number, row in enumerate(text.splitlines(), 1):
            if row.strip():
                lines.append(_read_line(row, f"{path}:{number}"))
    if not lines:
        raise CommandError("There is nothing to evaluate: no lines.")
    return lines


def _read_line(row: str, where: str) -> Line:
    try:
        line = json.loads(row)
    except json.JSONDecodeError as error:
        raise CommandError(f"{where}: not JSON ({error.msg}).") from None
    if not isinstance(line, dict) or not all(
        isinstance(line.get(key), str) for key in ("text", "lang", "intent")
    ):
        raise CommandError(f'{where}: a line needs the texts "text", "lang" and "intent".')
    return line


def parser_of_model() -> Parse:
    """What the trained model makes of a message; ``None`` for one that channels do not let through."""
    agent = Agent.load(str(ensure_model()))

    async def parse(text: str) -> Optional[Dict[str, Any]]:
        message = await clean(text, _no_button)
        return None if message.metadata.get("unreadable") else await agent.parse_message(message.text)

    return lambda text: asyncio.run(parse(text))


async def _no_button(payload: str) -> None:
    return None


def predict(lines: Sequence[Line], parse: Parse) -> List[Line]:
    """The lines with ``predicted``, ``confidence`` and ``top3``, as the assistant understands them."""
    return [{**line, **_prediction(parse(line["text"]))} for line in lines]


def _prediction(parsed: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    if parsed is None:
        return {"predicted": UNSURE, "confidence": 0.0, "top3": [], "likeliest": 0.0}
    return {
        "likeliest": parsed["intent_ranking"][0]["confidence"],
        "predicted": parsed["intent"]["name"],
        "confidence": round(parsed["intent"]["confidence"], 4),
        "top3": [entry["name"] for entry in parsed["intent_ranking"][:3]],
    }


def entity_scores(part: str, parse: Parse) -> Mapping[Tuple[str, str], entity_metrics.Score]:
    """How well facts and products are recognised in a part of the held-out sentences."""
    lines = _json_lines(HELD_OUT / "entities", part)
    found = [{**line, "found": (parse(line["text"]) or {}).get("entities", [])} for line in lines]
    return entity_metrics.measure(found, load_content())


def language_counts(part: str, parse: Parse) -> Mapping[str, Mapping[str, int]]:
    """In how many of the held-out conversations the assistant answers in the right language."""
    lines = _json_lines(HELD_OUT / "language", part)
    return language_metrics.measure(
        language_metrics.follow(lines, lambda text: parse(text) or {}, load_content())
    )


def write_others(part: str, parse: Parse, report: Path) -> None:
    """Add entities and language to the readable report."""
    entities = entity_metrics.report(entity_scores(part, parse))
    language = language_metrics.report(language_counts(part, parse))
    with report.open("a", encoding="utf-8") as file:
        file.write(f"\n# Entities\n\n{entities}\n# Language\n\n{language}")


def _json_lines(folder: Path, part: str) -> List[Line]:
    paths = sorted(folder.glob(f"{part}*.jsonl"))
    return [json.loads(row) for path in paths for row in path.read_text(encoding="utf-8").splitlines()]


def write_results(predictions: Sequence[Line], folder: Path) -> None:
    """Write predictions, metrics, the readable report and the confusion picture."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = ("text", "lang", "intent", "predicted", "confidence", "top3")
    rows = (json.dumps({key: line[key] for key in keys}, ensure_ascii=False) for line in predictions)
    (folder / "predictions.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    measured = metrics.measure(predictions)
    (folder / "metrics.json").write_text(json.dumps(measured, indent=2, ensure_ascii=False), encoding="utf-8")
    (folder / "report.md").write_text(metrics.report(measured, predictions), encoding="utf-8")
    metrics.draw_confusion(predictions, folder / "confusion.png")
    metrics.draw_reliability(predictions, folder / "reliability.png")


if __name__ == "__main__":
    sys.exit(main())
