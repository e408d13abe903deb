"""Starting one of the two servers alone, as a container does it."""

import os
import signal
import subprocess
import sys

import psutil
import pytest
import requests

from assistant.commands.environment import ROOT
from tests.deploy.machines import Server
from tests.server import ACTIONS_SECRET, free_port

SECRET = {"ACTIONS_SECRET": ACTIONS_SECRET}
URL = {"ACTIONS_URL": "http://actions:5055/webhook"}
NEEDS_SECRET = (
    "ACTIONS_SECRET needs at least 32 characters, the same on all servers; "
    "whoever knows it may use the action servers (docs/deploy.md)."
)
NEEDS_URL = "ACTIONS_URL has to be the address of the action servers, such as http://actions:5055/webhook."


def serve_one(server, **environment):
    """Start a server that does not come far; returns exit code and output."""
    ports = {"PORT": str(free_port()), "ACTIONS_PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "-m", "assistant.commands.serve_one", server],
        cwd=ROOT,
        env={**os.environ, **ports, "ACTIONS_URL": "", "ACTIONS_SECRET": "", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.mark.parametrize("server", ["rasa", "actions"])
@pytest.mark.parametrize("secret", ["", "short"])
def test_both_need_the_secret_that_they_share(server, secret):
    assert serve_one(server, **URL, ACTIONS_SECRET=secret) == (1, NEEDS_SECRET)


@pytest.mark.parametrize("url", ["", "actions:5055", "ftp://actions/"])
def test_the_rasa_server_needs_the_address_of_the_action_servers(url):
    assert serve_one("rasa", **SECRET, ACTIONS_URL=url) == (1, NEEDS_URL)


@pytest.mark.parametrize(("server", "variable"), [("rasa", "HOST"), ("actions", "ACTIONS_HOST")])
def test_a_public_address_needs_production(server, variable):
    code, output = serve_one(server, **SECRET, **URL, **{variable: "0.0.0.0"})
    assert code == 1
    assert output == f"{variable}=0.0.0.0 can be reached by others. Set PRODUCTION=1 too (docs/channels.md)."


def test_nothing_is_trained(tmp_path):
    code, output = serve_one("rasa", **SECRET, **URL, MODELS=str(tmp_path))
    assert code == 1
    assert output.splitlines()[-1].startswith(f"There is no model {tmp_path}")
    assert list(tmp_path.iterdir()) == []


def test_the_process_is_the_server_itself_and_answers_signals(tmp_path):
    server = Server("actions", tmp_path, SECRET)
    server.start()
    server.wait_until_ready()
    process = psutil.Process(server.process.pid)
    assert "assistant.action_server" in process.cmdline()
    assert process.children() == []
    assert requests.get(f"{server.url}/actions", timeout=10).status_code == 401
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(30) == 0
