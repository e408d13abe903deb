"""Figures of one contender: how well it understands, and what that costs."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from typing import Any, Dict, Optional, Sequence, Tuple

import psutil

from assistant import metrics
from assistant.commands.environment import LOGS, ROOT, tail
from assistant.intents import UNSURE
from bench.nlu.contenders import Contender, Unusable

Line = Dict[str, Any]
_FIRST = ("Guten Tag", "de")
_LOG = LOGS / "bench-nlu.log"


class Served:
    """A contender in a process of its own."""

    def __init__(self, contender: Contender, command: Sequence[str]) -> None:
        self._gives_language = contender.given_language
        LOGS.mkdir(parents=True, exist_ok=True)
        started = time.perf_counter()
        with _LOG.open("w", encoding="utf-8") as errors:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=contender.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.ask(*_FIRST)
        self.start_s = time.perf_counter() - started

    def ask(self, text: str, language: Optional[str]) -> Dict[str, Any]:
        """What the contender makes of a message.

        Raises:
            Unusable: its process has ended.
        """
        message = {"text": text, "lang": language if self._gives_language else None}
        try:
            print(json.dumps(message), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            pass
        else:
            answer = self._process.stdout.readline()
            if answer:
                return json.loads(answer)
        self._process.wait()
        raise Unusable(f"ended by itself: {tail(_LOG, 1)}")

    def memory(self) -> int:
        """Resident memory in bytes."""
        return psutil.Process(self._process.pid).memory_info().rss

    def stop(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)


def measure(contender: Contender, lines: Sequence[Line]) -> Dict[str, Any]:
    """All figures of a contender.

    Raises:
        Unusable: it cannot be measured here.
    """
    # The command names the model for the data of now, even if somebody edits it during the training.
    command = contender.command
    training = contender.train()
    print(f"Measuring {contender.title} ...", flush=True)
    served = Served(contender, command)
    timed = [_timed(served, line) for line in lines]
    memory = served.memory()
    served.stop()
    times = [milliseconds for milliseconds, _ in timed]
    return {
        "training_s": training["seconds"],
        "model_mb": training["bytes"] / 1e6,
        "start_s": served.start_s,
        "p50_ms": statistics.median(times),
        "p95_ms": statistics.quantiles(times, n=20)[-1],
        "rss_mb": memory / 1e6,
        "understanding": metrics.measure([predicted for _, predicted in timed]),
    }


def _timed(served: Served, line: Line) -> Tuple[float, Line]:
    started = time.perf_counter()
    answer = served.ask(line["text"], line["lang"])
    milliseconds = (time.perf_counter() - started) * 1000
    # Some rank their fallback among the intents.
    ranking = [(name, sure) for name, sure in answer["ranking"] if name != UNSURE]
    predicted = {
        "predicted": answer["predicted"],
        "top3": [name for name, _ in ranking[:3]],
        "likeliest": ranking[0][1] if ranking else 0.0,
    }
    return milliseconds, {**line, **predicted}
