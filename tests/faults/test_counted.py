"""Faults that are survived are counted, and stand in the lines of the turns that they met."""

import signal
import threading
import uuid

import pytest
import requests

from tests.faults.databases import LockedFile
from tests.faults.test_killed import Widget
from tests.observability.metrics import Metrics
from tests.server import Chat, RasaServer, free_port, wait_for
from tests.services import Redis

QUESTION = "Who may activate the benefits?"


@pytest.fixture
def serve(tmp_path, actions):
    started = []

    def start(**environment):
        environment["METRICS_PORT"] = str(free_port())
        server = RasaServer(tmp_path, environment, actions_url=actions.url)
        started.append(server)
        server.start()
        server.wait_until_ready()
        return server

    yield start
    for server in started:
        server.stop()


def metrics(server):
    return Metrics(int(server.environment["METRICS_PORT"]))


def faults(server, kind):
    return metrics(server).value("faults_total", kind=kind)


def test_an_action_server_that_is_down(serve, actions):
    server = serve()
    chat = Chat(server)
    chat.say("Hello")
    actions.set("down")
    chat.say(QUESTION)
    assert faults(server, "action_failed") == 1
    assert metrics(server).value("turns_total", outcome="failed") == 1
    assert metrics(server).value("ready", check="actions") == 0
    actions.set(None)
    chat.say(QUESTION)
    assert faults(server, "action_failed") == 1
    assert metrics(server).value("ready", check="actions") == 1
    assert [(line["outcome"], line.get("faults")) for line in server.turns] == [
        ("answered", None),
        ("failed", ["action_failed"]),
        ("answered", None),
    ]


def test_a_database_that_is_away_and_comes_back(serve, tmp_path):
    server = serve()
    database = LockedFile(server.database)
    chat = Chat(server)
    chat.say("Hello")
    database.begin()
    chat.say(QUESTION)
    now = metrics(server)
    assert now.value("faults_total", kind="database_away") == 1
    assert now.value("database_away") == 1
    assert now.value("ready", check="database") == 0
    spooled = now.value("spool_batches")
    assert spooled == now.value("faults_total", kind="spooled") > 0
    assert now.value("conversations_in_memory") == 1
    database.end()
    wait_for(lambda: metrics(server).value("database_away") == 0)
    assert metrics(server).value("spool_batches") == 0
    assert faults(server, "written_back") == spooled
    assert set(server.turns[-1]["faults"]) == {"database_away", "spooled"}


def test_a_lock_store_that_is_away(serve, tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir()
    redis = Redis(folder)
    redis.start()
    server = serve(LOCK_STORE=redis.url)
    chat = Chat(server)
    chat.say("Hello")
    assert faults(server, "lock_store_away") == 0
    redis.stop()
    chat.say(QUESTION)
    assert faults(server, "lock_store_away") == 1
    assert metrics(server).value("ready", check="lock") == 0
    assert server.turns[-1]["faults"] == ["lock_store_away"]


def test_a_storage_of_the_rate_limit_that_is_away(serve):
    server = serve(RATE_LIMIT_STORAGE=f"redis://127.0.0.1:{free_port()}")
    Widget(server).ask("messages", {"id": "1", "text": QUESTION})
    assert faults(server, "rate_limit_store_away") == 1


def test_a_message_that_a_killed_server_left(serve, actions):
    server = serve()
    widget = Widget(server)
    actions.set("hangs")
    message = {"id": uuid.uuid4().hex, "text": QUESTION}

    def send():
        with pytest.raises(requests.RequestException):
            widget.ask("messages", message)

    sending = threading.Thread(target=send)
    sending.start()
    wait_for(lambda: QUESTION in [event.get("text") for event in server.all_events()])
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    sending.join()
    actions.set(None)
    server.start()
    server.wait_until_ready()
    widget.ask("messages", message)
    assert faults(server, "continued_after_kill") == 1
    assert server.turns[-1]["faults"] == ["continued_after_kill"]


def test_a_partner_who_sends_too_much(serve):
    server = serve()
    widget = Widget(server)
    while faults(server, "rate_limited") == 0:
        reply = widget.ask("messages", {"id": uuid.uuid4().hex, "text": "Hello"})
    assert "error" in reply
    assert faults(server, "rate_limited") == 1
