"""HTTP as Sanic (21.12.2) reads it, with two holes closed.

Sanic starts its clock anew with each byte that arrives, so that a request which trickles in keeps a
connection for as long as it likes; here a request has to be complete ``REQUEST_TIMEOUT`` seconds
after its first byte. And it takes unusable headers for errors of the server (500, or no answer and
a traceback), and lengths that other servers read in another way; here they are bad requests (400).
"""

from __future__ import annotations

import re
from time import monotonic

import sanic.app
from sanic.exceptions import InvalidUsage, RequestTimeout, SanicException
from sanic.http import Http, Stage
from sanic.request import Request
from sanic.server import HttpProtocol

_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)


def install() -> None:
    """Let Sanic's applications use this protocol; safe to call more than once."""
    sanic.app.HttpProtocol = Protocol


class Protocol(HttpProtocol):
    """A connection whose requests have to arrive in time."""

    __slots__ = ()

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = _Reader(self)

    def data_received(self, data: bytes) -> None:
        """Take bytes; only the first of a request start the clock."""
        began, is_first = self._time, self._is_idle
        super().data_received(data)
        if not is_first:
            self._time = began

    def check_timeouts(self) -> None:
        """End what takes too long; Sanic gives a body as long as its answer."""
        if self._is_receiving_body and monotonic() - self._time > self.request_timeout:
            # The rest is not waited for.
            self._http.request_body = None
            self._http.exception = RequestTimeout()
            self._task.cancel()
        else:
            super().check_timeouts()

    @property
    def _is_idle(self) -> bool:
        # Neither is set before the connection's task has run for the first time.
        reader = getattr(self, "_http", None)
        return reader is None or (reader.stage is Stage.IDLE and not getattr(reader, "request_body", None))

    @property
    def _is_receiving_body(self) -> bool:
        return bool(self._task) and self._http.stage is Stage.HANDLER and bool(self._http.request_body)


class _Reader(Http):
    """Reads the requests of a connection."""

    __slots__ = ()

    async def http1_request_header(self) -> None:
        """Read the headers of a request.

        Raises:
            SanicException: they cannot be used.
        """
        try:
            await super().http1_request_header()
        except SanicException:
            raise
        except Exception:
            # An answer to an address that cannot be read would fail again.
            self.url = None
            raise InvalidUsage("Bad Request") from None
        if not _is_framed(self.request):
            self.request_body = None
            raise InvalidUsage("Bad Request")


def _is_framed(request: Request) -> bool:
    """Whether there is one way only to tell where a request ends (RFC 9112, section 6.3)."""
    lengths = request.headers.getall("content-length", [])
    codings = request.headers.getall("transfer-encoding", [])
    if codings:
        return codings == ["chunked"] and not lengths
    return len(set(lengths)) < 2 and all(_LENGTH.fullmatch(length.strip()) for length in lengths)
