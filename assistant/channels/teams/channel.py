"""The ``teams`` channel.

    POST /webhooks/teams/webhook    every activity of the bot, from the Bot Framework

Teams gets its answer at once; what the assistant says is sent to the Bot Connector afterwards. See
docs/teams.md.
"""

from __future__ import annotations

import logging
from typing import Any, Awaitable, Callable, Dict, Optional

import aiohttp
from pydantic import ValidationError
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from sanic import Blueprint, Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.teams.activity import Activity
from assistant.channels.teams.bot import CHANNEL, Bot
from assistant.channels.teams.connector import Connector
from assistant.channels.teams.gate import Gate, RefusedError
from assistant.channels.teams.keys import SigningKeys
from assistant.channels.teams.tokens import BotToken
from assistant.channels.turns import Handler
from assistant.settings import ChannelOffError, TeamsSettings

logger = logging.getLogger(__name__)


class TeamsChannel(InputChannel):
    """The channel of Microsoft Teams."""

    def __init__(self, settings: Optional[TeamsSettings]) -> None:
        self._settings = settings

    @classmethod
    def name(cls) -> str:
        """What Rasa stores with each message, and the name in addresses: ``/webhooks/teams/...``."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> TeamsChannel:
        """On or off by the environment."""
        try:
            settings = TeamsSettings.from_environment()
        except ChannelOffError as off:
            logger.warning("Microsoft Teams: off, %s.", off)
            return cls(None)
        if not settings.checks_tokens:
            logger.warning("Microsoft Teams: on without authentication (TEAMS_NO_AUTH), for a playground.")
        return cls(settings)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The addresses of the channel."""
        routes = Blueprint("teams_channel")
        if self._settings is not None:
            _add_webhook(routes, self._settings, on_new_message)
        return routes


class Webhook:
    """Takes in activities while the server runs; makes no connection before the first one."""

    def __init__(self, settings: TeamsSettings, on_new_message: Handler) -> None:
        self._session = aiohttp.ClientSession(trust_env=True)
        self._gate = Gate(settings, SigningKeys(self._session, settings.openid_url))
        self._bot = Bot(Connector(self._session, BotToken(settings)), on_new_message)

    async def receive(self, request: Request) -> Dict[str, Any]:
        """Take in the activity of a request.

        Returns:
            What Teams gets.

        Raises:
            RefusedError: it is not from the Bot Framework, or no activity.
        """
        admitted = await self._gate.admit(request.headers)
        activity = _activity(request)
        self._gate.check(activity, admitted)
        return await self._bot.receive(activity, request.app.ctx.agent.tracker_store)

    def start(self, store: TrackerStore) -> None:
        """Answer what a killed server has left."""
        self._bot.start(store)

    async def close(self) -> None:
        """Finish what is being answered."""
        await self._bot.finish()
        await self._session.close()


def _add_webhook(routes: Blueprint, settings: TeamsSettings, on_new_message: Handler) -> None:
    @routes.listener("before_server_start")
    async def start(app: Sanic, loop: Any) -> None:
        app.ctx.teams = Webhook(settings, on_new_message)

    @routes.listener("after_server_start")
    async def answer_what_is_left(app: Sanic, loop: Any) -> None:
        app.ctx.teams.start(app.ctx.agent.tracker_store)

    @routes.listener("before_server_stop")
    async def stop(app: Sanic, loop: Any) -> None:
        await app.ctx.teams.close()

    @routes.post("/webhook")
    async def receive(request: Request) -> HTTPResponse:
        try:
            return response.json(await request.app.ctx.teams.receive(request))
        except RefusedError as refusal:
            logger.warning("Teams: refused a request (%s): %s.", refusal.status, refusal)
            return response.json({"error": str(refusal)}, status=refusal.status)


def _activity(request: Request) -> Activity:
    try:
        body = request.json
    except SanicException:
        raise RefusedError(400, "the body is no JSON") from None
    if not isinstance(body, dict):
        # pydantic would try to make an object of a list of pairs.
        raise RefusedError(400, "the body is no activity (not an object)")
    try:
        return Activity.parse_obj(body)
    except ValidationError as error:
        raise RefusedError(400, f"the body is no activity ({_fields(error)})") from None


def _fields(error: ValidationError) -> str:
    """The fields that are missing or of another form."""
    return ", ".join(sorted({".".join(map(str, problem["loc"])) for problem in error.errors()}))
