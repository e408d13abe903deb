"""Stand-ins of help desks that cannot be installed here: Zendesk, ServiceNow and a program behind a webhook.

They follow what the vendors publish about the calls we make: Zendesk's Ticketing API, ServiceNow's
Table API and Standard Webhooks; and they can misbehave.
"""

from __future__ import annotations

import itertools
import json
import ssl
import subprocess
import threading
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple
from urllib.parse import parse_qs, urlsplit

from standardwebhooks import Webhook

SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cy1vbmx5LTEyMzQ1"
Body = Dict[str, Any]
# What a desk does wrong: refuses, answers rubbish, takes a ticket and says nothing, or is slow.
UNAVAILABLE, BUSY, REFUSING, RUBBISH, LOST_ANSWER, SLOW = (
    "unavailable", "busy", "refusing", "rubbish", "lost answer", "slow",
)  # fmt: skip
FAULTS = (UNAVAILABLE, BUSY, RUBBISH, LOST_ANSWER, SLOW)
_STATUS = {UNAVAILABLE: 503, BUSY: 429, REFUSING: 422}


def certificate(folder: Path) -> Tuple[Path, Path]:
    """A certificate for this machine and its key."""
    files = folder / "desk.crt", folder / "desk.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-out", str(files[0]), "-keyout", str(files[1])],
        check=True, capture_output=True,
    )  # fmt: skip
    return files


class DeskStandIn(ABC):
    """A desk on a free port of this machine; a subclass knows what its vendor's API looks like."""

    environment: Mapping[str, str]

    def __init__(self, files: Optional[Tuple[Path, Path]] = None) -> None:
        self.tickets: List[Body] = []
        self.calls: List[str] = []
        self.fault: Optional[str] = None
        self.released = threading.Event()
        self._ids = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        if files:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, files))
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """End it; whoever waits for a slow answer is cut off."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @abstractmethod
    def reference_of(self, ticket: Body) -> str:
        """The reference of ours in a ticket."""

    @abstractmethod
    def answer(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Tuple[int, Any]:
        """What a call is answered with; a new ticket is kept."""

    def _handler(self) -> type:
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                desk.calls.append(self.command)
                fault = desk.fault
                if fault in _STATUS:
                    self._say(_STATUS[fault], {"error": "not now"}, {"Retry-After": "30"})
                    return
                if fault == RUBBISH:
                    self._say(200, "<html>Welcome</html>")
                    return
                status, answer = desk.answer(self.command, self.path, self.headers, body)
                if fault == LOST_ANSWER:
                    self.close_connection = True
                    self.connection.close()
                    return
                if fault == SLOW:
                    desk.released.wait(30)
                self._say(status, answer)

            do_GET = do_POST

            def _say(self, status: int, answer: Any, headers: Optional[Mapping[str, str]] = None) -> None:
                content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
                total = str(len(answer["result"])) if isinstance(answer, dict) and "result" in answer else "0"
                try:
                    self.send_response(status)
                    for name, value in {"X-Total-Count": total, **(headers or {})}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    # Whoever asked did not want to wait any longer.
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


class WebhookStandIn(DeskStandIn):
    """A program that checks signatures and knows what it has got already."""

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "HELP_DESK": "webhook",
            "HELP_DESK_URL": f"http://127.0.0.1:{self.port}/tickets",
            "HELP_DESK_SECRET": SECRET,
        }

    def reference_of(self, ticket: Body) -> str:
        return ticket["data"]["reference"]

    def answer(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Tuple[int, Any]:
        ticket = Webhook(SECRET).verify(body, dict(headers.items()))
        known = [self.reference_of(each) for each in self.tickets]
        if self.reference_of(ticket) != headers["webhook-id"]:
            return 400, {}
        if headers["webhook-id"] not in known:
            self.tickets.append(ticket)
        return 201, {"id": f"W-{len(self.tickets)}"}


class ZendeskStandIn(DeskStandIn):
    """Zendesk's ``/api/v2/tickets``."""

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "HELP_DESK": "zendesk",
            "ZENDESK_HOST": f"127.0.0.1:{self.port}",
            "ZENDESK_EMAIL": "agent@partner.example",
            "ZENDESK_TOKEN": "zendesk-token-of-the-tests",
        }

    def reference_of(self, ticket: Body) -> str:
        return ticket["external_id"]

    def answer(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Tuple[int, Any]:
        path, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        assert headers["Authorization"].startswith("Basic ")
        if method == "POST":
            ticket = {"id": next(self._ids), "status": "new", **json.loads(body)["ticket"]}
            self.tickets.append(ticket)
            return 201, {"ticket": _told(ticket), "audit": {"id": 1, "ticket_id": ticket["id"], "events": []}}
        if path.endswith("/tickets.json"):
            found = [_told(each) for each in self.tickets if each["external_id"] == query["external_id"][0]]
            return 200, {"tickets": found, "count": len(found), "next_page": None}
        number = int(path.rpartition("/")[2].removesuffix(".json"))
        return 200, {"ticket": next(_told(each) for each in self.tickets if each["id"] == number)}


class ServiceNowStandIn(DeskStandIn):
    """ServiceNow's ``/api/now/table/incident``."""

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "HELP_DESK": "servicenow",
            "SERVICENOW_URL": f"https://127.0.0.1:{self.port}",
            "SERVICENOW_USER": "assistant",
            "SERVICENOW_PASSWORD": "servicenow-password-of-the-tests",
        }

    def reference_of(self, ticket: Body) -> str:
        return ticket["correlation_id"]

    def answer(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Tuple[int, Any]:
        path, query = urlsplit(address).path, parse_qs(urlsplit(address).query)
        assert headers["Authorization"].startswith("Basic ")
        if method == "POST":
            ticket = {**json.loads(body), "sys_id": f"{next(self._ids):032x}", "state": "1"}
            self.tickets.append(ticket)
            return 201, {"result": _shown(ticket)}
        if path.endswith("/incident"):
            wanted = query["sysparm_query"][0].partition("correlation_id=")[2].partition("^")[0]
            return 200, {
                "result": [_shown(each) for each in self.tickets if each["correlation_id"] == wanted]
            }
        found = [each for each in self.tickets if each["sys_id"] == path.rpartition("/")[2]]
        return (
            (200, {"result": _shown(found[0])}) if found else (404, {"error": {"message": "No Record found"}})
        )


def _told(ticket: Body) -> Body:
    """What Zendesk tells of a ticket; others, such as the requester, stand there with their ids."""
    return {name: ticket[name] for name in ("id", "external_id", "subject", "status", "priority")}


def _shown(record: Body) -> Body:
    """With ``sysparm_display_value=all``."""
    return {name: {"value": value, "display_value": value} for name, value in record.items()}
