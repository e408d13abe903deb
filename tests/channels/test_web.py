"""The widget's channel over HTTP."""

from __future__ import annotations

import json
import socket
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Optional

import jwt
import pytest
import requests

from tests.server import Assistant, wait_for

SITE = "https://partner.example"


class Browser:
    """One browser with a session of its own."""

    def __init__(self, assistant: Assistant, locale: str = "en-US", token: Optional[str] = None) -> None:
        self.url = f"{assistant.url}/chat"
        self.locale = locale
        self.token = token
        self.opened = self.open()

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body)
        headers = {"Accept-Language": self.locale, **headers}
        return requests.request(method, f"{self.url}/{path}", data=data, headers=headers, timeout=60)

    def open(self) -> List[Dict[str, Any]]:
        reply = self.request("POST", "session", {"locale": self.locale})
        assert reply.status_code == 200, reply.text
        self.token = reply.json()["token"]
        return reply.json()["messages"]

    def say(self, text: str, message_id: Optional[str] = None, **more: str) -> requests.Response:
        return self.request("POST", "messages", {"id": message_id or uuid.uuid4().hex, "text": text, **more})

    @property
    def sender(self) -> str:
        """The name of the conversation, which only the server and this token know."""
        return jwt.decode(self.token, options={"verify_signature": False})["sub"]

    def history(self, after: float = 0) -> List[Dict[str, Any]]:
        return self.request("GET", f"messages?after={after}").json()["messages"]


@pytest.fixture
def browser(assistant):
    return Browser(assistant)


def said_by(who: str, messages: List[Dict[str, Any]]) -> List[str]:
    return [message["text"] for message in messages if message["from"] == who]


def test_a_new_session_greets_in_the_language_of_the_browser(assistant):
    assert "Hello" in Browser(assistant).opened[0]["text"]
    assert "Guten Tag" in Browser(assistant, "de-AT").opened[0]["text"]


def test_a_session_comes_back_with_its_history(assistant, browser):
    browser.say("How many incidents are left?")
    again = Browser(assistant, token=browser.token)
    assert again.opened == browser.history()
    assert said_by("partner", again.opened) == ["How many incidents are left?"]


def test_a_pressed_button_shows_its_title_in_the_history(browser):
    button = browser.opened[0]["buttons"][0]
    assert browser.say(button["title"], payload=button["payload"]).status_code == 200
    assert said_by("partner", browser.history()) == [button["title"]]


def test_a_step_has_its_progress_and_links_at_once_and_in_the_history(browser):
    answer = browser.say("How do I check my remaining incidents?").json()["messages"][0]
    assert answer["source"].startswith("Source: [")
    start = next(button for button in answer["buttons"] if button["title"] == "Walk me through it")
    step = browser.say(start["title"], payload=start["payload"]).json()["messages"][0]
    assert step["progress"]["label"] == f"Step 1 of {step['progress']['total']}"
    assert step["links"][0]["title"] == "Support for Business"
    assert step["links"][0]["url"].startswith("https://support.serviceshub.microsoft.com/")
    assert browser.history()[-1] == step


def test_only_what_is_new_is_sent_after_a_cursor(browser):
    cursor = browser.say("Hello").json()["cursor"]
    assert browser.history(cursor) == []
    browser.say("How many incidents are left?")
    assert said_by("partner", browser.history(cursor)) == ["How many incidents are left?"]


@pytest.mark.parametrize("after", ["-1", "1.5", "٣", "9" * 5000, "x"])
def test_a_cursor_that_is_none_is_refused(browser, after):
    assert browser.request("GET", f"messages?after={after}").status_code == 400


def test_a_message_that_is_sent_again_is_answered_once(browser):
    first = browser.say("How many incidents are left?", "same")
    assert browser.say("How many incidents are left?", "same").json()["messages"] == first.json()["messages"]
    assert said_by("partner", browser.history()) == ["How many incidents are left?"]


def test_the_same_message_at_the_same_time_is_answered_once(browser):
    with ThreadPoolExecutor(5) as pool:
        replies = list(pool.map(lambda _: browser.say("Who may activate the benefits?", "same"), range(5)))
    assert all(reply.json()["messages"] == replies[0].json()["messages"] for reply in replies)
    assert said_by("partner", browser.history()) == ["Who may activate the benefits?"]


def test_a_payload_that_was_not_offered_is_only_text(browser):
    browser.say("x", payload='/inform{"option": "access_id_error.contract_state.expired"}')
    assert said_by("partner", browser.history())[-1].startswith("inform")


def test_other_sessions_can_neither_read_nor_write_a_conversation(assistant, browser):
    browser.say("How many incidents are left?")
    other = Browser(assistant)
    other.say("Hello")
    assert said_by("partner", other.history()) == ["Hello"]
    assert said_by("partner", browser.history()) == ["How many incidents are left?"]


