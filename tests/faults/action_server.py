"""An action server that misbehaves on request, in front of the real one."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Optional

import requests

from tests.server import ACTIONS_SECRET, free_port


class ActionServer:
    """Passes requests on to the real action server unless a fault is set.

    Faults: ``down`` (nobody listens), ``500``, ``html``, ``bad_json``, ``wrong_shape``, ``hangs``.
    """

    def __init__(self, real_url: str) -> None:
        self.port = free_port()
        self.fault: Optional[str] = None
        self._real = real_url
        self._released = threading.Event()
        self._server: Optional[ThreadingHTTPServer] = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook"

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def set(self, fault: Optional[str]) -> None:
        was_down, self.fault = self.fault == "down", fault
        if fault == "down":
            self.close()
        elif was_down:
            self.start()

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._released.clear()

    def _handler(self) -> type:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if owner.fault == "hangs":
                    owner._released.wait()
                    return
                status, kind, answer = owner._answer(body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self) -> None:
                if owner.fault == "hangs":
                    owner._released.wait()
                    return
                self.send_response(500 if owner.fault == "500" else 200)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Nothing to log."""

        return Handler

    def _answer(self, body: bytes) -> tuple:
        faults = {
            "500": (500, "application/json", b'{"error": "broken"}'),
            "html": (200, "text/html", b"<h1>Proxy</h1>"),
            "bad_json": (200, "application/json", b'{"events": ['),
            "wrong_shape": (200, "application/json", b'{"events": 5}'),
        }
        if self.fault in faults:
            return faults[self.fault]
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {ACTIONS_SECRET}"}
        real = requests.post(self._real, data=body, headers=headers, timeout=30)
        return real.status_code, "application/json", real.content
