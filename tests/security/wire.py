"""HTTP byte by byte, for what no client library would send."""

from __future__ import annotations

import socket
import time
from typing import Dict, Iterable, List, NamedTuple

_PAUSE = 0.2


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
    """Send some bytes and then a drop now and then, until there is an answer."""
    deadline = time.monotonic() + timeout
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        connection.sendall(head)
        connection.settimeout(_PAUSE)
        while time.monotonic() < deadline:
            try:
                received = connection.recv(65_536)
            except TimeoutError:
                connection.sendall(drop)
                continue
            return next(_answers(received), Answer(0, {}, b""))
    raise AssertionError("the server went on reading")


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
        length = int(headers.get("content-length", 0))
        yield Answer(int(first.split()[1]), headers, received[:length])
        received = received[length:]
