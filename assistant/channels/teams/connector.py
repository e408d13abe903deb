"""What the bot sends: replies, changed cards and "is typing", over the Bot Connector's REST API."""

from __future__ import annotations

from typing import Any, Dict, Optional
from urllib.parse import quote

import aiohttp
from aiohttp_retry import ExponentialRetry, RetryClient
from yarl import URL

from assistant.channels.reach import reaching
from assistant.channels.teams.activity import Activity
from assistant.channels.teams.tokens import BotToken

_TIMEOUT = aiohttp.ClientTimeout(total=15)
_MAX_WAIT_SECONDS = 30.0
_OK = 300


class NotSentError(Exception):
    """Raised when the connector does not take a message; it says with which status."""


class _Backoff(ExponentialRetry):
    """Waits as long as the service asks for, otherwise twice as long each time."""

    def get_timeout(self, attempt: int, response: Optional[aiohttp.ClientResponse] = None) -> float:
        """The seconds to wait."""
        asked = response.headers.get("Retry-After", "") if response is not None else ""
        return min(float(asked), _MAX_WAIT_SECONDS) if asked.isdigit() else super().get_timeout(attempt)


# The statuses that Microsoft asks bots in Teams to try again after. What may have arrived is not
# sent again: a timeout or a lost connection ends it.
_RETRY = _Backoff(
    attempts=5,
    start_timeout=0.5,
    statuses={412, 429, 502, 503, 504},
    exceptions={aiohttp.ClientConnectorError},
    retry_all_server_errors=False,
)
_ONCE = ExponentialRetry(attempts=1, retry_all_server_errors=False)


class Connector:
    """Answers activities at the service they came from, which the gate has checked."""

    def __init__(self, session: aiohttp.ClientSession, token: BotToken) -> None:
        self._client = RetryClient(session, retry_options=_RETRY)
        self._token = token

    async def reply(self, to: Activity, message: Dict[str, Any]) -> None:
        """Send a message below an activity.

        Raises:
            NotSentError: it was not taken.
            NoTokenError: the bot has no token.
            UnreachableError: Microsoft does not answer.
        """
        await self._send("POST", to, to.id, {**message, "replyToId": to.id})

    async def show_typing(self, to: Activity) -> None:
        """Show that the bot is typing; tried once. Raises what :meth:`reply` does."""
        await self._send("POST", to, to.id, {"type": "typing", "replyToId": to.id}, _ONCE)

    async def update(self, to: Activity, message_id: str, message: Dict[str, Any]) -> None:
        """Put a message in the place of an earlier one. Raises what :meth:`reply` does."""
        await self._send("PUT", to, message_id, {**message, "id": message_id})

    async def _send(
        self,
        method: str,
        to: Activity,
        activity_id: str,
        message: Dict[str, Any],
        retry: ExponentialRetry = _RETRY,
    ) -> None:
        conversation = quote(to.conversation.id, safe="")
        path = f"v3/conversations/{conversation}/activities/{quote(activity_id, safe='')}"
        body = {
            **message,
            "from": {"id": to.bot.id},
            "recipient": {"id": to.author.id},
            "conversation": {"id": to.conversation.id},
        }
        url = URL(f"{to.service_url.rstrip('/')}/{path}", encoded=True)
        request = self._client.request(
            method,
            url,
            retry_options=retry,
            json=body,
            headers=await self._token.headers(),
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
        with reaching(url.host):
            async with request as response:
                if response.status >= _OK:
                    raise NotSentError(f"status {response.status}")
