"""Start the action server and the Rasa server, on loopback unless configured, and stop both together."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Dict, List, Optional, Tuple

from assistant.commands.environment import ACTIONS, LOGS, RASA, ROOT, CommandError, child_environment, tail
from assistant.commands.listening import LOOPBACK, host_of, port_of, reached_at
from assistant.commands.train import ensure_model
from assistant.content import ContentError
from assistant.content.validation import check
from assistant.helpdesk import check_help_desk
from assistant.observability.settings import LogSettings, MetricsSettings
from assistant.settings import ChannelOffError, WebSettings, overview

_START_TIMEOUT = 180.0
_STOP_TIMEOUT = 10.0
_POLL = 0.1


class Stopped(Exception):
    """Raised by a signal to leave the main loop."""


@dataclass
class Server:
    """A child process with the address that tells whether it answers."""

    name: str
    command: List[str]
    health: str
    environment: Dict[str, str]
    process: Optional[subprocess.Popen] = field(default=None, init=False)

    @property
    def log(self) -> Path:
        """Where the output of the server goes."""
        return LOGS / f"{self.name}.log"

    def start(self) -> None:
        """Start the process with its output in a file; the file of the start before is kept beside it."""
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("w", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def answers(self) -> bool:
        """Whether the health address answers with 200."""
        try:
            with urllib.request.urlopen(self.health, timeout=1) as reply:
                return reply.status == 200
        except OSError:
            return False

    def wait(self) -> None:
        """Wait until the server answers.

        Raises:
            CommandError: it ended, or did not answer in time.
        """
        deadline = time.monotonic() + _START_TIMEOUT
        while not self.answers():
            self.check()
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The {self.name} server did not answer within {_START_TIMEOUT:.0f} s, see {self.log}."
                )
            time.sleep(_POLL)

    def check(self) -> None:
        """Raise a CommandError if the process has ended."""
        if self.process is not None and self.process.poll() is not None:
            raise CommandError(
                f"The {self.name} server ended (exit code {self.process.returncode}). "
                f"The end of {self.log}:\n{tail(self.log)}"
            )

    def stop(self) -> None:
        """Ask the process to end, and end it if it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def main() -> int:
    """Serve until a signal comes; returns the exit code."""
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, _stop)
    # Conversations and logs are nobody else's business.
    os.umask(0o077)
    servers: List[Server] = []
    try:
        port, actions_port = port_of("PORT", 5005), port_of("ACTIONS_PORT", 5055)
        host = host_of("HOST")
        check_help_desk()
        lines = overview(f"http://{reached_at(host)}:{port}")
        LogSettings.from_environment()
        metrics = MetricsSettings.from_environment()
        places = {"PORT": (host, port), "ACTIONS_PORT": (LOOPBACK, actions_port)}
        if metrics:
            lines.append(f"Metrics: {metrics.url}")
            places["METRICS_PORT"] = (metrics.host, metrics.port)
        check_content()
        check_ports(**places)
        model = ensure_model()
        servers = _servers(host, port, actions_port, model)
        _serve(servers, port, lines)
    except Stopped:
        print("\nStopping ...", flush=True)
        return 0
    except (CommandError, ContentError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        for server in reversed(servers):
            server.stop()
    return 0


def _stop(number: int, frame: Optional[FrameType]) -> None:
    raise Stopped


def _serve(servers: List[Server], port: int, overview_lines: List[str]) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    print("Starting ...", flush=True)
    for server in servers:
        server.start()
    for server in servers:
        server.wait()
    lines = [
        f"Ready after {time.monotonic() - started:.0f} s. Talk to it in another terminal:",
        f"    make chat{'' if port == 5005 else f' PORT={port}'}",
        f"or over HTTP: http://{LOOPBACK}:{port}/webhooks/rest/webhook",
        *overview_lines,
        f"Logs: {LOGS}/  Stop: Ctrl-C",
    ]
    print("\n".join(lines), flush=True)
    while True:
        for server in servers:
            server.check()
        time.sleep(_POLL)


def _origins() -> List[str]:
    try:
        return sorted(WebSettings.from_environment().origins)
    except ChannelOffError:
        return []


def rasa_command(host: str, port: int, model: Path) -> List[str]:
    """What starts the Rasa server."""
    origins = _origins()
    return [
        *RASA,
        *["run", "--interface", host, "--port", str(port)],
        *["--model", str(model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"],
        *(["--cors", *origins] if origins else []),
    ]


def _servers(host: str, port: int, actions_port: int, model: Path) -> List[Server]:
    actions_url = f"http://{LOOPBACK}:{actions_port}"
    # Only these two processes know it.
    secret = os.environ.get("ACTIONS_SECRET") or secrets.token_urlsafe(32)
    actions = Server(
        "actions",
        list(ACTIONS),
        f"{actions_url}/health",
        child_environment(ACTIONS_HOST=LOOPBACK, ACTIONS_PORT=str(actions_port), ACTIONS_SECRET=secret),
    )
    rasa = Server(
        "rasa",
        rasa_command(host, port, model),
        f"http://{reached_at(host)}:{port}/health/live",
        child_environment(ACTIONS_URL=f"{actions_url}/webhook", ACTIONS_SECRET=secret),
    )
    return [actions, rasa]


def check_ports(**places: Tuple[str, int]) -> None:
    """Raise a CommandError unless these addresses are free; their names are those of the variables."""
    for name, (host, port) in places.items():
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                raise CommandError(
                    f"Port {port} is not allowed for you. Choose another: make serve {name}=..."
                ) from None
            except OSError:
                raise CommandError(
                    f"Port {port} is in use. Choose another: make serve {name}={port + 1}"
                ) from None
    if len({port for _, port in places.values()}) < len(places):
        raise CommandError(f"{' and '.join(places)} have to differ.")


def check_content() -> None:
    """Raise a ContentError if there is something wrong with the content."""
    problems = check()
    if problems:
        raise ContentError(problems)


if __name__ == "__main__":
    sys.exit(main())
