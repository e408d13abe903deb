"""Entry points over HTTP: requests to the served assistant, byte by byte."""

from __future__ import annotations

import itertools
import time
from base64 import b64encode
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional
from urllib.parse import quote, urlencode

import requests
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from slack_sdk.signature import SignatureVerifier

from tests.channels.slack_stand_in import SECRET, TEAM, SlackStandIn
from tests.channels.teams_stand_in import TeamsStandIn
from tests.security.fuzz import samples
from tests.security.fuzz.inputs import bodies, texts
from tests.security.fuzz.report import Row, memory
from tests.security.wire import Connection, request
from tests.server import ACTIONS_SECRET, Assistant

_SESSIONS = 100
_METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "get", "X"])
_NAMES = st.sampled_from(
    [
        *("Host", "Origin", "Accept", "Accept-Language", "Accept-Encoding", "Content-Type", "Content-Length"),
        *("Transfer-Encoding", "Authorization", "Cookie", "Range", "Expect", "Connection", "Upgrade"),
        *("If-None-Match", "Forwarded", "X-Forwarded-For", "X-Request-ID", "Access-Control-Request-Method"),
    ]
)
_LENGTHS = st.sampled_from(
    [b"-1", b"1_0", b"x", b"", b"+2", b"0x2", b"9" * 30, b"2,2", b"70000", "٣".encode()]
)
_PATHS = [
    "/",
    "/chat/",
    "/chat/messages",
    "/webhooks/rest/webhook",
    "/health/ready",
    "*",
    "http://a/",
    "//",
    "/chat/%",
]


@dataclass
class Target:
    """The assistant with all channels on, and what is known to those who may use them."""

    assistant: Assistant
    slack: SlackStandIn
    teams: TeamsStandIn
    tokens: List[str] = field(default_factory=list)

    def open_sessions(self) -> None:
        for _ in range(_SESSIONS):
            answer = requests.post(f"{self.assistant.url}/chat/session", json=samples.SESSION, timeout=30)
            self.tokens.append(answer.json()["token"])


@dataclass(frozen=True)
class Address:
    """Requests of one kind; ``for_actions`` if they go to the action server."""

    name: str
    requests: SearchStrategy[bytes]
    for_actions: bool = False


@contextmanager
def served(folder: Path) -> Iterator[Target]:
    """The assistant with stand-ins of Slack and Microsoft."""
    with ExitStack() as stack:
        slack, teams = SlackStandIn(), TeamsStandIn(folder)
        stack.callback(slack.close)
        stack.callback(teams.close)
        environment = {
            **slack.environment,
            **teams.environment,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_TEAMS": TEAM,
            "WEB_ORIGINS": "https://partner.example",
            "DESK_PASSWORD": _PASSWORD,
        }
        assistant = Assistant(folder, environment)
        assistant.start()
        stack.callback(assistant.stop)
        assistant.wait_until_ready()
        target = Target(assistant, slack, teams)
        target.open_sessions()
        yield target


def addresses(target: Target) -> List[Address]:
    """All of them, with what their requests have to carry."""
    session = itertools.cycle(target.tokens)
    activity = {**samples.TEAMS, "serviceUrl": target.teams.service_url}
    known = {"Authorization": f"Bearer {ACTIONS_SECRET}"}

    def with_session(method: str, path: str, body: bytes = b"") -> bytes:
        return _request(method, path, body, {"Authorization": f"Bearer {next(session)}"})

    def with_token(body: bytes) -> bytes:
        return _post("/webhooks/teams/webhook", body, {"Authorization": f"Bearer {target.teams.token()}"})

    after = texts.map(lambda text: f"/chat/messages?after={_quoted(text)}")
    files = st.one_of(texts.map(_quoted), texts.map(_printable)).map(lambda name: f"/chat/{name}")
    slack = st.one_of(*map(bodies, samples.SLACK))
    forms = st.one_of(*map(_forms, (*samples.SLACK[3:5], samples.COMMAND)))
    agent = {"Authorization": f"Basic {b64encode(f'Jane:{_PASSWORD}'.encode()).decode()}"}
    places = st.one_of(st.sampled_from(["", "revive", "H-00000000", "desk.css"]), texts.map(_quoted))
    forms = st.dictionaries(st.sampled_from(["text", "status", "x"]), texts).map(
        lambda form: urlencode(form, errors="replace").encode()
    )
    return [
        Address("HTTP", _anything()),
        Address("REST", bodies(samples.REST).map(lambda body: _post("/webhooks/rest/webhook", body))),
        Address("widget: session", bodies(samples.SESSION).map(lambda body: _post("/chat/session", body))),
        Address(
            "widget: message",
            bodies(samples.WIDGET).map(lambda body: with_session("POST", "/chat/messages", body)),
        ),
        Address("widget: since", after.map(lambda path: with_session("GET", path))),
        Address("widget: token", _tokens(target.tokens)),
        Address("files", files.map(lambda path: _request("GET", path))),
        Address(
            "health",
            st.tuples(_METHODS, texts).map(lambda one: _request(one[0], f"/health/live{_quoted(one[1])}")),
        ),
        Address("Slack, signed", st.one_of(slack.map(_signed), forms.map(lambda form: _signed(form, _FORM)))),
        Address("Slack, unsigned", slack.map(lambda body: _post("/webhooks/slack/webhook", body, _UNSIGNED))),
        Address("Teams, with a token", bodies(activity).map(with_token)),
        Address("Teams, without", bodies(activity).map(lambda body: _post("/webhooks/teams/webhook", body))),
        Address(
            "help desk, logged in",
            st.one_of(
                places.map(lambda place: _request("GET", f"/desk/{place}", headers=agent)),
                st.tuples(places, forms).map(
                    lambda one: _request("POST", f"/desk/{one[0]}", one[1], {**agent, "Content-Type": _FORM})
                ),
            ),
        ),
        Address(
            "actions, with the secret",
            bodies(samples.ACTION).map(lambda body: _post("/webhook", body, known)),
            for_actions=True,
        ),
        Address(
            "actions, without",
            bodies(samples.ACTION).map(lambda body: _post("/webhook", body)),
            for_actions=True,
        ),
    ]


