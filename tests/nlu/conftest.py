from __future__ import annotations

import pytest

from assistant.commands.evaluate import HELD_OUT, parser_of_model, predict, read_lines


@pytest.fixture(scope="session")
def parse():
    """Understand a text with the trained model."""
    return parser_of_model()


@pytest.fixture(scope="session")
def predictions(parse):
    """What the assistant makes of the held-out utterances, of both parts."""
    return predict(read_lines(sorted(HELD_OUT.glob("*.jsonl"))), parse)
