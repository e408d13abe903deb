"""What the log says when Slack cannot be reached, and how long Socket Mode waits for the next try."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, List

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from assistant.channels.reach import UnreachableError, reaching
from assistant.channels.slack import sockets
from assistant.channels.slack.sockets import Sockets
from assistant.channels.slack.web_api import WebApi, code_of
from tests.server import free_port

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


class TryingEnded(BaseException):
    """Ends a loop that would go on forever."""


@pytest.fixture
def no_proxy(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


async def asked(address: str) -> str:
    """What is logged about a call to a Slack at this address."""
    api = WebApi("xoxb-1", address)
    await api.open()
    api.client.retry_handlers.clear()
    try:
        await api.direct_channel("U1")
    except UnreachableError as error:
        return code_of(error)
    finally:
        await api.close()


@pytest.mark.parametrize(
    "address, words",
    [
        ("http://slack.invalid/api/", "the name slack.invalid was not found"),
        ("http://127.0.0.1:1/api/", "connection refused"),
    ],
)
def test_why_slack_cannot_be_reached_is_said_in_words(no_proxy, address, words):
    assert asyncio.run(asked(address)) == f"Slack cannot be reached ({words})"


def test_a_proxy_is_used_and_named_when_it_refuses_or_is_away(no_proxy, monkeypatch):
    async def refused() -> str:
        runner = web.ServerRunner(web.Server(forbid))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{runner.addresses[0][1]}")
        try:
            return await asked("https://slack.invalid/api/")
        finally:
            await runner.cleanup()

    async def forbid(request: web.BaseRequest) -> web.Response:
        assert request.method == "CONNECT"
        return web.Response(status=403)

    assert asyncio.run(refused()) == "Slack cannot be reached (the proxy refused: status 403)"
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    assert (
        asyncio.run(asked("https://slack.invalid/api/"))
        == "Slack cannot be reached (the proxy does not answer)"
    )


@pytest.mark.parametrize(
    "error, words",
    [
        (asyncio.TimeoutError(), "no answer in time"),
        (aiohttp.ServerTimeoutError(), "no answer in time"),
        (aiohttp.ServerDisconnectedError(), "the connection broke off"),
        (aiohttp.InvalidURL("nonsense"), "not an address; check HTTPS_PROXY"),
    ],
)
def test_other_errors_of_the_network_are_said_in_words_too(error, words):
    with pytest.raises(UnreachableError, match=words), reaching("Slack"):
        raise error


class Api:
    """Refuses to give an address."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def socket_address(self, app_token: str) -> str:
        raise self._error


def refusal(code: str) -> SlackApiError:
    response: Any = type("Response", (), {"data": {"ok": False, "error": code}})()
    return SlackApiError("", response)


def tries(monkeypatch: pytest.MonkeyPatch, count: int, error: Exception) -> List[float]:
    """The pauses before so many tries, which all fail."""
    pauses: List[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) > count:
            raise TryingEnded

    monkeypatch.setattr(sockets.asyncio, "sleep", sleep)
    with pytest.raises(TryingEnded):
        asyncio.run(Sockets("xapp-HIDDEN", Api(error), dict)._keep_connected())
    return pauses


def test_socket_mode_tries_again_at_growing_intervals(monkeypatch):
    pauses = tries(monkeypatch, 12, UnreachableError("Slack cannot be reached (no answer in time)"))
    assert pauses == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


@pytest.mark.parametrize(
    "code, words",
    [
        ("invalid_auth", "SLACK_APP_TOKEN is not valid (invalid_auth)"),
        ("token_revoked", "SLACK_APP_TOKEN is not valid any more (token_revoked)"),
        ("missing_scope", "SLACK_APP_TOKEN lacks the scope connections:write (missing_scope)"),
        ("internal_error", "Slack answers internal_error"),
    ],
)
def test_a_refused_app_token_is_one_line_a_try_with_the_name_of_the_variable(
    monkeypatch, caplog, code, words
):
    with caplog.at_level(logging.INFO):
        tries(monkeypatch, 2, refusal(code))
    lines = [record.getMessage() for record in caplog.records]
    assert lines == [f"Slack: Socket Mode is not connected: {words}. Next try in {s} s." for s in (1, 2)]