def fuzz(address: Address, target: Target, chunks: Iterator[List[bytes]]) -> Row:
    """Send chunks of requests, one after the other."""
    row = Row(address.name)
    assistant = target.assistant
    port = assistant.actions_port if address.for_actions else assistant.port
    with Connection(port) as connection:
        for chunk in chunks:
            for sent in chunk:
                started = time.perf_counter()
                answer = connection.ask(sent)
                seconds = time.perf_counter() - started
                is_failure = answer.status == 0 or answer.status >= 500
                kind = f"{answer.status // 100}xx" if answer.status else "none"
                shown = _shortened(sent)
                row.add(kind, seconds, shown, f"{answer.status} to {shown}" if is_failure else None)
            row.weigh(memory(assistant.process.pid))
    return row


def _shortened(sent: bytes) -> str:
    head, _, body = sent.partition(b"\r\n\r\n")
    return f"{head[:200]!r} {body[:500]!r}"


_PASSWORD = "the-password-of-the-tests-only"
_FORM = "application/x-www-form-urlencoded"
_UNSIGNED = {"X-Slack-Request-Timestamp": "1700000000", "X-Slack-Signature": "v0=00"}


def _request(method: str, path: str, body: bytes = b"", headers: Optional[Dict[str, str]] = None) -> bytes:
    return request(method, path, body, **{"Connection": "keep-alive", **(headers or {})})


def _post(path: str, body: bytes, headers: Optional[Dict[str, str]] = None) -> bytes:
    return _request("POST", path, body, {"Content-Type": "application/json", **(headers or {})})


def _signed(body: bytes, media_type: str = "application/json") -> bytes:
    timestamp = str(int(time.time()))
    try:
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body)
    except UnicodeDecodeError:
        signature = "v0=00"
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    return _post("/webhooks/slack/webhook", body, {**headers, "Content-Type": media_type})


def _forms(valid: Dict[str, Any]) -> SearchStrategy[bytes]:
    if "command" not in valid:
        return bodies(valid).map(lambda body: b"payload=" + quote(body).encode())
    fields = st.fixed_dictionaries({name: st.just(value) | texts for name, value in valid.items()})
    return fields.map(lambda form: urlencode(form, errors="replace").encode())


def _tokens(tokens: List[str]) -> SearchStrategy[bytes]:
    spoiled = st.tuples(st.sampled_from(tokens), st.integers(0, 100), texts.map(_printable)).map(
        lambda one: one[0][: one[1]] + one[2] + one[0][one[1] + 1 :]
    )
    token = st.one_of(spoiled, texts.map(_printable))
    return token.map(
        lambda one: _request("GET", "/chat/messages", headers={"Authorization": f"Bearer {one}"})
    )


def _anything() -> SearchStrategy[bytes]:
    """Requests without a body, from almost right to anything that ends like one."""
    path = st.one_of(st.sampled_from(_PATHS), texts.map(_quoted), st.binary(max_size=60).map(_one_line))
    line = st.tuples(_METHODS, path, st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2", "X"])).map(
        lambda one: b" ".join(part if isinstance(part, bytes) else part.encode() for part in one)
    )
    value = st.one_of(_LENGTHS, texts.map(_printable).map(str.encode), st.binary(max_size=60).map(_one_line))
    fields = st.lists(st.tuples(_NAMES, value), max_size=6).map(
        lambda found: [name.encode() + b": " + _harmless(name, text) for name, text in found]
    )
    anything = st.binary(max_size=200).map(_one_line)
    wellformed = st.tuples(line, fields).map(lambda one: b"\r\n".join([one[0], *one[1]]))
    return st.one_of(wellformed, wellformed, anything).map(lambda head: head + b"\r\n\r\n")


def _harmless(name: str, value: bytes) -> bytes:
    """A value with which the server does not wait for a body that never comes."""
    value = value[:500]
    if name == "Content-Length" and value.strip().isdigit():
        return b"0"
    return b"gzip" if name == "Transfer-Encoding" and value.strip() == b"chunked" else value


def _one_line(value: bytes) -> bytes:
    return value.replace(b"\r", b"").replace(b"\n", b"")


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))[:2_000]


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable() and char != " ")[:500]
