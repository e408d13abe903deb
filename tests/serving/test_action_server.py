"""The action server answers the Rasa server and nobody else."""

import subprocess
import sys

import pytest
import requests

from assistant.commands.environment import ROOT, child_environment
from tests.server import ACTIONS_SECRET


def call(assistant, path="webhook", **headers):
    url = f"http://127.0.0.1:{assistant.actions_port}/{path}"
    method = "GET" if path == "actions" else "POST"
    return requests.request(method, url, json={"next_action": "action_answer"}, headers=headers, timeout=10)


@pytest.mark.parametrize("path", ["webhook", "actions"])
@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wrong", f"Basic {ACTIONS_SECRET}", f"Bearer {ACTIONS_SECRET}x"]
)
def test_whoever_does_not_know_the_secret_is_refused(assistant, path, given):
    assert call(assistant, path, **({"Authorization": given} if given else {})).status_code == 401


def test_who_knows_the_secret_is_answered(assistant):
    assert call(assistant, "actions", Authorization=f"Bearer {ACTIONS_SECRET}").status_code == 200


def test_an_error_does_not_send_the_request_back(assistant):
    reply = call(assistant, Authorization=f"Bearer {ACTIONS_SECRET}")
    assert (reply.status_code, reply.json()) == (500, {"error": "Internal Server Error"})


def test_it_does_not_start_without_a_secret():
    done = subprocess.run(
        [sys.executable, "-m", "assistant.action_server"],
        cwd=ROOT,
        env=child_environment(ACTIONS_SECRET=""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1,
        "ACTIONS_SECRET needs at least 32 characters.",
    )