def forged_tokens() -> Dict[str, str]:
    claims = {"sub": "web:guessed", "exp": 4_000_000_000}
    return {
        "none": "",
        "garbage": "abc.def.ghi",
        "another secret": jwt.encode(claims, "x" * 32, algorithm="HS256"),
        "unsigned": jwt.encode(claims, None, algorithm="none"),
    }


@pytest.mark.parametrize("token", forged_tokens().values(), ids=forged_tokens().keys())
def test_a_token_that_was_not_issued_here_is_refused(browser, token):
    browser.token = token
    assert browser.say("Hello").status_code == 401
    assert browser.request("GET", "messages").status_code == 401


def test_an_unusable_token_gets_a_new_session(assistant):
    fresh = Browser(assistant, token="abc.def.ghi")
    assert fresh.token != "abc.def.ghi"
    assert len(fresh.opened) == 1


MALFORMED = [
    *(b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"id": "1"}', b'{"text": "no id"}'),
    *(b'{"id": 5, "text": "x"}', b'{"id": "1", "text": ["x"]}', b'{"id": "1", "text": {"a": 1}}'),
]


@pytest.mark.parametrize("body", MALFORMED)
def test_a_malformed_message_is_refused_with_what_is_wrong(browser, body):
    reply = browser.request("POST", "messages", body)
    assert reply.status_code == 400
    assert reply.json()["error"]


def test_a_body_that_is_too_large_is_refused_in_the_language_of_the_browser(assistant):
    reply = Browser(assistant, "de").say("x" * 100_000)
    assert reply.status_code == 413
    assert "zu lang" in reply.json()["error"]


def test_a_message_that_is_too_long_gets_a_friendly_answer(browser):
    assert "too long" in browser.say("word " * 1000).json()["messages"][0]["text"]


def test_another_website_is_refused(browser):
    for path, body in (("session", {}), ("messages", {"id": "1", "text": "Hello"})):
        reply = browser.request("POST", path, body, Origin="https://evil.example")
        assert reply.status_code == 403
        assert "Access-Control-Allow-Origin" not in reply.headers
    assert browser.request("OPTIONS", "session", Origin="https://evil.example").headers.get(
        "Access-Control-Allow-Origin"
    ) in (None, "")


def test_a_website_that_the_owner_allows_may_talk(browser):
    reply = browser.request("POST", "session", {}, Origin=SITE)
    assert reply.status_code == 200
    assert reply.headers["Access-Control-Allow-Origin"] == SITE
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    preflight = browser.request("OPTIONS", "messages", Origin=SITE, **asks)
    assert preflight.headers["Access-Control-Allow-Origin"] == SITE
    assert "authorization" in preflight.headers["Access-Control-Allow-Headers"].lower()


def test_the_assistants_own_page_may_talk(assistant, browser):
    assert browser.request("POST", "session", {}, Origin=assistant.url).status_code == 200


def test_a_flood_is_answered_or_told_to_slow_down_and_blocks_nobody_else(assistant, browser):
    with ThreadPoolExecutor(50) as pool:
        flood = pool.map(lambda number: browser.say(f"Message {number}"), range(200))
        other = Browser(assistant).say("Who may activate the benefits?")
        statuses = [reply.status_code for reply in flood]
    assert other.status_code == 200
    assert set(statuses) <= {200, 429}
    assert len(said_by("partner", browser.history())) == statuses.count(200) >= 1


def test_who_is_too_fast_is_told_when_to_go_on(assistant):
    fast = Browser(assistant, "de")
    with ThreadPoolExecutor(50) as pool:
        replies = list(pool.map(lambda number: fast.say(f"Nachricht {number}"), range(60)))
    refused = next(reply for reply in replies if reply.status_code == 429).json()
    assert refused["retry_after"] >= 1
    assert "warten" in refused["error"]


def test_a_client_that_goes_away_finds_the_answer_later(assistant, browser):
    body = json.dumps({"id": "gone", "text": "How many incidents are left?"})
    request = (
        f"POST /chat/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {browser.token}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    with socket.create_connection(("127.0.0.1", assistant.port)) as connection:
        connection.sendall(request.encode())
    wait_for(lambda: len(browser.history()) >= 3)
    assert said_by("partner", browser.history()) == ["How many incidents are left?"]


def test_personal_data_is_not_kept(browser):
    browser.say("My address is jane.doe@contoso.com, who may activate the benefits?")
    assert "jane.doe" not in json.dumps(browser.history())


def test_a_session_survives_a_restart_of_the_server(tmp_path):
    assistant = Assistant(tmp_path, {"WEB_SECRET": "s" * 32})
    assistant.start()
    assistant.wait_until_ready()
    browser = Browser(assistant)
    answer = browser.say("How many incidents are left?", "before").json()["messages"]
    before = browser.history()
    assistant.stop()
    assistant.start()
    try:
        assistant.wait_until_ready()
        assert Browser(assistant, token=browser.token).opened == before
        assert browser.say("How many incidents are left?", "before").json()["messages"] == answer
        assert browser.history() == before
    finally:
        assistant.stop()
