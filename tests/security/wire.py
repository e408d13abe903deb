"""HTTP byte by byte, for what no client library would send."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from typing import Any, Dict, Iterable, List, NamedTuple, Optional

_PAUSE = 0.2
_CONTINUE = 100
_LENGTH = re.compile(rb"(?im)^content-length: *(\d+)")


class Answer(NamedTuple):
    """An answer, or nothing (status 0) if the connection was closed without one."""

    status: int
    headers: Dict[str, str]
    body: bytes


def exchange(port: int, *requests: bytes, timeout: float = 30.0) -> List[Answer]:
    """Send bytes over one connection; returns what comes back until the server closes it."""
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        connection.sendall(b"".join(requests))
        return list(_answers(_rest(connection)))


def trickle(port: int, head: bytes, drop: bytes, timeout: float = 60.0) -> Answer:
    """Send some bytes and then a drop now and then, until the server ends the connection."""
    deadline, received = time.monotonic() + timeout, b""
    with socket.create_connection(("127.0.0.1", port), _PAUSE) as connection:
        connection.sendall(head)
        while time.monotonic() < deadline:
            try:
                part = connection.recv(65_536)
            except TimeoutError:
                with contextlib.suppress(OSError):
                    connection.sendall(drop)
                continue
            except ConnectionResetError:
                part = b""
            if not part:
                return next(iter(_answers(received)), Answer(0, {}, b""))
            received += part
    raise AssertionError("the server went on reading")


class Connection:
    """A connection that is kept as long as the server keeps it."""

    def __init__(self, port: int, timeout: float = 30.0) -> None:
        self._place, self._timeout = ("127.0.0.1", port), timeout
        self._socket: Optional[socket.socket] = None

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: Any) -> None:
        self._close()

    def ask(self, request: bytes) -> Answer:
        """Send a request; a connection that the server has ended meanwhile is opened again."""
        is_new = self._socket is None
        answer = self._ask(request)
        if not answer.status and not is_new:
            answer = self._ask(request)
        return answer

    def _ask(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(self._place, self._timeout)
        try:
            self._socket.sendall(request)
            answer = self._receive(is_head=request.startswith(b"HEAD "))
        except OSError:
            answer = Answer(0, {}, b"")
        if answer.headers.get("connection") != "keep-alive":
            self._close()
        return answer

    def _receive(self, is_head: bool) -> Answer:
        received = b""
        while part := self._socket.recv(1_000_000):
            received += part
            head, is_whole, body = received.partition(b"\r\n\r\n")
            if is_whole and (is_head or len(body) >= _length(head)):
                return next(iter(_answers(received)), Answer(0, {}, received))
        return Answer(0, {}, received)

    def _close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request with a length; underscores in the names of headers are dashes."""
    fields = {"Host": "127.0.0.1", "Content-Length": str(len(body)), "Connection": "close"}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _rest(connection: socket.socket) -> bytes:
    received = b""
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return received


def _answers(received: bytes) -> Iterable[Answer]:
    while received.startswith(b"HTTP/1.1 "):
        head, _, received = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status, length = int(first.split()[1]), _length(head)
        # That the server goes on reading (100) is no answer yet.
        if status != _CONTINUE:
            yield Answer(status, headers, received[:length])
        received = received[length:]


def _length(head: bytes) -> int:
    found = _LENGTH.search(head)
    return int(found.group(1)) if found else 0
