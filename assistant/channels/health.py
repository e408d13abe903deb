"""``/health/live``: the process answers. ``/health/ready``: everything that a turn needs does.

Ready means 200; otherwise 503. The body names what was checked and nothing else, because these
addresses have no authentication.
"""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable, Dict, Optional
from urllib.parse import urljoin

import aiohttp
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.stores.conversations import inside

_SECONDS = 3.0
_PROBE = "health:probe"

Check = Callable[[Agent], Awaitable[bool]]


class HealthChannel(InputChannel):
    """No way in for messages: Rasa lets channels add addresses."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "health"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> HealthChannel:
        """Always on."""
        return cls()

    def url_prefix(self) -> str:
        """Not below Rasa's own prefix."""
        return "/health"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two addresses."""
        routes = Blueprint("health")

        @routes.get("/live")
        async def live(request: Request) -> HTTPResponse:
            return response.json({"status": "live"})

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            checks = await readiness(request.app.ctx.agent)
            is_ready = all(checks.values())
            body = {"status": "ready" if is_ready else "not ready", "checks": checks}
            return response.json(body, status=200 if is_ready else 503)

        return routes


async def readiness(agent: Optional[Agent]) -> Dict[str, bool]:
    """Which of the checks pass, by their names."""
    found = await asyncio.gather(*(_passes(check, agent) for check in CHECKS.values()))
    return dict(zip(CHECKS, found, strict=True))


async def _passes(check: Check, agent: Optional[Agent]) -> bool:
    if agent is None:
        return False
    try:
        return await asyncio.wait_for(check(agent), _SECONDS)
    except Exception:
        return False


async def _model(agent: Agent) -> bool:
    return agent.is_ready()


async def _database(agent: Agent) -> bool:
    return await inside(agent.tracker_store).check()


async def _broker(agent: Agent) -> bool:
    publisher = inside(agent.tracker_store).publisher
    return publisher is None or publisher.is_connected


async def _lock(agent: Agent) -> bool:
    async with agent.lock_store.lock(_PROBE):
        return agent.lock_store.is_shared


async def _actions(agent: Agent) -> bool:
    address = urljoin(agent.action_endpoint.url, "/health")
    async with aiohttp.ClientSession() as session, session.get(address) as reply:
        return reply.status == 200


CHECKS: Dict[str, Check] = {
    "model": _model,
    "database": _database,
    "lock": _lock,
    "broker": _broker,
    "actions": _actions,
}
