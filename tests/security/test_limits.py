"""How much, how slowly and in which form requests may arrive."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
import requests

from assistant.action_server import MAX_BODY_BYTES as MAX_ACTION_BYTES
from assistant.channels.inbound import MAX_LENGTH
from assistant.server.guard import MAX_BODY_BYTES
from tests.security.wire import exchange, request, trickle
from tests.server import ACTIONS_SECRET

REST = "/webhooks/rest/webhook"
ADDRESSES = (REST, "/chat/session", "/chat/messages")


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 900_000])
def test_a_body_over_64_kb_is_refused(assistant, path, size):
    [answer] = exchange(assistant.port, request("POST", path, b"x" * size))
    assert answer.status == 413
    assert json.loads(answer.body)["error"]


def test_a_body_of_64_kb_is_read(assistant):
    message = json.dumps({"sender": "large", "message": "x", "more": ""})
    body = message.replace('""', f'"{"y" * (MAX_BODY_BYTES - len(message))}"').encode()
    assert len(body) == MAX_BODY_BYTES
    assert exchange(assistant.port, request("POST", REST, body))[0].status == 200


def test_a_body_that_does_not_tell_its_length_is_refused_once_it_is_too_large(assistant):
    chunk = b"fa0\r\n" + b"x" * 4000 + b"\r\n"
    headers = "Connection: close\r\nTransfer-Encoding: chunked"
    head = f"POST {REST} HTTP/1.1\r\n{headers}\r\n\r\n".encode()
    assert exchange(assistant.port, head + chunk * 17 + b"0\r\n\r\n")[0].status == 413


def test_after_a_refused_body_the_connection_goes_on(assistant):
    too_large = request("POST", REST, b"x" * 100_000, Connection="keep-alive")
    answers = exchange(assistant.port, too_large, request("GET", "/health/live"))
    assert [answer.status for answer in answers] == [413, 200]


def test_the_announced_size_alone_is_refused(assistant):
    head = request("POST", REST, Content_Length="100000000000", Expect="100-continue")
    assert exchange(assistant.port, head)[-1].status == 413


def test_the_action_server_takes_long_sessions_and_no_more(assistant):
    def call(size: int) -> int:
        tracker = {"sender_id": "jane", "slots": {}, "events": []}
        body = json.dumps({"next_action": "no_such_action", "tracker": tracker, "filler": "x" * size})
        url = f"http://127.0.0.1:{assistant.actions_port}/webhook"
        headers = {"Authorization": f"Bearer {ACTIONS_SECRET}"}
        return requests.post(url, data=body, headers=headers, timeout=30).status_code

    assert call(MAX_ACTION_BYTES - 1000) == 404
    assert call(MAX_ACTION_BYTES) == 413


def test_a_message_that_is_too_long_is_answered_up_to_64_kb(assistant, chat):
    chat.say("How many incidents are left? " * 2_100)
    assert "too long" in chat.text


def test_whatever_trickles_in_is_cut_off(assistant):
    head = f"POST {REST} HTTP/1.1\r\nHost: a\r\n".encode()
    known = f"POST /webhook HTTP/1.1\r\nAuthorization: Bearer {ACTIONS_SECRET}\r\n".encode()
    slow = [
        (assistant.port, head, b"x"),
        (assistant.port, head + b"Content-Length: 60000\r\n\r\n", b" "),
        (assistant.port, head + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (assistant.actions_port, known + b"Content-Length: 60000\r\n\r\n", b" "),
        (assistant.actions_port, b"POST /webhook HTTP/1.1\r\nContent-Length: 60000\r\n\r\n", b" "),
    ]
    with ThreadPoolExecutor(len(slow)) as pool:
        answers = list(pool.map(lambda one: trickle(*one), slow))
    assert [answer.status for answer in answers] == [408, 408, 408, 408, 401]


MALFORMED = {
    "no words": b"\r\n\r\n",
    "one word": b"GET\r\n\r\n",
    "another protocol": b"GET / SPDY/3\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nHost\r\n\r\n",
    "an address that is none": b"GET http://[ HTTP/1.1\r\n\r\n",
    "an address without a slash": b"GET chat HTTP/1.1\r\n\r\n",
    "a thousand slashes": b"GET /chat" + b"/" * 1000 + b" HTTP/1.1\r\n\r\n",
    "bytes that are no text": b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
    "an address that is none, and another protocol": b"POST chat X\r\n\r\n",
    "a length that is no number": b"POST /chat/session HTTP/1.1\r\nContent-Length: many\r\n\r\n",
    "a negative length": b"POST /chat/session HTTP/1.1\r\nContent-Length: -5\r\n\r\nhello",
    "a length as only Python reads it": b"POST /chat/session HTTP/1.1\r\nContent-Length: 1_0\r\n\r\n{}",
    "two lengths": b"POST /chat/session HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "a length and chunks": (
        b"POST /chat/session HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"
    ),
    "an unknown coding": b"POST /chat/session HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n{}",
    "two codings": b"POST /chat/session HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a chunk without a size": b"POST /chat/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_request_is_a_bad_request_and_ends_the_connection(assistant, sent):
    answers = exchange(assistant.port, sent, b"GET /health/live HTTP/1.1\r\n\r\n")
    assert [answer.status for answer in answers] == [400]
    assert json.loads(answers[0].body) == {"error": "Bad Request"}


def test_headers_over_8_kb_are_refused(assistant):
    [answer] = exchange(assistant.port, request("GET", "/health/live", X_Long="x" * 20_000))
    assert answer.status == 413


ALPHABETS = {"latin": "x", "umlauts": "ü", "cyrillic": "ж", "chinese": "字"}


@pytest.mark.parametrize("letter", ALPHABETS.values(), ids=ALPHABETS.keys())
def test_what_slack_and_teams_send_around_a_message_that_is_understood_fits(letter):
    text = letter * MAX_LENGTH
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    blocks = [{"type": "rich_text", "block_id": "abcde", "elements": [section]}]
    # Both say a text twice; Slack escapes it, and wraps interactions in a form.
    slack = {"type": "message_action", "message": {"text": text, "blocks": blocks}, "other": "x" * 4000}
    html = {"contentType": "text/html", "content": f"<div><div>{text}</div></div>"}
    teams = {"type": "message", "text": text, "attachments": [html], "other": "x" * 4000}
    assert len(urlencode({"payload": json.dumps(slack)})) < MAX_BODY_BYTES
    assert len(json.dumps(teams)) < MAX_BODY_BYTES
