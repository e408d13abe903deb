"""The action server answers the Rasa server and nobody else."""

import subprocess
import sys

import pytest
import requests

from assistant.commands.environment import ROOT, child_environment
from tests.server import ACTIONS_SECRET

TRACKER = {"sender_id": "jane", "slots": {}, "latest_message": {"text": "Hello"}, "events": []}
CALL = {"next_action": "action_answer", "tracker": TRACKER}


def call(assistant, path="webhook", body=CALL, **headers):
    url = f"http://127.0.0.1:{assistant.actions_port}/{path}"
    method = "GET" if path == "actions" else "POST"
    return requests.request(method, url, json=body, headers=headers, timeout=10)


@pytest.mark.parametrize("path", ["webhook", "actions"])
@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wrong", f"Basic {ACTIONS_SECRET}", f"Bearer {ACTIONS_SECRET}x"]
)
def test_whoever_does_not_know_the_secret_is_refused(assistant, path, given):
    assert call(assistant, path, **({"Authorization": given} if given else {})).status_code == 401


def test_who_knows_the_secret_is_answered(assistant):
    assert call(assistant, "actions", Authorization=f"Bearer {ACTIONS_SECRET}").status_code == 200


def test_an_error_does_not_send_the_request_back(assistant):
    unreadable = {**CALL, "tracker": {**TRACKER, "slots": {"dialogue": 5}}}
    reply = call(assistant, body=unreadable, Authorization=f"Bearer {ACTIONS_SECRET}")
    assert (reply.status_code, reply.json()) == (500, {"error": "Internal Server Error"})


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        ([], "it is no object"),
        ({}, "next_action: field required"),
        ({**CALL, "next_action": 5}, "next_action: str type expected"),
        ({**CALL, "tracker": {**TRACKER, "events": [{}]}}, "tracker.events.0.event: field required"),
    ],
)
def test_what_is_no_call_of_an_action_is_refused(assistant, body, flaw):
    reply = call(assistant, body=body, Authorization=f"Bearer {ACTIONS_SECRET}")
    assert (reply.status_code, reply.json()) == (400, {"error": f"That is no call of an action: {flaw}."})


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
