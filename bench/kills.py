"""Kill the server at random moments of a turn and count what was lost or doubled: ``make bench-kills``.

A message goes in over the widget's address or over Slack's, in turns. After the kill the server is
started again; the widget and Slack send again what was not received, as they do in life.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional

import requests

from tests.channels.slack_stand_in import SECRET, Person, Slack, SlackStandIn, said
from tests.server import Assistant, RasaServer, wait_for

_LATEST_SECONDS = 0.06
_QUESTION = "How many incidents are left?"


@dataclass
class Count:
    """What was seen; ``starts`` in seconds."""

    kills: int = 0
    unstored: int = 0
    unanswered: int = 0
    doubled: int = 0
    starts: List[float] = field(default_factory=list)

    def report(self) -> str:
        return (
            f"{self.kills} kills: {self.unstored} messages not stored exactly once, {self.unanswered} not "
            f"answered, {self.doubled} answered twice; ready again after "
            f"{statistics.median(self.starts):.1f} s (median), at most {max(self.starts):.1f} s"
        )


class Widget:
    """A browser that sends a message again until it is answered."""

    def __init__(self, server: RasaServer) -> None:
        self._server = server
        token = requests.post(f"{server.url}/chat/session", json={}, timeout=30).json()["token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def send(self, message: Dict[str, str]) -> Optional[requests.Response]:
        try:
            url = f"{self._server.url}/chat/messages"
            return requests.post(url, json=message, headers=self._headers, timeout=30)
        except requests.RequestException:
            return None

    def try_kill(self, kill: Any, count: Count) -> None:
        """Send a message that is killed, and send it again twice."""
        message = {"id": uuid.uuid4().hex, "text": f"{_QUESTION} {uuid.uuid4().hex[:6]}"}
        _meanwhile(lambda: self.send(message), kill)
        first, second = (self.send(message).json()["messages"] for _ in range(2))
        texts = [event["text"] for event in self._server.all_events() if event["event"] == "user"]
        count.unstored += texts.count(message["text"]) != 1
        count.unanswered += not first
        count.doubled += first != second


class SlackUser:
    """Slack, which sends again what it got no answer for."""

    def __init__(self, server: RasaServer, stand_in: SlackStandIn) -> None:
        self._slack = Slack(server, stand_in)

    def try_kill(self, kill: Any, count: Count) -> None:
        """Somebody new writes a message that is killed."""
        person = Person(self._slack)
        event = said(person, _QUESTION)
        received = _meanwhile(lambda: self._send(event), kill)
        if not received:
            self._send(event)
        wait_for(lambda: person.stored("bot"))
        expected = len(person.stored("bot"))
        try:
            wait_for(lambda: len(self._posted(person)) >= expected, 20)
        except AssertionError:
            count.unanswered += 1
        # A message of somebody else comes after whatever was still on its way.
        Person(self._slack).say("Hello")
        count.unstored += [event["text"] for event in person.stored("user")] != [_QUESTION]
        count.doubled += len(self._posted(person)) > len(person.stored("bot"))

    def _posted(self, person: Person) -> List[Any]:
        return person.stand_in.posted(person.direct)

    def _send(self, event: Any) -> bool:
        try:
            return self._slack.send(event).ok
        except requests.RequestException:
            return False


def _meanwhile(send: Any, kill: Any) -> Any:
    """Kill while something is sent; returns what sending returned."""
    results: List[Any] = []
    sending = threading.Thread(target=lambda: results.append(send()))
    sending.start()
    kill()
    sending.join()
    return results[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-kills")
    parser.add_argument("kills", type=int, nargs="?", default=200)
    kills = parser.parse_args().kills
    chance, count = random.Random(1), Count()
    with tempfile.TemporaryDirectory() as folder:
        stand_in = SlackStandIn()
        whole, server = _served(Path(folder), stand_in)
        ways = [Widget(server), SlackUser(server, stand_in)]

        def kill() -> None:
            time.sleep(chance.uniform(0, _LATEST_SECONDS))
            server.process.kill()
            server.process.wait()
            started = time.monotonic()
            server.start()
            server.wait_until_ready()
            count.starts.append(time.monotonic() - started)

        for number in range(kills):
            ways[number % 2].try_kill(kill, count)
            count.kills += 1
        server.stop()
        whole.stop()
        stand_in.close()
    print(count.report())


def _served(folder: Path, stand_in: SlackStandIn) -> tuple[Assistant, RasaServer]:
    """An assistant whose action server another Rasa server uses, which is killed."""
    for name in ("whole", "killed"):
        (folder / name).mkdir()
    whole = Assistant(folder / "whole")
    whole.start()
    whole.wait_until_ready()
    server = RasaServer(
        folder / "killed",
        {**stand_in.environment, "SLACK_SIGNING_SECRET": SECRET},
        actions_url=f"http://127.0.0.1:{whole.actions_port}/webhook",
    )
    server.start()
    server.wait_until_ready()
    return whole, server


if __name__ == "__main__":
    main()
