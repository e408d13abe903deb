"""Rasa's REST format, for development, tests and integration on the same machine.

``POST /webhooks/rest/webhook`` with ``{"sender": ..., "message": ..., "metadata": {"locale": ...}}``
answers with a list of ``{"recipient_id", "text", "buttons"}``. A client chooses its own sender
here, which is why the channel only answers on loopback and is off in production.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.inbound import spoken_language
from assistant.channels.turns import Incoming, take_turn

MAX_SENDER_LENGTH = 200


class BadRequestError(ValueError):
    """Raised when a request is not of the documented form."""


class RestChannel(InputChannel):
    """The ``rest`` channel."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled

    @classmethod
    def name(cls) -> str:
        """The name in addresses: ``/webhooks/rest/...``."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> RestChannel:
        """On, unless the environment variable ``PRODUCTION`` is set."""
        return cls(enabled=not os.environ.get("PRODUCTION"))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The addresses of the channel."""
        webhook = Blueprint("rest_channel")

        @webhook.get("/")
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if not self._enabled or not _is_local(request):
                return response.json({"error": "The REST channel only answers on this machine."}, status=403)
            try:
                sender, text, metadata = _read(request)
            except BadRequestError as error:
                return response.json({"error": str(error)}, status=400)
            store = request.app.ctx.agent.tracker_store
            incoming = Incoming(sender, text, self.name(), metadata)
            turn = asyncio.ensure_future(take_turn(on_new_message, store, incoming))
            # A client that goes away does not stop its turn.
            return response.json(await asyncio.shield(turn))

        return webhook


def _is_local(request: Request) -> bool:
    try:
        return ipaddress.ip_address(request.ip).is_loopback
    except ValueError:
        return False


def _read(request: Request) -> tuple[str, str, Dict[str, Any]]:
    try:
        body = request.json
    except SanicException:
        raise BadRequestError("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise BadRequestError('Send a JSON object: {"sender": "...", "message": "..."}.')
    sender, text, metadata = body.get("sender"), body.get("message"), body.get("metadata") or {}
    if not isinstance(sender, str) or not sender.strip() or len(sender) > MAX_SENDER_LENGTH:
        raise BadRequestError(f'"sender" has to be a text of 1 to {MAX_SENDER_LENGTH} characters.')
    if not isinstance(text, str):
        raise BadRequestError('"message" has to be a text.')
    language = spoken_language(metadata.get("locale")) if isinstance(metadata, dict) else None
    return sender.strip(), text, {"locale": language} if language else {}
