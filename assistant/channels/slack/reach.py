"""Why Slack cannot be reached, in words for whoever reads the log."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import Iterator

import aiohttp


class UnreachableError(Exception):
    """Raised when Slack cannot be reached; the message says why."""


@contextmanager
def reaching() -> Iterator[None]:
    """Around something that needs the network.

    Raises:
        UnreachableError: instead of the errors of the network.
    """
    try:
        yield
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:
        raise UnreachableError(f"Slack cannot be reached ({_reason(error)})") from error


# The first that fits; some of these errors are special cases of later ones.
_REASONS = (
    (asyncio.TimeoutError, "no answer in time"),
    (aiohttp.ClientProxyConnectionError, "the proxy does not answer"),
    (aiohttp.ClientConnectorCertificateError, "its certificate is not trusted"),
    (aiohttp.ClientConnectorSSLError, "no secure connection"),
    (aiohttp.ClientConnectorError, "no connection"),
    (aiohttp.InvalidURL, "HTTPS_PROXY or SLACK_API_URL is no address"),
)


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"the name {error.host} was not found"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy refused: status {error.status}"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"status {error.status}"
    is_refused = isinstance(getattr(error, "os_error", None), ConnectionRefusedError)
    if is_refused and not isinstance(error, aiohttp.ClientProxyConnectionError):
        return "connection refused"
    return next((words for kind, words in _REASONS if isinstance(error, kind)), "the connection broke off")
