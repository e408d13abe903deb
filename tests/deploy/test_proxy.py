"""nginx keeps from the servers what is too large, too slow or too much."""

from __future__ import annotations

import itertools
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from tests.services import Nginx

CONNECTIONS = 50


class Upstream(ThreadingHTTPServer):
    """A server that answers when it is told to."""

    daemon_threads = True
    request_queue_size = 2 * CONNECTIONS

    def __init__(self):
        self.may_answer = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.may_answer.wait()
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        """Nothing to log."""


@pytest.fixture(scope="module")
def upstream():
    server = Upstream()
    server.may_answer.set()
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory, upstream):
    port = upstream.server_address[1]
    started = Nginx(tmp_path_factory.mktemp("proxy"), servers=[port], actions=[port])
    started.start()
    yield started
    started.stop()


def post(proxy, path="/chat/messages", size=100):
    return requests.post(
        f"{proxy.url}{path}", data=b"x" * size, verify=proxy.certificate, timeout=60
    ).status_code


@pytest.mark.parametrize("path", ["/chat/messages", "/webhooks/slack/webhook", "/webhooks/teams/webhook"])
def test_bodies_of_64_kb_are_passed_on_and_larger_ones_refused(proxy, path):
    assert [post(proxy, path, size) for size in (64_000, 70_000)] == [200, 413]


@pytest.mark.parametrize("path", ["/", "/health/ready", "/webhooks/rest/webhook", "/webhook", "/metrics"])
def test_other_addresses_are_not_passed_on(proxy, path):
    assert post(proxy, path) == 404


def test_one_address_has_no_more_than_fifty_connections_at_a_time(proxy, upstream):
    upstream.may_answer.clear()
    with ThreadPoolExecutor(CONNECTIONS + 10) as pool:
        sent = [pool.submit(post, proxy) for _ in range(CONNECTIONS + 10)]
        refused = [done.result() for done in itertools.islice(as_completed(sent), 10)]
        upstream.may_answer.set()
        assert refused == [429] * 10
        assert sorted(done.result() for done in sent) == [200] * CONNECTIONS + [429] * 10


@pytest.fixture(scope="module")
def begun(proxy):
    """What comes back to requests that go no further than their headers, or than the first of them."""
    head = b"POST /chat/messages HTTP/1.1\r\n"
    parts = {"headers": head, "body": head + b"Host: a\r\nContent-Length: 9\r\n\r\n"}
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(parts, pool.map(lambda part: begin(proxy, part), parts.values()), strict=True))


def begin(proxy, part):
    trusting = ssl.create_default_context(cafile=str(proxy.certificate))
    with (
        socket.create_connection(("127.0.0.1", proxy.port), 30) as plain,
        trusting.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(part)
        return connection.recv(1000)


@pytest.mark.parametrize("missing", ["headers", "body"])
def test_who_begins_a_request_and_sends_nothing_more_is_let_go(begun, missing):
    assert not begun[missing] or b" 408 " in begun[missing]


def test_plain_http_leads_to_https(proxy):
    reply = requests.get(f"http://127.0.0.1:{proxy.http_port}/chat/", allow_redirects=False, timeout=10)
    assert (reply.status_code, reply.headers["Location"]) == (308, "https://127.0.0.1/chat/")
