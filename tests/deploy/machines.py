"""Several servers as on several machines: each a process of its own, behind nginx, with shared stores."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional

import psycopg2
import requests

from assistant.commands import train
from assistant.commands.environment import ROOT
from tests.server import ACTIONS_SECRET, START_TIMEOUT, free_port, wait_for
from tests.services import Nginx, PostgreSQL, Redis


@dataclass
class Server:
    """One server alone, started as in its container; ``kind`` is ``rasa`` or ``actions``."""

    kind: str
    folder: Path
    environment: Dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: Optional[subprocess.Popen] = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def start(self) -> None:
        port = {"rasa": "PORT", "actions": "ACTIONS_PORT"}[self.kind]
        with (self.folder / "server.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assistant.commands.serve_one", self.kind],
                cwd=ROOT,
                env={**os.environ, **self.environment, port: str(self.port)},
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        wait_for(lambda: self.process.poll() is not None or self.is_ready(), START_TIMEOUT)
        assert self.process.poll() is None, self.output

    def is_ready(self) -> bool:
        path = {"rasa": "health/ready", "actions": "health"}[self.kind]
        try:
            return requests.get(f"{self.url}/{path}", timeout=5).ok
        except requests.RequestException:
            return False

    def stop(self) -> int:
        """Ask it to stop; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def restart(self) -> None:
        """What a rolling update does with each server, one after the other."""
        assert self.stop() == 0, self.output
        self.start()
        self.wait_until_ready()


class Machines:
    """Two Rasa servers and two action servers with all that they share; started and stopped together."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database, self.redis = PostgreSQL(self._folder("database")), Redis(self._folder("redis"))
        self.actions = [Server("actions", self._folder(f"actions-{number}")) for number in (1, 2)]
        self.servers = [Server("rasa", self._folder(f"server-{number}")) for number in (1, 2)]
        self.proxy = Nginx(
            self._folder("proxy"),
            servers=[server.port for server in self.servers],
            actions=[server.port for server in self.actions],
        )

    def start(self) -> None:
        train.ensure_model()
        for service in (self.database, self.redis, self.proxy):
            service.start()
        for server in (*self.actions, *self.servers):
            server.environment.update(self._environment())
            server.start()
        for server in (*self.actions, *self.servers):
            server.wait_until_ready()

    def stop(self) -> None:
        for server in (*self.servers, *self.actions):
            if server.process and server.process.poll() is None:
                server.stop()
        for service in (self.proxy, self.redis, self.database):
            service.stop()

    def stored(self) -> Dict[str, List[Dict[str, Any]]]:
        """The events of all conversations, in order."""
        connection = psycopg2.connect(self.database.url)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT sender_id, data FROM events ORDER BY id")
            conversations: Dict[str, List[Dict[str, Any]]] = {}
            for sender, data in cursor.fetchall():
                conversations.setdefault(sender, []).append(json.loads(data))
        return conversations

    def tickets(self) -> List[str]:
        """Whose tickets there are."""
        connection = psycopg2.connect(self.database.url)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT sender_id FROM tickets")
            return [sender for (sender,) in cursor.fetchall()]

    def _folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder

    def _environment(self) -> Dict[str, str]:
        return {
            "PRODUCTION": "1",
            "WEB_SECRET": "signs-the-sessions-of-the-tests-only",
            "CONTACT_SECRET": "encrypts-the-contacts-of-the-tests-only",
            "ACTIONS_SECRET": ACTIONS_SECRET,
            "ACTIONS_URL": f"http://127.0.0.1:{self.proxy.actions_port}/webhook",
            "CONVERSATIONS_DB": self.database.url,
            "LOCK_STORE": self.redis.url,
            "RATE_LIMIT_STORAGE": self.redis.url,
            "SPOOL": str(self.folder / "spool"),
        }
