"""The examples to train on, as the peers get them, and the utterances to measure on."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, Dict, List

from assistant.training_data import HELD_OUT, examples


def export(path: Path) -> None:
    """Write the training examples as lines of JSON; those of no language have ``null`` for it."""
    rows = [{"text": found.text, "lang": found.language, "intent": found.intent} for found in examples()]
    # nlp.js learns line by line: sorted by intent, the examples cost it some 17 points of accuracy.
    random.Random(0).shuffle(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def held_out() -> List[Dict[str, Any]]:
    """The final part of the held-out utterances, which is only read for figures."""
    paths = sorted(HELD_OUT.glob("final.*.jsonl"))
    return [json.loads(row) for path in paths for row in path.read_text(encoding="utf-8").splitlines()]
