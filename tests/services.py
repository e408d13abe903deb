"""Private instances of what the assistant can use: started, stopped, frozen and killed by tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import List, Optional

from tests.server import free_port, wait_for


@dataclass
class Service:
    """A server process with files of its own; a subclass knows its command and when it is ready."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: Optional[subprocess.Popen] = None

    def command(self) -> List[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        with (self.folder / "service.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, cwd=self.folder)
        wait_for(lambda: self.process.poll() is not None or self.is_ready(), 60)
        assert self.process.poll() is None, (self.folder / "service.log").read_text(encoding="utf-8")

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            self.process.wait(30)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


class Redis(Service):
    """A Redis server with the password "secret"."""

    @property
    def url(self) -> str:
        return f"redis://:secret@127.0.0.1:{self.port}"

    def command(self) -> List[str]:
        options = {"port": self.port, "bind": "127.0.0.1", "requirepass": "secret", "save": ""}
        arguments = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        return [_program("redis-server"), *arguments]

    def is_ready(self) -> bool:
        asked = ["redis-cli", "-p", str(self.port), "-a", "secret", "--no-auth-warning", "ping"]
        return b"PONG" in subprocess.run(asked, capture_output=True, check=False).stdout


def _program(name: str) -> str:
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert path, f"{name} is not installed; .ci/run tells the Debian packages that the tests need"
    return path
