"""The ``web`` channel: what the website widget talks to.

    POST /chat/session               a new session, or the history of the one in the header
    POST /chat/messages              a message of the partner; answers with the replies to it
    GET  /chat/messages?after=...    what was said since
    GET  /chat/, /chat/widget.js ... a demo page and the files of the widget

A session is a signed token in the ``Authorization`` header; there are no cookies. A message has an
id that its client chose: sent again, it gets the same replies and is not answered twice.
"""

from __future__ import annotations

import logging
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.web import files
from assistant.channels.web.chat import CHANNEL, Chat
from assistant.channels.web.origins import Origins
from assistant.channels.web.requests import RefusedError, phrase
from assistant.channels.web.sessions import Sessions
from assistant.settings import ChannelOffError, WebSettings

logger = logging.getLogger(__name__)


class WebChannel(InputChannel):
    """The channel of the website widget."""

    def __init__(self, settings: Optional[WebSettings]) -> None:
        self._settings = settings

    @classmethod
    def name(cls) -> str:
        """What Rasa stores with each message."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> WebChannel:
        """On or off by the environment."""
        try:
            return cls(WebSettings.from_environment())
        except ChannelOffError as off:
            logger.warning("Website widget: off, %s.", off)
            return cls(None)

    def url_prefix(self) -> str:
        """Not below Rasa's own prefix, so that the addresses are short."""
        return "/chat"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The addresses of the channel."""
        routes = Blueprint("web_channel")
        if self._settings is None:
            return routes
        origins = Origins(self._settings.origins)
        chat = Chat(Sessions(self._settings.secret), on_new_message)
        _add_chat(routes, chat, origins)
        files.add_routes(routes, files.load(), self._settings.origins)
        return routes


def _add_chat(routes: Blueprint, chat: Chat, origins: Origins) -> None:
    async def answer(request: Request, work: Callable[[Request], Awaitable[Dict[str, Any]]]) -> HTTPResponse:
        try:
            if not origins.allows(request):
                raise RefusedError(403, "This site may not talk to the assistant (WEB_ORIGINS).")
            result, status = await work(request), 200
        except RefusedError as refusal:
            result, status = {"error": str(refusal), **refusal.details}, refusal.status
            logger.info("Refused %s %s: %s", request.method, request.path, status)
        return response.json(result, status=status)

    @routes.post("/session")
    async def session(request: Request) -> HTTPResponse:
        return await answer(request, chat.session)

    @routes.post("/messages")
    async def message(request: Request) -> HTTPResponse:
        return await answer(request, chat.message)

    @routes.get("/messages")
    async def since(request: Request) -> HTTPResponse:
        return await answer(request, chat.since)

    @routes.exception(PayloadTooLarge)
    def too_large(request: Request, error: PayloadTooLarge) -> HTTPResponse:
        return response.json({"error": phrase("message_too_long", request)}, status=error.status_code)
