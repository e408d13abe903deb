"""What answers carry and what they do not tell; which addresses there are."""

from __future__ import annotations

import uuid

import pytest
import requests

from tests.channels.test_web import SITE, Browser
from tests.server import ACTIONS_SECRET

NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"


def ask(assistant, method, path, **more):
    return requests.request(method, f"{assistant.url}{path}", timeout=30, **more)


ANSWERS = {
    "a session": ("POST", "/chat/session", 200),
    "a refused message": ("POST", "/chat/messages", 401),
    "another method": ("DELETE", "/chat/messages", 405),
    "what is not there": ("GET", "/nothing", 404),
    "health": ("GET", "/health/ready", 200),
    "a malformed request in Rasa's format": ("POST", "/webhooks/rest/webhook", 400),
}


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS.values(), ids=ANSWERS.keys())
def test_no_answer_is_kept_framed_guessed_or_followed(assistant, method, path, status):
    answer = ask(assistant, method, path, data="{}")
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == NO_PAGE
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers


def test_answers_of_the_action_server_carry_them_too(assistant):
    url = f"http://127.0.0.1:{assistant.actions_port}/actions"
    for headers in ({}, {"Authorization": f"Bearer {ACTIONS_SECRET}"}):
        answer = requests.get(url, headers=headers, timeout=30)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == NO_PAGE


@pytest.mark.parametrize("name", ["", "widget.js", "demo.js"])
def test_the_page_loads_its_own_and_is_framed_by_allowed_sites_only(assistant, name):
    answer = ask(assistant, "GET", f"/chat/{name}")
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert answer.status_code == 200
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == f"'self' {SITE}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_refusal_can_be_read_by_an_allowed_site(assistant):
    browser = Browser(assistant, "de")
    answer = browser.request("POST", "messages", b"x" * 100_000, Origin=SITE)
    assert answer.status_code == 413
    assert "zu lang" in answer.json()["error"]
    assert answer.headers["Access-Control-Allow-Origin"] == SITE


RASA_API = [
    *("/", "/version", "/status", "/domain", "/model", "/model/parse", "/model/train", "/docs"),
    *(
        "/conversations/default/tracker",
        "/conversations/default/tracker/events",
        "/webhooks/",
        "/webhooks/cmdline",
    ),
    *("/webhooks/rasa/webhook", "/socket.io/", "/webhooks/callback/webhook", "/actions", "/metrics"),
]


@pytest.mark.parametrize("path", RASA_API)
def test_nothing_else_of_rasa_is_there(assistant, path):
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = ask(assistant, method, path, json={})
        assert (answer.status_code, answer.json()) == (404, {"error": "Not Found"})


@pytest.mark.parametrize(
    "path",
    [
        "/chat/../credentials.yml",
        "/chat/%2e%2e/credentials.yml",
        "/chat/..%2f..%2fcredentials.yml",
        "/chat/%2e%2e%2fconfig.yml",
        "/chat/..%5cconfig.yml",
        "/chat//etc/passwd",
        "/chat/demo.html%00.js",
        "/chat/.env",
    ],
)
def test_no_file_but_those_of_the_widget_is_served(assistant, path):
    url = f"{assistant.url}{path}"
    prepared = requests.Request("GET", url).prepare()
    prepared.url = url
    answer = requests.Session().send(prepared, timeout=30)
    assert answer.status_code == 404


def test_an_address_is_not_repeated(assistant):
    word = uuid.uuid4().hex
    answer = ask(assistant, "GET", f"/{word}?{word}", headers={"X-Word": word})
    assert answer.status_code == 404
    assert word not in answer.text
