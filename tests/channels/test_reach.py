"""Why a service cannot be reached, in words, whichever library was used."""

from __future__ import annotations

import asyncio
import contextlib
import socketserver
import threading
from typing import Iterator, Optional

import aiohttp
import pytest
import requests

from assistant.channels.reach import UnreachableError, reaching
from tests.channels.teams_stand_in import TeamsStandIn
from tests.server import free_port

NOBODY = f"127.0.0.1:{free_port()}"


def with_requests(url: str, proxy: Optional[str]) -> None:
    with reaching("the service"):
        requests.get(url, proxies={"https": proxy}, timeout=0.5)


def with_aiohttp(url: str, proxy: Optional[str]) -> None:
    async def get() -> None:
        timeout = aiohttp.ClientTimeout(total=0.5)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url, proxy=proxy):
            pass

    with reaching("the service"):
        asyncio.run(get())


both = pytest.mark.parametrize("get", [with_requests, with_aiohttp])


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@contextlib.contextmanager
def listening(answer: Optional[bytes]) -> Iterator[str]:
    """The address of a server that gives one answer, or lets everybody wait."""
    done = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            if answer is None:
                done.wait(10)
            else:
                self.request.recv(10_000)
                self.request.sendall(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        done.set()
        server.shutdown()


def words(get, url: str, proxy: Optional[str] = None) -> str:
    with pytest.raises(UnreachableError) as error:
        get(url, proxy)
    said = str(error.value)
    assert said.startswith("the service cannot be reached (")
    return said.removeprefix("the service cannot be reached (").removesuffix(")")


@both
def test_a_service_that_is_not_there(get):
    assert words(get, "https://service.invalid/") == "the name service.invalid was not found"
    assert words(get, f"https://{NOBODY}/") == "connection refused"


@both
def test_a_service_that_says_nothing_or_hangs_up(get):
    with listening(None) as address:
        assert words(get, f"http://{address}/") == "no answer in time"
    with listening(b"") as address:
        assert words(get, f"http://{address}/") == "the connection broke off"


@both
def test_a_proxy_that_refuses_or_is_away(get):
    with listening(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n") as address:
        assert words(get, "https://service.invalid/", f"http://{address}") == "the proxy refused: status 407"
    assert words(get, "https://service.invalid/", f"http://{NOBODY}") == "the proxy does not answer"
    # Only one of the libraries tells a proxy from others here.
    without_name = words(get, "https://service.invalid/", "http://proxy.invalid:8080")
    assert without_name in ("the proxy does not answer", "the name proxy.invalid was not found")


@both
def test_a_certificate_that_is_not_trusted(get, tmp_path):
    stand_in = TeamsStandIn(tmp_path)
    try:
        assert words(get, f"https://localhost:{stand_in.tls_port}/") == "its certificate is not trusted"
    finally:
        stand_in.close()


@both
def test_what_is_no_address(get):
    assert words(get, "http://") == "not an address; check HTTPS_PROXY"
