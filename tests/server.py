"""The real assistant for tests: both servers on free ports, with a database of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

import requests

from assistant.commands import train
from assistant.commands.environment import RASA, ROOT, child_environment

START_TIMEOUT = 300
ACTIONS_SECRET = "known-to-the-tests-and-to-nobody-else"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(**environment: str) -> Tuple[int, str]:
    """Run ``make serve`` to its end; returns exit code and output."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant.commands.serve"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@dataclass
class Assistant:
    """A served assistant; ``folder`` holds its conversations."""

    folder: Path
    environment: Dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    actions_port: int = field(default_factory=free_port)
    process: Optional[subprocess.Popen] = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "conversations.db"

    @property
    def turns(self) -> List[Dict[str, Any]]:
        """The lines of turns in the log."""
        lines = (self.folder / "log" / "turns.log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @property
    def output(self) -> str:
        return (self.folder / "serve.log").read_text(encoding="utf-8")

    def start(self) -> None:
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "ACTIONS_PORT": str(self.actions_port),
            "CONVERSATIONS_DB": str(self.database),
            "LOGS": str(self.folder / "log"),
            "ACTIONS_SECRET": ACTIONS_SECRET,
            **self.environment,
        }
        with (self.folder / "serve.log").open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assistant.commands.serve"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        wait_for(lambda: "Ready after" in self.output or self.process.poll() is not None, START_TIMEOUT)
        assert self.process.poll() is None, self.output

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop it, unless it has ended; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def post(self, body: Any, **kwargs: Any) -> requests.Response:
        return requests.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=60, **kwargs)

    def events(self, sender: str) -> List[Dict[str, Any]]:
        """What is stored of a conversation, in order."""
        return [event for event in self.all_events() if event["sender_id"] == sender]

    def all_events(self) -> List[Dict[str, Any]]:
        """What is stored of all conversations, in order."""
        with sqlite3.connect(self.database) as connection:
            rows = connection.execute("SELECT sender_id, data FROM events ORDER BY id").fetchall()
        return [{**json.loads(data), "sender_id": sender} for sender, data in rows]

    def expire_session(self, sender: str) -> None:
        """Let the last message of a conversation lie a day back."""
        with sqlite3.connect(self.database) as connection:
            connection.execute(
                "UPDATE events SET timestamp = timestamp - 86400,"
                " data = json_set(data, '$.timestamp', json_extract(data, '$.timestamp') - 86400)"
                " WHERE sender_id = ?",
                (sender,),
            )


@dataclass
class RasaServer(Assistant):
    """Only the Rasa server; its action server is wherever ``actions_url`` says."""

    actions_url: str = "http://127.0.0.1:9/webhook"

    def start(self) -> None:
        command = [
            *RASA,
            *["run", "--interface", "127.0.0.1", "--port", str(self.port)],
            *["--model", str(train.ensure_model()), "--credentials", "credentials.yml"],
            *["--endpoints", "endpoints.yml"],
        ]
        files = {"CONVERSATIONS_DB": str(self.database), "LOGS": str(self.folder / "log")}
        environment = child_environment(
            **{"ACTIONS_URL": self.actions_url, "ACTIONS_SECRET": ACTIONS_SECRET, **files, **self.environment}
        )
        with (self.folder / "serve.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def wait_until_ready(self) -> None:
        wait_for(lambda: self.process.poll() is not None or self._answers(), START_TIMEOUT)
        assert self.process.poll() is None, self.output

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/health/live", timeout=1).ok
        except requests.RequestException:
            return False


@dataclass
class Chat:
    """One partner's conversation."""

    assistant: Assistant
    locale: Optional[str] = None
    sender: str = field(default_factory=lambda: f"test-{uuid.uuid4().hex}")
    replies: List[Dict[str, Any]] = field(default_factory=list)

    def say(self, text: str) -> List[Dict[str, Any]]:
        body: Dict[str, Any] = {"sender": self.sender, "message": text}
        if self.locale:
            body["metadata"] = {"locale": self.locale}
        reply = self.assistant.post(body)
        assert reply.status_code == 200, reply.text
        self.replies = reply.json()
        assert self.replies, f"silence after {text!r}"
        return self.replies

    def press(self, title: str) -> List[Dict[str, Any]]:
        payloads = {button["title"]: button["payload"] for button in self.buttons}
        assert title in payloads, f"no button {title!r} among {list(payloads)}"
        return self.say(payloads[title])

    @property
    def text(self) -> str:
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def buttons(self) -> List[Dict[str, str]]:
        return [button for reply in self.replies for button in reply.get("buttons", [])]


@contextmanager
def running(assistant: Assistant) -> Iterator[Assistant]:
    """Start a server, and stop it when it is not needed any more."""
    assistant.start()
    try:
        assistant.wait_until_ready()
        yield assistant
    finally:
        assistant.stop()


def wait_for(condition: Any, timeout: float = 30.0) -> None:
    deadline = time.monotonic() + timeout
    pause = 0.05
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(pause)
