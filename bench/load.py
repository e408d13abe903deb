"""Load on a served assistant: latency of one partner, turns per second of many, a long session."""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

import psutil
import requests

from assistant.commands.environment import ROOT, child_environment
from bench.contenders import Contender
from tests.server import free_port, wait_for

MESSAGES = (
    "How many incidents do we have left?",
    "Wo finde ich die Zugriffs-ID?",
    "This Access ID is already associated to an account",
    "Enthält das Action Pack Cloudsupport?",
    "how do I link the contract in the Azure portal",
    "Was kostet Premier Support?",
    "who may activate the benefits",
    "Guten Tag",
)
_WARM_UP_TURNS = 5
_LATENCY_TURNS = 200
_USERS = 20
_TURNS_A_USER = 15
_SESSION_TURNS = 200
_SESSION_EDGE = 20


class Served:
    """Action server and Rasa server of a contender, on free ports."""

    def __init__(
        self,
        contender: Contender,
        folder: Path,
        stores: Optional[Mapping[str, str]] = None,
        prefix: Tuple[str, ...] = (),
    ) -> None:
        """Start both and wait.

        Args:
            contender: what is served.
            folder: for conversations in SQLite.
            stores: variables that name other stores.
            prefix: a command that runs both, such as ``taskset``.
        """
        port, actions_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}/webhooks/rest"
        environment = child_environment(
            ACTIONS_URL=f"http://127.0.0.1:{actions_port}/webhook",
            ACTIONS_PORT=str(actions_port),
            ACTIONS_SECRET=secrets.token_urlsafe(32),
            **{
                "BENCH_DB": str(folder / "default.db"),
                "CONVERSATIONS_DB": str(folder / "ours.db"),
                **(stores or {}),
            },
        )
        actions = [sys.executable, "-m", "assistant.action_server"]
        rasa = [
            *contender.command,
            *["run", "--interface", "127.0.0.1", "--port", str(port)],
            *["--model", str(contender.model), "--endpoints", contender.endpoints],
            *["--credentials", contender.credentials],
        ]
        started = time.monotonic()
        self.processes = [
            subprocess.Popen(
                [*prefix, *command],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for command in (actions, rasa)
        ]
        wait_for(self._answers, timeout=300)
        self.ready_after = time.monotonic() - started

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/", timeout=1).ok
        except requests.RequestException:
            return False

    def memory(self) -> int:
        """Resident memory of the Rasa server in bytes."""
        return psutil.Process(self.processes[1].pid).memory_info().rss

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)


@contextmanager
def served(contender: Contender, folder: Path) -> Iterator[Served]:
    assistant = Served(contender, folder)
    try:
        yield assistant
    finally:
        assistant.stop()


def measure(contender: Contender, folder: Path) -> Dict[str, Any]:
    """All figures of a contender; times in milliseconds, memory in bytes."""
    with served(contender, folder) as assistant:
        turns(assistant, _WARM_UP_TURNS)
        latencies = []
        while len(latencies) < _LATENCY_TURNS:
            latencies += turns(assistant, len(MESSAGES))
        return {
            "ready_after_s": assistant.ready_after,
            "p50_ms": statistics.median(latencies),
            "p95_ms": statistics.quantiles(latencies, n=20)[-1],
            "turns_per_s": _throughput(assistant),
            "late_to_early": _late_to_early(assistant),
            "rss": assistant.memory(),
        }


def turns(assistant: Served, count: int) -> List[float]:
    """Milliseconds of each turn of a new conversation."""
    sender, times = uuid.uuid4().hex, []
    with requests.Session() as session:
        for number in range(count):
            body = {"sender": sender, "message": MESSAGES[number % len(MESSAGES)]}
            started = time.perf_counter()
            reply = session.post(f"{assistant.url}/webhook", json=body, timeout=120)
            times.append((time.perf_counter() - started) * 1000)
            assert reply.ok and reply.json(), reply.text
    return times


def _throughput(assistant: Served) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(_USERS) as pool:
        done = sum(len(times) for times in pool.map(lambda _: turns(assistant, _TURNS_A_USER), range(_USERS)))
    return done / (time.perf_counter() - started)


def _late_to_early(assistant: Served) -> float:
    """How much longer the last turns of a long session take than the first ones (after the very first)."""
    times = turns(assistant, _SESSION_TURNS)
    early, late = times[1 : 1 + _SESSION_EDGE], times[-_SESSION_EDGE:]
    return statistics.median(late) / statistics.median(early)


def machine() -> str:
    """What the figures were measured on."""
    return f"{os.cpu_count()} cores, Python {sys.version.split()[0]}"
