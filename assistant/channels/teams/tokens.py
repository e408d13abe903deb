"""The bot's own token, which its replies carry."""

from __future__ import annotations

import asyncio
import logging
import re
from functools import partial
from typing import Any, Dict, Optional
from urllib.parse import urlsplit

import msal
import requests
from msal.exceptions import MsalError
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from assistant.channels.reach import reaching
from assistant.settings import TeamsSettings

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


# It warns of every try, with the insides of its errors; the last one is told by us.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class NoTokenError(Exception):
    """Raised when Microsoft gives the bot no token; the message says why, with Microsoft's codes."""


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
            UnreachableError: Microsoft does not answer.
        """
        if not self._settings.checks_tokens:
            return {}
        # The library waits for the network, so it does that in a thread, and for one at a time.
        async with self._lock:
            return {"Authorization": f"Bearer {await asyncio.to_thread(self._acquire)}"}

    def _acquire(self) -> str:
        with reaching(urlsplit(self._settings.login_url).hostname):
            if self._client is None:
                self._client = self._sign_in()
            try:
                result = self._client.acquire_token_for_client([_SCOPE])
            except (MsalError, ValueError, KeyError):
                raise NoTokenError("Microsoft's answer cannot be used") from None
        if "access_token" not in result:
            raise NoTokenError(_codes(result))
        return result["access_token"]

    def _sign_in(self) -> msal.ConfidentialClientApplication:
        http = requests.Session()
        http.mount("https://", HTTPAdapter(max_retries=_RETRY))
        http.request = partial(http.request, timeout=_TIMEOUT_SECONDS)
        try:
            return msal.ConfidentialClientApplication(
                self._settings.app_id,
                client_credential=self._settings.password,
                authority=f"{self._settings.login_url}/{self._settings.tenant or _ANY_TENANT}",
                instance_discovery=False,
                http_client=http,
            )
        except ValueError:
            raise NoTokenError("Microsoft does not know the tenant TEAMS_TENANT_ID") from None
        except (MsalError, KeyError):
            raise NoTokenError("Microsoft's answer cannot be used") from None


def _codes(refusal: Dict[str, Any]) -> str:
    """Microsoft's codes for a refusal, without its text, which names ids."""
    error = str(refusal.get("error"))
    code = re.search(r"AADSTS\d+", str(refusal.get("error_description")))
    # What is no code may be anything.
    codes = [error if re.fullmatch("[a-z_]{1,50}", error) else "unknown error", code and code.group()]
    return ", ".join(filter(None, codes))
