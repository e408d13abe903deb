"""Servers are restarted and killed while partners talk to the assistant: nobody notices, nothing is lost."""

from __future__ import annotations

import re
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List

import jwt
import pytest
import requests

from tests.deploy.machines import Machines
from tests.server import wait_for

PARTNERS = 10
SAYS = (
    "Who may activate the benefits?",
    "Diese Zugriffs-ID ist bereits einem Konto zugeordnet",
    "Gold",
    "How many incidents are left?",
    "Please let me talk to a person",
    "jane.doe@contoso.com",
    "It can wait",
    "nothing else",
    "send it",
    "Thank you",
)


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    started = Machines(tmp_path_factory.mktemp("machines"))
    try:
        started.start()
        yield started
    finally:
        started.stop()


@dataclass
class Conversation:
    """A widget that sends each message once, and takes no error for an answer."""

    machines: Machines
    token: str = ""
    replies: List[str] = field(default_factory=list)

    @property
    def sender(self) -> str:
        return jwt.decode(self.token, options={"verify_signature": False})["sub"]

    def hold(self) -> Conversation:
        self.token = self._ask("session", {"locale": "en"})["token"]
        for text in SAYS:
            answer = self._ask("messages", {"id": uuid.uuid4().hex, "text": text})
            self.replies += [_neutral(message["text"]) for message in answer["messages"]]
        return self

    def _ask(self, path: str, body: Dict[str, str]) -> Dict[str, Any]:
        proxy = self.machines.proxy
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        reply = requests.post(
            f"{proxy.url}/chat/{path}", json=body, headers=headers, timeout=60, verify=str(proxy.certificate)
        )
        assert reply.status_code == 200, (reply.status_code, reply.text)
        return reply.json()


def _neutral(text: str) -> str:
    """A text without what differs from conversation to conversation."""
    return re.sub(r"H-[0-9A-F]{8}", "H-...", text)


def _steps(events: List[Dict[str, Any]]) -> List[tuple]:
    """What happened in a conversation: the kinds of its events with what was said, done or noted."""
    return [(event["event"], event.get("name"), _neutral(event.get("text") or "")) for event in events]


@contextmanager
def talking(machines: Machines) -> Iterator[List[Conversation]]:
    """Partners who hold one conversation after the other; all are ended and complete in the end."""
    held: List[Conversation] = []
    is_over = threading.Event()

    def talk() -> None:
        while not is_over.is_set():
            held.append(Conversation(machines).hold())

    with ThreadPoolExecutor(PARTNERS) as pool:
        talks = [pool.submit(talk) for _ in range(PARTNERS)]
        try:
            yield held
        finally:
            is_over.set()
        for each in talks:
            each.result()


@pytest.fixture(scope="module")
def undisturbed(machines):
    return Conversation(machines).hold()


def check_complete(machines, undisturbed, held):
    """Each conversation has the answers and the events of one that nothing happened to."""
    stored = machines.stored()
    for conversation in held:
        assert conversation.replies == undisturbed.replies
        assert _steps(stored[conversation.sender]) == _steps(stored[undisturbed.sender])
    tickets = Counter(machines.tickets())
    assert all(tickets[conversation.sender] == 1 for conversation in held)


def test_a_rolling_restart_loses_nothing_and_nobody_notices(machines, undisturbed):
    with talking(machines) as held:
        for server in (*machines.servers, *machines.actions):
            server.restart()
    assert len(held) > PARTNERS
    check_complete(machines, undisturbed, held)


@pytest.mark.parametrize("kind", ["actions", "servers"])
def test_the_other_server_takes_over_from_one_that_is_killed(machines, undisturbed, kind):
    server = getattr(machines, kind)[0]
    with talking(machines) as held:
        wait_for(lambda: len(held) > PARTNERS)
        server.process.kill()
        server.process.wait()
        # Whoever was in a turn waits until the lock of the dead server is over.
        so_far = len(held)
        wait_for(lambda: len(held) > so_far + 2 * PARTNERS, 120)
    check_complete(machines, undisturbed, held)
    server.start()
    server.wait_until_ready()
