"""The keys that the Bot Framework signs its tokens with."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any, Dict, FrozenSet, Optional

import aiohttp
import jwt
from yarl import URL

from assistant.channels.reach import UnreachableError, reaching

logger = logging.getLogger(__name__)

_DAY = 86_400.0
# Between two looks for a key that is unknown, or when there is none at all.
_PAUSE, _PAUSE_WITHOUT_KEYS = 300.0, 5.0
_TIMEOUT = aiohttp.ClientTimeout(total=10)
# A key that is none, and an answer of another form.
_UNUSABLE = (jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError)


class KeysUnavailableError(Exception):
    """Raised when no keys are known, and none can be fetched."""


@dataclass(frozen=True)
class SigningKey:
    """A public key, and the channels whose activities may be signed with it."""

    public_key: Any
    endorsements: FrozenSet[str]


class SigningKeys:
    """Keys by their ids: fetched when first needed, after a day, and for an unknown id.

    Microsoft recommends a day; the last keys stay in use while new ones cannot be fetched.
    """

    def __init__(self, session: aiohttp.ClientSession, openid_url: str) -> None:
        self._session = session
        self._openid_url = openid_url
        self._keys: Dict[str, SigningKey] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, key_id: Optional[str]) -> Optional[SigningKey]:
        """The key with an id, or ``None``.

        Raises:
            KeysUnavailableError: there are none.
        """
        if not key_id:
            return None
        async with self._lock:
            if self._is_due(key_id):
                await self._fetch()
        if not self._keys:
            raise KeysUnavailableError
        return self._keys.get(key_id)

    def _is_due(self, key_id: str) -> bool:
        now = time.monotonic()
        wanted = key_id not in self._keys or now - self._fetched > _DAY
        return wanted and now - self._tried > (_PAUSE if self._keys else _PAUSE_WITHOUT_KEYS)

    async def _fetch(self) -> None:
        self._tried = time.monotonic()
        try:
            metadata = await self._get(self._openid_url)
            found = (await self._get(metadata["jwks_uri"]))["keys"]
            keys = {key["kid"]: _signing_key(key) for key in found if key.get("kty") == "RSA"}
        except UnreachableError as error:
            logger.error("Teams: the signing keys could not be fetched: %s.", error)
            return
        except _UNUSABLE:
            logger.error("Teams: the signing keys could not be fetched: Microsoft's answer cannot be used.")
            return
        self._keys, self._fetched = keys, self._tried

    async def _get(self, url: str) -> Any:
        with reaching(URL(url).host):
            async with self._session.get(url, timeout=_TIMEOUT, raise_for_status=True) as reply:
                # Microsoft serves them with several media types.
                return await reply.json(content_type=None)


def _signing_key(key: Dict[str, Any]) -> SigningKey:
    return SigningKey(jwt.PyJWK(key, "RS256").key, frozenset(key.get("endorsements") or ()))
