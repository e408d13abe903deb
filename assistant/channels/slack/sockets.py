"""Socket Mode: Slack's events over a connection that the assistant opens, without a public address.

The library's own client cannot be told how often to try, and logs every failure twice.
See docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any, Callable, Dict, Optional

import aiohttp
from slack_sdk.errors import SlackApiError

from assistant.channels.reach import reaching
from assistant.channels.slack.requests import RefusedError
from assistant.channels.slack.web_api import WebApi, code_of

logger = logging.getLogger(__name__)

_HEARTBEAT_SECONDS = 10.0
# Slack replaces a connection every few hours. One that lasted this long was fine, so that the next
# one is opened at once.
_GOOD_SECONDS = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
# The server has ten seconds to stop, whether or not Slack says goodbye.
_TIMEOUT = aiohttp.ClientWSTimeout(ws_close=1.0)
_OPEN_TIMEOUT = aiohttp.ClientTimeout(total=15)
_TOKEN_PROBLEMS = {
    **dict.fromkeys(("invalid_auth", "not_authed", "not_allowed_token_type"), "is not valid"),
    **dict.fromkeys(("token_revoked", "token_expired", "account_inactive"), "is not valid any more"),
    "missing_scope": "lacks the scope connections:write",
}


class Sockets:
    """A connection that is kept open."""

    def __init__(
        self, app_token: str, api: WebApi, receive: Callable[[Dict[str, Any]], Dict[str, Any]]
    ) -> None:
        """``receive`` takes an event, interaction or command, and returns what Slack gets at once."""
        self._app_token = app_token
        self._api = api
        self._receive = receive
        self._task: Optional[asyncio.Task] = None

    def start(self) -> None:
        """Connect in the background, again and again until it works, and again when it ends."""
        self._task = asyncio.ensure_future(self._keep_connected())

    async def stop(self) -> None:
        """Close the connection."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep_connected(self) -> None:
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            pause = min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE)
            try:
                if await self._connect() > _GOOD_SECONDS:
                    pause = 0.0
            except Exception as error:
                logger.error(
                    "Slack: Socket Mode is not connected: %s. Next try in %d s.", _problem(error), pause
                )

    async def _connect(self) -> float:
        """Open a connection and take what comes; returns after how many seconds it ended."""
        address = await self._api.socket_address(self._app_token)
        with reaching("Slack"):
            async with (
                aiohttp.ClientSession(timeout=_OPEN_TIMEOUT) as session,
                session.ws_connect(
                    address,
                    proxy=self._api.client.proxy,
                    heartbeat=_HEARTBEAT_SECONDS,
                    timeout=_TIMEOUT,
                ) as socket,
            ):
                opened = time.monotonic()
                reason = await self._take_all(socket)
        logger.info("Slack: the connection of Socket Mode ended (%s).", reason)
        return time.monotonic() - opened

    async def _take_all(self, socket: aiohttp.ClientWebSocketResponse) -> str:
        """Take what comes until the connection ends; returns why."""
        async for frame in socket:
            message = _object_in(frame)
            if message.get("type") == "hello":
                logger.info("Slack: Socket Mode is connected.")
            elif message.get("type") == "disconnect":
                return str(message.get("reason"))
            elif message.get("envelope_id"):
                await socket.send_json(self._acknowledge(message))
        return "closed"

    def _acknowledge(self, envelope: Dict[str, Any]) -> Dict[str, Any]:
        acknowledgement = {"envelope_id": envelope["envelope_id"]}
        payload = envelope.get("payload")
        try:
            answer = self._receive(payload if isinstance(payload, dict) else {})
        except RefusedError as refusal:
            logger.warning("Slack: ignored what came over the socket: %s.", refusal)
            answer = {}
        return {**acknowledgement, "payload": answer} if answer else acknowledgement


def _object_in(frame: aiohttp.WSMessage) -> Dict[str, Any]:
    """The object that a frame carries, empty if it carries none."""
    try:
        message = json.loads(frame.data) if frame.type == aiohttp.WSMsgType.TEXT else None
    except (ValueError, RecursionError):
        message = None
    return message if isinstance(message, dict) else {}


def _problem(error: Exception) -> str:
    code = code_of(error)
    if not isinstance(error, SlackApiError):
        return code
    if code in _TOKEN_PROBLEMS:
        return f"SLACK_APP_TOKEN {_TOKEN_PROBLEMS[code]} ({code})"
    return f"Slack answers {code}"
