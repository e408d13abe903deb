"""The bot's own token, which its replies carry."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Dict, Optional

import msal
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from assistant.channel_settings import TeamsSettings

_SCOPE = "https://api.botframework.com/.default"
# Bots that every tenant may use belong to the Bot Framework's own.
_ANY_TENANT = "botframework.com"
_TIMEOUT_SECONDS = 10
_RETRY = Retry(
    total=3,
    backoff_factor=0.5,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=None,
    raise_on_status=False,
)


class NoTokenError(Exception):
    """Raised when Microsoft gives the bot no token; the message is its error code."""


class BotToken:
    """Fetches the token when it is first needed, and again before it expires."""

    def __init__(self, settings: TeamsSettings) -> None:
        self._settings = settings
        self._client: Optional[msal.ConfidentialClientApplication] = None
        self._lock = asyncio.Lock()

    async def headers(self) -> Dict[str, str]:
        """The headers that authenticate a request of the bot.

        Raises:
            NoTokenError: there is no token to be had.
        """
        if not self._settings.checks_tokens:
            return {}
        # The library waits for the network, so it does that in a thread, and for one at a time.
        async with self._lock:
            return {"Authorization": f"Bearer {await asyncio.to_thread(self._acquire)}"}

    def _acquire(self) -> str:
        try:
            if self._client is None:
                self._client = self._sign_in()
            result = self._client.acquire_token_for_client([_SCOPE])
        except (requests.RequestException, ValueError, KeyError) as error:
            raise NoTokenError(type(error).__name__) from None
        if "access_token" not in result:
            raise NoTokenError(result.get("error", "unknown"))
        return result["access_token"]

    def _sign_in(self) -> msal.ConfidentialClientApplication:
        http = requests.Session()
        http.mount("https://", HTTPAdapter(max_retries=_RETRY))
        http.request = partial(http.request, timeout=_TIMEOUT_SECONDS)
        return msal.ConfidentialClientApplication(
            self._settings.app_id,
            client_credential=self._settings.password,
            authority=f"{self._settings.login_url}/{self._settings.tenant or _ANY_TENANT}",
            instance_discovery=False,
            http_client=http,
        )
