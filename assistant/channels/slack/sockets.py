"""Socket Mode: Slack's events over a connection that the assistant opens, without a public address."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Callable, Dict, Optional

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from assistant.channels.slack.requests import RefusedError
from assistant.channels.slack.web_api import library_logger

logger = logging.getLogger(__name__)

_PING_SECONDS = 5.0


class Sockets:
    """A connection that is kept open."""

    def __init__(self, app_token: str, receive: Callable[[Dict[str, Any]], Dict[str, Any]]) -> None:
        """``receive`` takes an event, interaction or command, and returns what Slack gets at once."""
        self._app_token = app_token
        self._receive = receive
        self._client: Optional[SocketModeClient] = None
        self._tasks: list[asyncio.Task] = []

    def start(self, web_client: AsyncWebClient) -> None:
        """Connect in the background, again and again until it works."""
        self._client = SocketModeClient(
            self._app_token, library_logger(), web_client, ping_interval=_PING_SECONDS
        )
        self._client.socket_mode_request_listeners.append(self._listen)
        self._tasks = [
            asyncio.ensure_future(self._client.connect()),
            asyncio.ensure_future(self._renew_address()),
        ]

    async def stop(self) -> None:
        """Close the connection."""
        if not self._client:
            return
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    async def _renew_address(self) -> None:
        # An address can be used once and for half a minute; the library would try it forever.
        while True:
            await asyncio.sleep(_PING_SECONDS)
            if not await self._client.is_connected():
                self._client.wss_uri = None

    async def _listen(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        try:
            answer = self._receive(request.payload)
        except RefusedError as refusal:
            logger.warning("Slack: ignored what came over the socket: %s.", refusal)
            answer = {}
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer or None))
