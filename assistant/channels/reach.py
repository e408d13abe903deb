"""Why a service cannot be reached, in words for whoever reads the log."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import contextmanager
from typing import Iterator, Optional

import aiohttp
import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError


class UnreachableError(Exception):
    """Raised when a service cannot be reached; the message says which one and why."""


@contextmanager
def reaching(service: str) -> Iterator[None]:
    """Around something that needs the network, by way of aiohttp or requests.

    Args:
        service: its name or host, for the message.

    Raises:
        UnreachableError: instead of the errors of the network.
    """
    try:
        yield
    except (aiohttp.ClientError, asyncio.TimeoutError, requests.RequestException) as error:
        raise UnreachableError(f"{service} cannot be reached ({_reason(error)})") from error


# The first that fits, with the error as {0}; some of these errors are special cases of later ones.
_REASONS = (
    ((asyncio.TimeoutError, TimeoutError, requests.Timeout), "no answer in time"),
    ((aiohttp.ClientProxyConnectionError, requests.exceptions.ProxyError), "the proxy does not answer"),
    ((ssl.SSLCertVerificationError,), "its certificate is not trusted"),
    ((ssl.SSLError, requests.exceptions.SSLError), "no secure connection"),
    ((ConnectionRefusedError,), "connection refused"),
    ((aiohttp.ClientConnectorDNSError,), "the name {0.host} was not found"),
    ((NameResolutionError,), "the name {0.conn.host} was not found"),
    ((aiohttp.ClientConnectorError, NewConnectionError), "no connection"),
    ((aiohttp.InvalidURL, requests.exceptions.InvalidURL), "not an address; check HTTPS_PROXY"),
)
_REFUSED_BY_PROXY = re.compile(r"Tunnel connection failed: (\d+)")


def _reason(error: Exception) -> str:
    causes = list(_causes(error))
    status = next(filter(None, map(_status_of_proxy, causes)), None)
    if status:
        return f"the proxy refused: status {status}"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"status {error.status}"
    fitting = (
        words.format(cause) for kinds, words in _REASONS for cause in causes if isinstance(cause, kinds)
    )
    return next(fitting, "the connection broke off")


def _causes(error: object) -> Iterator[BaseException]:
    """An error and what is behind it; each library keeps that in another place."""
    while isinstance(error, BaseException):
        yield error
        places = [
            getattr(error, name, None) for name in ("os_error", "reason", "original_error", "__cause__")
        ]
        error = next((place for place in (*places, *error.args) if isinstance(place, BaseException)), None)


def _status_of_proxy(error: BaseException) -> Optional[str]:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return str(error.status)
    found = _REFUSED_BY_PROXY.search(str(error))
    return found.group(1) if found else None
