"""What every answer of our servers has in common: limits before it, headers on it, errors without details."""

from __future__ import annotations

import logging

from sanic import Sanic, response
from sanic.exceptions import PayloadTooLarge, SanicException
from sanic.helpers import STATUS_CODES
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.server import protocol

logger = logging.getLogger(__name__)

# Messages of up to 2,000 characters are understood; with everything that Slack and Teams send
# around one, in their most wasteful encoding, they need less than this (docs/security.md).
MAX_BODY_BYTES = 64_000
# A refused body is read and thrown away up to here, so that its sender reads the refusal.
_MAX_DISCARDED_BYTES = 1_000_000
_REQUEST_SECONDS = 10
# For what is no page: it loads nothing, is shown nowhere, and is kept by nobody.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def guard(app: Sanic, max_body_bytes: int = MAX_BODY_BYTES) -> Sanic:
    """Limit what an application takes, and add to what it answers.

    Args:
        app: an application that does not run yet.
        max_body_bytes: larger bodies are refused with 413.

    Returns:
        The application.
    """
    protocol.install()
    app.request_class = _LimitedRequest
    app.ctx.max_body_bytes = max_body_bytes
    app.config.REQUEST_MAX_SIZE = max(max_body_bytes, _MAX_DISCARDED_BYTES)
    app.config.REQUEST_TIMEOUT = _REQUEST_SECONDS
    app.exception(Exception)(_refuse)
    app.on_response(_protect)
    return app


class _LimitedRequest(Request):
    """A request whose body may not be larger than the application allows."""

    async def receive_body(self) -> None:
        """Read the body.

        Raises:
            PayloadTooLarge: it is too large, by its announced length or by what has come of it.
        """
        limit, parts = self.app.ctx.max_body_bytes, []
        self._check_size(limit)
        async for part in self.stream:
            self._check_size(limit)
            parts.append(part)
        self.body = b"".join(parts)

    def _check_size(self, limit: int) -> None:
        if self.stream.request_bytes > limit:
            raise PayloadTooLarge(f"The body is larger than {limit // 1000} kB.")


def _refuse(request: Request, error: Exception) -> HTTPResponse:
    """Answer what went wrong with its kind; Sanic would repeat the address, the SDK the request.

    Sanic-Cors (2.0.1) lets a browser read what a function answers, but not what a coroutine does.
    """
    is_refusal = isinstance(error, SanicException)
    status = error.status_code if is_refusal else 500
    is_too_large = isinstance(error, PayloadTooLarge)
    reason = str(error) if is_too_large else STATUS_CODES[status].decode()
    if status >= 500:
        logger.error("%s %s failed.", request.method, request.path, exc_info=error)
    elif is_too_large:
        logger.warning("Refused %s %s: %s", request.method, request.path, reason)
    headers = getattr(error, "headers", None) if is_refusal else None
    return response.json({"error": reason}, status=status, headers=headers)


async def _protect(request: Request, answer: HTTPResponse) -> None:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
