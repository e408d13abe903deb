"""The Rasa server is killed in the middle of a turn, or its client goes away."""

import signal
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from assistant.processor import MAX_SESSION_EVENTS
from tests.server import Chat, RasaServer, running, wait_for


@pytest.fixture
def killable(tmp_path, actions):
    with running(RasaServer(tmp_path, actions_url=actions.url)) as server:
        yield server


class Widget:
    """A browser that sends a message again, with the same id, until it is answered."""

    def __init__(self, server):
        self.server = server
        self.token = ""
        self.token = self.ask("session", {"locale": "en"})["token"]

    def ask(self, path, body, timeout=30):
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.server.url}/chat/{path}"
        return requests.post(url, json=body, headers=headers, timeout=timeout).json()


def texts(server, kind):
    return [event["text"] for event in server.all_events() if event["event"] == kind]


def test_a_message_is_stored_before_its_turn_and_answered_once_after_a_kill(killable, actions):
    widget = Widget(killable)
    actions.set("hangs")
    message = {"id": uuid.uuid4().hex, "text": "Who may activate the benefits?"}

    def send():
        with pytest.raises(requests.RequestException):
            widget.ask("messages", message)

    sending = threading.Thread(target=send)
    sending.start()
    wait_for(lambda: message["text"] in texts(killable, "user"))
    killable.process.send_signal(signal.SIGKILL)
    killable.process.wait()
    sending.join()
    actions.set(None)
    killable.start()
    killable.wait_until_ready()
    first, second = (widget.ask("messages", message) for _ in range(2))
    assert "Global admin" in first["messages"][0]["text"]
    assert second["messages"] == first["messages"]
    assert texts(killable, "user").count(message["text"]) == 1


def test_a_turn_ends_although_its_client_has_gone(killable, actions):
    chat = Chat(killable)
    actions.set("hangs")
    body = {"sender": chat.sender, "message": "Who may activate the benefits?"}
    with pytest.raises(requests.Timeout):
        requests.post(f"{killable.url}/webhooks/rest/webhook", json=body, timeout=0.5)
    actions.set(None)
    wait_for(lambda: texts(killable, "bot"))
    assert texts(killable, "user") == [body["message"]]


def test_a_server_that_is_asked_to_stop_ends_the_turns_that_it_has_begun(killable, actions):
    chat = Chat(killable)
    chat.say("Hello")
    actions.set("hangs")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(chat.say, "Who may activate the benefits?")
        wait_for(lambda: "Who may activate the benefits?" in texts(killable, "user"))
        assert killable.stop(signal.SIGTERM) == 0
        assert "Something went wrong on my side" in answer.result()[0]["text"]
    assert "Something went wrong on my side" in texts(killable, "bot")[-1]


def test_a_message_that_made_a_session_long_is_still_answered_once(killable):
    widget = Widget(killable)
    other_way_in = Chat(killable, sender=killable.all_events()[0]["sender_id"])
    while len(killable.all_events()) < MAX_SESSION_EVENTS - 3:
        other_way_in.say("Hello")
    message = {"id": uuid.uuid4().hex, "text": "How many incidents are left?"}
    first = widget.ask("messages", message)
    assert len(killable.all_events()) > MAX_SESSION_EVENTS
    killable.stop(signal.SIGKILL)
    killable.start()
    killable.wait_until_ready()
    assert widget.ask("messages", message)["messages"] == first["messages"]
    assert texts(killable, "user").count(message["text"]) == 1
