"""The ``slack`` channel.

    POST /webhooks/slack/webhook    events, interactions and the command, told apart by their form

or the same over Socket Mode, without an address. Slack gets its answer at once; what the assistant
says is posted with the Web API afterwards. See docs/slack.md.
"""

from __future__ import annotations

import logging
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.signature import SignatureVerifier

from assistant.channels.slack.answering import CHANNEL
from assistant.channels.slack.bot import Bot
from assistant.channels.slack.requests import RefusedError, read_request
from assistant.settings import ChannelOffError, SlackSettings

logger = logging.getLogger(__name__)


class SlackChannel(InputChannel):
    """The channel of Slack."""

    def __init__(self, settings: Optional[SlackSettings]) -> None:
        self._settings = settings

    @classmethod
    def name(cls) -> str:
        """What Rasa stores with each message, and the name in addresses: ``/webhooks/slack/...``."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> SlackChannel:
        """On or off by the environment."""
        try:
            return cls(SlackSettings.from_environment())
        except ChannelOffError as off:
            logger.warning("Slack: off, %s.", off)
            return cls(None)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The addresses of the channel."""
        routes = Blueprint("slack_channel")
        if self._settings is None:
            return routes
        bot = Bot(self._settings, on_new_message)
        _add_life(routes, bot)
        if self._settings.signing_secret:
            _add_webhook(routes, bot, SignatureVerifier(self._settings.signing_secret))
        return routes


def _add_life(routes: Blueprint, bot: Bot) -> None:
    @routes.listener("before_server_start")
    async def open_session(app: Sanic, loop: Any) -> None:
        await bot.open(app)

    @routes.listener("after_server_start")
    async def connect(app: Sanic, loop: Any) -> None:
        bot.connect()

    @routes.listener("before_server_stop")
    async def close(app: Sanic, loop: Any) -> None:
        await bot.close()


def _add_webhook(routes: Blueprint, bot: Bot, verifier: SignatureVerifier) -> None:
    @routes.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        try:
            answer = bot.receive(read_request(request, verifier))
        except RefusedError as refusal:
            logger.warning("Slack: refused a request (%s): %s.", refusal.status, refusal)
            # Sent again it would be refused again.
            return response.json(
                {"error": str(refusal)}, status=refusal.status, headers={"X-Slack-No-Retry": "1"}
            )
        return response.json(answer) if answer else response.empty(status=200)
