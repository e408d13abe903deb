from __future__ import annotations

import asyncio

import pytest
from rasa.core.agent import Agent

from assistant.commands.environment import ROOT
from assistant.commands.evaluate import predict, read_lines
from assistant.commands.train import ensure_model


@pytest.fixture(scope="session")
def parse():
    """Understand a text with the trained model."""
    agent = Agent.load(str(ensure_model()))
    return lambda text: asyncio.run(agent.parse_message(text))


@pytest.fixture(scope="session")
def predictions():
    """What the assistant makes of the held-out utterances, of both parts."""
    return predict(read_lines(sorted((ROOT / "tests" / "nlu").glob("*.jsonl"))))
