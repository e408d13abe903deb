"""The database is locked, stopped, frozen or not there yet: conversations go on, and nothing is lost."""

import json
import signal

import pytest
import requests

from tests.faults.databases import FaultyServer, LockedFile
from tests.full_disk import files_of_at_most
from tests.server import Chat, RasaServer, wait_for
from tests.services import PostgreSQL

ERROR = "This Access ID is already associated to an account"


@pytest.fixture(params=["locked", "stopped", "killed", "frozen"])
def database(request, tmp_path):
    if request.param == "locked":
        yield LockedFile(tmp_path / "conversations.db")
        return
    service = PostgreSQL(tmp_path)
    service.start()
    begin = {"stopped": service.stop, "killed": service.kill, "frozen": service.freeze}[request.param]
    yield FaultyServer(service, begin, service.thaw if request.param == "frozen" else service.start)
    service.stop()


@pytest.fixture
def serve(tmp_path, actions):
    started = []

    def start(url):
        folder = tmp_path / f"rasa{len(started)}"
        folder.mkdir()
        files = {"CONVERSATIONS_DB": url, "SPOOL": str(tmp_path / "spool")}
        server = RasaServer(folder, files, actions_url=actions.url)
        started.append(server)
        server.start()
        server.wait_until_ready()
        return server

    yield start
    for server in started:
        server.stop()


def said(database, sender):
    """What both sides said, as stored."""
    events = [json.loads(data) for owner, data in database.rows() if owner == sender]
    return [event["text"] for event in events if event["event"] in ("user", "bot")]


def talk(chat, text):
    """Say something; returns what was said by both sides."""
    chat.say(text)
    return [text, *(reply["text"] for reply in chat.replies)]


def test_a_conversation_goes_on_with_its_memory_and_everything_is_stored_in_the_end(database, serve):
    server = serve(database.url)
    chat, other = Chat(server), Chat(server)
    heard = talk(chat, ERROR) + talk(chat, "walk me through it")
    assert "Step 1 of" in chat.text
    database.begin()
    heard += talk(chat, "we are Gold")
    assert "Step 2 of" in chat.text
    heard += talk(chat, "still valid")
    assert "Step 3 of" in chat.text
    heard_by_other = talk(other, "Hello")
    database.end()
    wait_for(lambda: "The database is back" in server.output)
    heard += talk(chat, "back")
    assert "Step 2 of" in chat.text
    assert said(database, chat.sender) == heard
    assert said(database, other.sender) == heard_by_other


def test_what_could_not_be_stored_is_stored_by_the_next_process(database, serve):
    server = serve(database.url)
    chat = Chat(server)
    heard = talk(chat, ERROR)
    database.begin()
    heard += talk(chat, "walk me through it")
    server.stop(signal.SIGKILL)
    database.end()
    next_server = serve(database.url)
    wait_for(lambda: said(database, chat.sender) == heard)
    chat.assistant = next_server
    talk(chat, "we are Gold")
    assert "Step 2 of" in chat.text


def test_on_a_full_disk_a_conversation_goes_on_and_is_stored_when_there_is_room(tmp_path, serve):
    database = LockedFile(tmp_path / "conversations.db")
    server = serve(database.url)
    chat = Chat(server)
    heard = talk(chat, ERROR) + talk(chat, "walk me through it")
    log = tmp_path / "conversations.db-wal"
    with files_of_at_most(log.stat().st_size, server.process.pid):
        heard += talk(chat, "we are Gold")
        heard += talk(chat, "still valid")
        assert "Step 3 of" in chat.text
        assert not requests.get(f"{server.url}/health/ready", timeout=10).ok
    wait_for(lambda: requests.get(f"{server.url}/health/ready", timeout=10).ok)
    heard += talk(chat, "back")
    assert "Step 2 of" in chat.text
    assert said(database, chat.sender) == heard


def test_connections_that_are_dropped_are_opened_again(tmp_path, serve):
    service = PostgreSQL(tmp_path)
    service.start()
    database = FaultyServer(service, None, None)
    server = serve(service.url)
    chat = Chat(server)
    heard = talk(chat, ERROR)
    database.drop_connections()
    heard += talk(chat, "walk me through it")
    assert "Step 1 of" in chat.text
    wait_for(lambda: said(database, chat.sender) == heard)
    service.stop()


def test_a_database_that_is_not_there_at_the_start_is_used_when_it_comes(tmp_path, serve):
    service = PostgreSQL(tmp_path)
    server = serve(service.url)
    chat = Chat(server)
    heard = talk(chat, ERROR) + talk(chat, "walk me through it")
    assert "Step 1 of" in chat.text
    service.start()
    database = FaultyServer(service, None, None)
    wait_for(lambda: "The database is back" in server.output)
    assert said(database, chat.sender) == heard
    service.stop()
