"""Every server is restarted while partners talk to the assistant: nobody notices, and nothing is lost."""

from __future__ import annotations

import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Dict, List

import jwt
import pytest
import requests

from tests.deploy.machines import Machines

PARTNERS = 10
SAYS = (
    "Who may activate the benefits?",
    "Diese Zugriffs-ID ist bereits einem Konto zugeordnet",
    "Gold",
    "How many incidents are left?",
    "Please let me talk to a person",
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


def _talk(machines: Machines, is_over: threading.Event) -> List[Conversation]:
    held = []
    while not is_over.is_set():
        held.append(Conversation(machines).hold())
    return held


def test_a_rolling_restart_loses_nothing_and_nobody_notices(machines):
    undisturbed = Conversation(machines).hold()
    expected = _steps(machines.stored()[undisturbed.sender])
    is_over = threading.Event()
    with ThreadPoolExecutor(PARTNERS) as pool:
        talks = [pool.submit(_talk, machines, is_over) for _ in range(PARTNERS)]
        try:
            for server in (*machines.servers, *machines.actions):
                server.restart()
        finally:
            is_over.set()
        held = [conversation for talk in talks for conversation in talk.result()]
    assert len(held) > PARTNERS
    stored = machines.stored()
    for conversation in held:
        assert conversation.replies == undisturbed.replies
        assert _steps(stored[conversation.sender]) == expected
    wanted_a_person = [request["sender"] for request in machines.requests_for_a_person()]
    assert sorted(wanted_a_person) == sorted(each.sender for each in (undisturbed, *held))
