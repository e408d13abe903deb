"""Private instances of what the assistant can use: started, stopped, frozen and killed by tests."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any, Dict, List, Optional

import psutil
import pytest
import requests

from assistant.commands.environment import ROOT
from tests.server import free_port, wait_for

_AS_POSTGRES = (
    ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
)

_RT = Path("/usr/share/request-tracker5")
_RT_TOKEN = """
use RT -init;
my $root = RT::User->new(RT->SystemUser);
$root->Load("root");
my ($is_made, $message, $token) =
    RT::AuthToken->new(RT->SystemUser)->Create(Owner => $root->Id, Description => "tests");
print $token;
"""


@dataclass
class Service(ABC):
    """A server process with files of its own; a subclass knows its command and when it is ready."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: Optional[subprocess.Popen] = None

    @abstractmethod
    def command(self) -> List[str]:
        """What starts it."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it answers."""

    def start(self) -> None:
        with (self.folder / "service.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, cwd=self.folder)
        wait_for(lambda: self.process.poll() is not None or self.is_ready(), 60)
        assert self.process.poll() is None, (self.folder / "service.log").read_text(encoding="utf-8")

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            self.thaw()
            self.process.send_signal(number)
            self.process.wait(30)

    def kill(self) -> None:
        """End it and its children without a word."""
        self._signal_all(signal.SIGKILL)
        self.process.wait(30)

    def freeze(self) -> None:
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: int) -> None:
        main = psutil.Process(self.process.pid)
        for process in (main, *main.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)


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


