"""Who may see and answer tickets: whoever knows the password, with their own name (HTTP's Basic scheme)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import functools
import hmac
import logging
from typing import Any, Awaitable, Callable, Optional

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

# Whoever guesses has to wait for each guess.
_WRONG_SECONDS = 1.0
# A page of another site may not press buttons here; browsers tell where a request comes from.
_OWN_PAGES = {"same-origin", "none"}
_LONGEST_NAME = 60

Handler = Callable[..., Awaitable[HTTPResponse]]


def guarded(password: str) -> Callable[[Handler], Handler]:
    """Lets a handler be called, with the agent's name after the request, by those who know the password."""

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def check(request: Request, *arguments: Any, **named: Any) -> HTTPResponse:
            agent = _agent(request, password)
            if agent is None:
                if "authorization" in request.headers:
                    logger.warning("A wrong name or password was refused at %s.", request.path)
                    await asyncio.sleep(_WRONG_SECONDS)
                ask = 'Basic realm="Help desk: your name and the password", charset="UTF-8"'
                return response.text("Please log in.", status=401, headers={"WWW-Authenticate": ask})
            if request.method != "GET" and request.headers.get("sec-fetch-site", "none") not in _OWN_PAGES:
                return response.text("Please use the page itself.", status=403)
            return await handler(request, agent, *arguments, **named)

        return check

    return decorate


def _agent(request: Request, password: str) -> Optional[str]:
    """The name that somebody gives who knows the password."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, given = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    is_known = hmac.compare_digest(given.encode(), password.encode())
    name = " ".join(name.split())[:_LONGEST_NAME]
    return name if scheme.lower() == "basic" and is_known and name else None
