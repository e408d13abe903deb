"""Serve the understanding of a Rasa model: ``python -m bench.nlu.rasa_agent MODEL [--channel]``."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Optional, Tuple

import structlog
from rasa.core.agent import Agent

from assistant.channels.inbound import clean
from bench.nlu.protocol import Ranking, Understand, serve


def load() -> Understand:
    """Load the model; with ``--channel``, messages go through the cleaning of our channels first."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    agent = Agent.load(sys.argv[1])
    cleans = "--channel" in sys.argv
    loop = asyncio.new_event_loop()

    def understand(text: str, language: Optional[str]) -> Tuple[Ranking, str]:
        return loop.run_until_complete(_understand(agent, text, cleans))

    return understand


async def _understand(agent: Agent, text: str, cleans: bool) -> Tuple[Ranking, str]:
    if cleans:
        text = (await clean(text, _never_offered)).text
    parsed = await agent.parse_message(text)
    ranking = [(entry["name"], entry["confidence"]) for entry in parsed["intent_ranking"]]
    return ranking, parsed["intent"]["name"]


async def _never_offered(payload: str) -> bool:
    return False


if __name__ == "__main__":
    serve(load)
