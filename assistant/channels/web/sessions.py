"""Sessions of the widget: issued and signed here, kept by the browser."""

from __future__ import annotations

import secrets
import time

import jwt

from assistant.settings import retention_days

_ALGORITHM = "HS256"
_PREFIX = "web:"
# Where conversations are kept for ever, a browser that does not come back is forgotten after a year.
_LONGEST_DAYS = 365


class UnknownSessionError(Exception):
    """Raised for a token that was not issued here, was changed, or is too old."""


class Sessions:
    """Makes tokens that name a conversation, and reads them."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        # As long as conversations are kept.
        self._days = retention_days() or _LONGEST_DAYS

    def new_sender(self) -> str:
        """The id of a new conversation, which nobody can guess."""
        return _PREFIX + secrets.token_urlsafe(16)

    def token(self, sender: str) -> str:
        """A token for a conversation."""
        until = int(time.time()) + self._days * 86400
        return jwt.encode({"sub": sender, "exp": until}, self._secret, algorithm=_ALGORITHM)

    def sender(self, token: str) -> str:
        """The conversation that a token names.

        Raises:
            UnknownSessionError: it is none of ours.
        """
        try:
            claims = jwt.decode(
                token, self._secret, algorithms=[_ALGORITHM], options={"require": ["sub", "exp"]}
            )
        except jwt.InvalidTokenError:
            raise UnknownSessionError from None
        if not claims["sub"].startswith(_PREFIX):
            raise UnknownSessionError
        return claims["sub"]