class PostgreSQL(Service):
    """A PostgreSQL server, which does not want to be run by root."""

    @property
    def url(self) -> str:
        return f"postgresql://assistant@127.0.0.1:{self.port}/postgres"

    def command(self) -> List[str]:
        data = self.folder / "data"
        if not data.exists():
            data.mkdir()
            if os.geteuid() == 0:
                shutil.chown(data, "postgres")
                self._open_for_others()
            subprocess.run(
                [*_AS_POSTGRES, _program("initdb"), "-D", str(data), "-U", "assistant", "--no-sync"],
                check=True,
                capture_output=True,
                cwd=data,
            )
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
        }
        arguments = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [*_AS_POSTGRES, _program("postgres"), "-D", str(data), *arguments]

    def is_ready(self) -> bool:
        asked = [_program("pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-q"]
        return subprocess.run(asked, check=False).returncode == 0

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stop at once, whoever is connected."""
        super().stop(number)

    def _open_for_others(self) -> None:
        for folder in (self.folder, *self.folder.parents):
            if folder == Path("/tmp"):
                break
            folder.chmod(folder.stat().st_mode | 0o011)


@dataclass
class RabbitMQ(Service):
    """A RabbitMQ server with the password "secret", and with a port mapper of its own."""

    mapper_port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"amqp://assistant:secret@127.0.0.1:{self.port}/"

    def command(self) -> List[str]:
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\ndefault_user = assistant\ndefault_pass = secret\n"
            "log.console = true\n",
            encoding="utf-8",
        )
        environment = {
            "HOME": self.folder,
            "RABBITMQ_NODENAME": f"private-{self.port}@localhost",
            "RABBITMQ_BASE": self.folder,
            "RABBITMQ_CONFIG_FILE": self.folder / "rabbitmq.conf",
            "RABBITMQ_MNESIA_BASE": self.folder / "mnesia",
            "RABBITMQ_LOG_BASE": self.folder,
            "RABBITMQ_ENABLED_PLUGINS_FILE": self.folder / "plugins",
            "RABBITMQ_DIST_PORT": free_port(),
            "ERL_EPMD_PORT": self.mapper_port,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        variables = [f"{name}={value}" for name, value in environment.items()]
        return ["env", *variables, _program("rabbitmq-server")]

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as asked:
            asked.sendall(b"AMQP\0\0\x09\x01")
            return bool(asked.recv(1))
        return False

    def stop(self, number: int = signal.SIGTERM) -> None:
        super().stop(number)
        self._end_mapper()

    def kill(self) -> None:
        super().kill()
        self._end_mapper()

    def _end_mapper(self) -> None:
        """End the daemon that Erlang starts apart from itself, as soon as it knows that nobody needs it."""
        command = [_program("epmd"), "-port", str(self.mapper_port), "-kill"]

        def is_ended() -> bool:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            return "not allowed" not in done.stdout + done.stderr

        wait_for(is_ended)


@dataclass
class Nginx(Service):
    """nginx with the configuration of ``deploy/`` and a certificate for 127.0.0.1."""

    servers: List[int] = field(default_factory=list)
    actions: List[int] = field(default_factory=list)
    actions_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def certificate(self) -> Path:
        return self.folder / "tls.crt"

    def command(self) -> List[str]:
        key = self.folder / "tls.key"
        names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
        kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        made = ["-keyout", str(key), "-out", str(self.certificate)]
        subprocess.run([_program("openssl"), "req", *kind, *names, *made], check=True, capture_output=True)
        values = {
            "SERVERS": " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in self.servers),
            "ACTIONS": " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in self.actions),
            "RESOLVER": "127.0.0.1",
            "HTTPS_PORT": f"127.0.0.1:{self.port}",
            "HTTP_PORT": f"127.0.0.1:{self.http_port}",
            "ACTIONS_PORT": f"127.0.0.1:{self.actions_port}",
            "TLS_CERTIFICATE": str(self.certificate),
            "TLS_KEY": str(key),
        }
        template = Template((ROOT / "deploy" / "nginx.conf.template").read_text(encoding="utf-8"))
        (self.folder / "nginx.conf").write_text(template.safe_substitute(values), encoding="utf-8")
        as_root = ["-g", "user root;"] if os.geteuid() == 0 else []
        return [
            *[_program("nginx"), "-e", "stderr", "-p", str(self.folder)],
            *["-c", str(self.folder / "nginx.conf"), *as_root],
        ]

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


@dataclass
class Prometheus(Service):
    """A Prometheus that reads the metrics at a port every second, with rules."""

    target: int = 0
    rules: Optional[Path] = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> List[str]:
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(self.rules)],
            "scrape_configs": [
                {"job_name": "assistant", "static_configs": [{"targets": [f"127.0.0.1:{self.target}"]}]}
            ],
        }
        (self.folder / "prometheus.yml").write_text(json.dumps(config), encoding="utf-8")
        return [
            _program("prometheus"),
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
        ]

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/-/ready", timeout=1).ok
        except requests.RequestException:
            return False

    def ask(self, path: str, **parameters: str) -> Dict[str, Any]:
        """The data of an answer of its API; the error, if there is one, fails the test."""
        answer = requests.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=10).json()
        assert answer["status"] == "success", answer
        return answer["data"]


@dataclass
class RequestTracker(Service):
    """A Request Tracker with its own SQLite file; ``root`` opens it with a token."""

    token: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def _environment(self) -> Dict[str, str]:
        own = {
            "RT_SITE_CONFIG": str(self.folder / "config.pm"),
            "RT_SITE_CONFIG_DIR": str(self.folder / "none"),
        }
        return {**os.environ, **own, "PERL5LIB": str(_RT / "lib")}

    def start(self) -> None:
        if not self.token:
            self._set_up()
        with (self.folder / "service.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, cwd=self.folder, env=self._environment
            )
        wait_for(lambda: self.process.poll() is not None or self.is_ready(), 60)
        assert self.process.poll() is None, (self.folder / "service.log").read_text(encoding="utf-8")

    def command(self) -> List[str]:
        return [str(_RT / "libexec" / "rt-server"), "--host", "127.0.0.1", "--port", str(self.port)]

    def is_ready(self) -> bool:
        try:
            return bool(self.ask("queues/all")["items"])
        except requests.RequestException:
            return False

    def ask(self, path: str, **parameters: str) -> Dict[str, Any]:
        headers = {"Authorization": f"token {self.token}"}
        address = f"{self.url}/REST/2.0/{path}"
        answer = requests.get(address, params=parameters, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def change(self, ticket: str, **values: str) -> None:
        headers = {"Authorization": f"token {self.token}"}
        address = f"{self.url}/REST/2.0/ticket/{ticket}"
        requests.put(address, json=values, headers=headers, timeout=10).raise_for_status()

    def _set_up(self) -> None:
        folders = {name: self.folder / name for name in ("mason", "sessions")}
        for folder in folders.values():
            folder.mkdir()
        values = {
            "rtname": "tests",
            "Organization": "tests",
            "WebDomain": "127.0.0.1",
            "WebPort": str(self.port),
            "DatabaseType": "SQLite",
            "DatabaseName": str(self.folder / "rt.sqlite"),
            "MailCommand": "testfile",
            "WebSessionClass": "Apache::Session::File",
            "MasonDataDir": str(folders["mason"]),
            "MasonSessionDir": str(folders["sessions"]),
        }
        lines = [f"Set(${name}, '{value}');" for name, value in values.items()]
        (self.folder / "config.pm").write_text("\n".join([*lines, "1;", ""]), encoding="utf-8")
        self._run([_program("rt-setup-database-5"), "--action", "init", "--skip-create"])
        self.token = self._run([_program("perl"), "-e", _RT_TOKEN])

    def _run(self, command: List[str]) -> str:
        done = subprocess.run(command, env=self._environment, check=True, capture_output=True, text=True)
        return done.stdout


def promtool(*arguments: str) -> str:
    """What Prometheus' own tool says; that it finds nothing wrong is checked."""
    done = subprocess.run(
        [_program("promtool"), *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _program(name: str) -> str:
    # Debian puts a script around rabbitmq-server that needs its own user and folders.
    own = ["/usr/lib/rabbitmq/bin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    folders = [*own, os.environ["PATH"], "/usr/sbin"]
    path = shutil.which(name, path=os.pathsep.join(folders))
    if path is None:
        pytest.skip(f"{name} is not installed; .ci/run tells the Debian packages that the tests need")
    return path
