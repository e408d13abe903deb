"""Entry points as functions, called in a process of their own so that its memory can be measured."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Callable, Dict, Iterator, List, Optional

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import ValidationError
from sanic import Sanic
from sanic.compat import Header
from sanic.request import Request

from assistant.channels.inbound import clean, strip_controls
from assistant.channels.rest import BadRequestError, _read
from assistant.channels.slack import payloads
from assistant.channels.slack.text import plain_text
from assistant.channels.teams.activity import Activity
from assistant.channels.web.requests import RefusedError, body_of, text_in
from assistant.commands.evaluate import parser_of_model
from assistant.content import load_content
from assistant.ordinals import position
from assistant.payload import parse_choice
from assistant.quantities.reader import QuantityReader
from assistant.redaction import redact
from tests.security.fuzz import samples
from tests.security.fuzz.inputs import bodies, changed, texts
from tests.security.fuzz.report import Row, memory

Call = Callable[[Any], None]


@dataclass(frozen=True)
class Function:
    """Something that takes whatever is drawn; ``prepare`` returns it, in the process that calls it."""

    name: str
    inputs: SearchStrategy[Any]
    prepare: Callable[[], Call]


def _always(call: Callable[[Any], Any]) -> Callable[[], Call]:
    return lambda: call


def _clean() -> Call:
    loop = asyncio.new_event_loop()

    async def offered(payload: str) -> Optional[str]:
        return "Yes" if len(payload) % 2 else None

    return lambda text: loop.run_until_complete(clean(text, offered))


def _redact(text: str) -> None:
    once = redact(text)
    assert redact(once) == once, "redacting twice changes something"


def _slack(body: Dict[str, Any]) -> None:
    try:
        message = payloads.read(body)
    except payloads.MalformedError:
        return
    assert message is None or message.sender


def _teams(body: Dict[str, Any]) -> None:
    try:
        activity = Activity.parse_obj(body)
    except ValidationError:
        return
    assert isinstance(activity.words, str)
    if activity.tenants:
        assert activity.sender
    assert isinstance(activity.is_for_the_bot or activity.is_arrival, bool)


def _rest() -> Call:
    app = Sanic("fuzz-rest", configure_logging=False)

    def read(body: bytes) -> None:
        try:
            sender, text, metadata = _read(_request(app, body))
        except BadRequestError:
            return
        assert sender and isinstance(text, str) and set(metadata) <= {"locale"}

    return read


def _widget() -> Call:
    app = Sanic("fuzz-widget", configure_logging=False)

    def read(body: bytes) -> None:
        try:
            found = body_of(_request(app, body))
            text_in(found, "id", 64), text_in(found, "text"), text_in(found, "payload")
        except RefusedError as refusal:
            assert refusal.status == 400

    return read


def _request(app: Sanic, body: bytes) -> Request:
    request = Request(b"/", Header(), "1.1", "POST", None, app)
    request.body = body
    return request


def _quantities() -> Call:
    """As the reader is called: lone surrogates, at which text2num panics, are gone before."""
    reader = QuantityReader(load_content())
    return lambda text: reader.read(strip_controls(text))


def _payload(text: str) -> None:
    parse_choice(text)
    position(text, 5)


FUNCTIONS = [
    Function("clean a message", texts, _clean),
    Function("redact", texts, _always(_redact)),
    Function("payloads and positions", texts, _always(_payload)),
    Function("quantities", texts, _quantities),
    Function("understand (language, topic, facts)", texts, parser_of_model),
    Function("REST body", bodies(samples.REST), _rest),
    Function("widget body", bodies(samples.WIDGET), _widget),
    Function("Slack text", texts, _always(lambda text: plain_text(text, "U0BOT"))),
    Function("Slack body", st.one_of(*map(changed, samples.SLACK)), _always(_slack)),
    Function("Teams activity", changed(samples.TEAMS), _always(_teams)),
]


def fuzz(function: Function, chunks: Iterator[List[Any]]) -> Row:
    """Call a function with chunks of values."""
    row = Row(function.name)
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    number = FUNCTIONS.index(function)
    worker = context.Process(target=_work, args=(number, theirs), daemon=True)
    worker.start()
    theirs.close()
    try:
        for chunk in chunks:
            ours.send(chunk)
            for value, (seconds, failure) in zip(chunk, ours.recv(), strict=True):
                row.add("failed" if failure else "fine", seconds, f"{value!r:.500}", failure)
            row.weigh(memory(worker.pid))
    finally:
        worker.kill()
        worker.join()
    return row


def _work(number: int, connection: Connection) -> None:
    call = FUNCTIONS[number].prepare()
    while True:
        try:
            chunk = connection.recv()
        except EOFError:
            return
        connection.send([_timed(call, value) for value in chunk])


def _timed(call: Call, value: Any) -> tuple[float, Optional[str]]:
    started = time.perf_counter()
    try:
        call(value)
        failure = None
    except BaseException as error:
        # Panics of libraries in Rust are no Exception.
        failure = f"{type(error).__name__}: {error} with {value!r:.500}"
    return time.perf_counter() - started, failure
