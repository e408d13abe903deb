"""Slack's Web API, as far as the assistant uses it."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections import OrderedDict
from typing import Any, Dict, Optional, Tuple

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from assistant.channels.reach import UnreachableError, reaching

_TIMEOUT = aiohttp.ClientTimeout(total=15)
_RETRIES = 3
# The first answer to somebody waits no longer for the person's language.
_LOCALE_TIMEOUT = 3.0
_LOCALE_SECONDS = 24 * 3600.0
_LOCALES = 10_000
# Slack shows the text where it does not take the blocks.
_UNUSABLE_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}


# What the metadata of a message is called.
_ANSWER, _RECEIPT = "assistant_answer", "receipt"
_LOOKED_AT = 100


def _receipt_of(message: Dict[str, Any]) -> Optional[str]:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get(_RECEIPT)


class _ServerErrorRetryHandler(AsyncServerErrorRetryHandler):
    """Retries after errors of proxies too; the library only after 500 and 503."""

    async def _can_retry_async(self, *, response: Any = None, **more: Any) -> bool:
        return response is not None and response.status_code >= 500


def _library_logger() -> logging.Logger:
    """A logger for the library, whose debug lines would tell what people say."""
    logger = logging.getLogger(f"{__name__}.sdk")
    logger.setLevel(logging.INFO)
    return logger


def code_of(error: Exception) -> str:
    """What went wrong and where, without the message of the error, which may tell what was said."""
    if isinstance(error, SlackApiError):
        answer = getattr(error.response, "data", None)
        code = answer.get("error") if isinstance(answer, dict) else None
        return str(code or getattr(error.response, "status_code", "no answer"))
    if isinstance(error, UnreachableError):
        return str(error)
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f"{type(error).__name__} in {frame.f_code.co_filename}, line {line}"


class WebApi:
    """A client with one session for the whole process."""

    def __init__(self, token: str, url: str) -> None:
        self._token, self._url = token, url
        self._locales: OrderedDict[Tuple[str, str], Tuple[Optional[str], float]] = OrderedDict()
        self._session: Optional[aiohttp.ClientSession] = None
        self.client: Optional[AsyncWebClient] = None

    async def open(self) -> None:
        """Open the session; needs a running loop."""
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        self.client = AsyncWebClient(
            token=self._token,
            base_url=self._url,
            session=self._session,
            logger=_library_logger(),
            retry_handlers=[
                AsyncConnectionErrorRetryHandler(_RETRIES),
                AsyncRateLimitErrorRetryHandler(_RETRIES),
                _ServerErrorRetryHandler(_RETRIES),
            ],
        )

    async def close(self) -> None:
        """Close the session."""
        if self._session:
            await self._session.close()

    async def post(
        self, channel: str, thread: Optional[str], message: Dict[str, Any], receipt: Optional[str] = None
    ) -> None:
        """Post a message, with the receipt that it belongs to in its metadata.

        Raises:
            SlackApiError: Slack does not take it.
            UnreachableError: Slack does not answer.
        """
        place = {"channel": channel, "thread_ts": thread, "unfurl_links": False, "unfurl_media": False}
        if receipt:
            place["metadata"] = {"event_type": _ANSWER, "event_payload": {_RECEIPT: receipt}}
        await self._send(self.client.chat_postMessage, place, message)

    async def count_posted(self, channel: str, thread: Optional[str], receipt: str) -> int:
        """How many of the latest messages in a place belong to a receipt.

        In channels the app has no right to look: 0.
        """
        method = self.client.conversations_replies if thread else self.client.conversations_history
        place = {"channel": channel, "limit": _LOOKED_AT, "include_all_metadata": True}
        try:
            answer = await self._call(method, **place, **({"ts": thread} if thread else {}))
        except (SlackApiError, UnreachableError):
            return 0
        return [_receipt_of(message) for message in answer.get("messages") or []].count(receipt)

    async def replace(self, channel: str, ts: str, message: Dict[str, Any]) -> None:
        """Replace a message; raises like ``post``."""
        await self._send(self.client.chat_update, {"channel": channel, "ts": ts}, message)

    async def _send(self, method: Any, place: Dict[str, Any], message: Dict[str, Any]) -> None:
        try:
            await self._call(method, **place, **message)
        except SlackApiError as error:
            if code_of(error) not in _UNUSABLE_BLOCKS:
                raise
            # An empty list takes the old blocks away from a message that is replaced.
            await self._call(method, **place, text=message["text"], blocks=[])

    async def _call(self, method: Any, **arguments: Any) -> Any:
        with reaching("Slack"):
            return await method(**arguments)

    async def direct_channel(self, user: str) -> str:
        """The channel of the direct messages with somebody; raises like ``post``."""
        answer = await self._call(self.client.conversations_open, users=user)
        return answer["channel"]["id"]

    async def socket_address(self, app_token: str) -> str:
        """Where the next connection of Socket Mode goes, with a ticket in it; raises like ``post``."""
        answer = await self._call(self.client.apps_connections_open, app_token=app_token)
        return answer["url"]

    async def locale(self, team: str, user: str) -> Optional[str]:
        """The language in which somebody uses Slack, such as ``de-DE``; ``None`` if Slack does not tell."""
        known, until = self._locales.get((team, user), (None, 0.0))
        if time.monotonic() < until:
            return known
        try:
            work = self._call(self.client.users_info, user=user, include_locale=True)
            locale = (await asyncio.wait_for(work, _LOCALE_TIMEOUT))["user"].get("locale")
        except (SlackApiError, UnreachableError, asyncio.TimeoutError):
            locale = None
        self._locales[team, user] = (locale, time.monotonic() + _LOCALE_SECONDS)
        while len(self._locales) > _LOCALES:
            self._locales.popitem(last=False)
        return locale
