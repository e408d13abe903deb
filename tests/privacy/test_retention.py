"""Old conversations expire, with their requests for a person; the command shows and deletes."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.commands.environment import RASA, ROOT, child_environment
from assistant.helpdesk import JournalHelpDesk
from assistant.stores.conversations import ConversationStore
from assistant.stores.database import Batch, Database, Row
from assistant.stores.retention import expire
from tests.server import Assistant, wait_for
from tests.services import PostgreSQL

DAY = 24 * 60 * 60


@pytest.fixture
def database(tmp_path):
    return Database(str(tmp_path / "conversations.db"))


@pytest.fixture
def desk(tmp_path):
    return JournalHelpDesk(tmp_path / "handoffs.jsonl")


def say(database, sender, days_ago, text="hello"):
    timestamp = time.time() - days_ago * DAY
    data = {"event": "user", "text": text, "timestamp": timestamp, "metadata": {}}
    database.write(Batch(uuid.uuid4().hex, sender, [Row("user", timestamp, None, None, json.dumps(data))]))


def ask_for_a_person(journal, sender, days_ago):
    recorded = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() - days_ago * DAY))
    with journal.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"sender": sender, "time": recorded}) + "\n")


def test_a_conversation_expires_after_its_last_message(database, desk):
    say(database, "old", 40)
    say(database, "used again", 40)
    say(database, "used again", 2)
    assert expire(database, desk, 30).conversations == 1
    assert database.senders() == ["used again"]
    assert len(database.rows("used again", all_sessions=True)) == 2


def test_nothing_expires_with_zero_days(database, desk):
    say(database, "old", 4000)
    assert expire(database, desk, 0).conversations == 0
    assert database.senders() == ["old"]


def test_requests_expire_with_their_conversations(database, desk, tmp_path):
    say(database, "old", 40)
    say(database, "used again", 2)
    for sender in ("old", "used again", "without a conversation"):
        ask_for_a_person(tmp_path / "handoffs.jsonl", sender, 40)
    ask_for_a_person(tmp_path / "handoffs.jsonl", "new, without a conversation", 2)
    assert expire(database, desk, 30).requests == 2
    assert desk.entries("used again")
    assert desk.entries("new, without a conversation")


def test_two_servers_at_once_delete_each_conversation_once(tmp_path, desk):
    servers = [Database(str(tmp_path / "conversations.db")) for _ in range(2)]
    for number in range(50):
        say(servers[0], f"old {number}", 40)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda server: expire(server, desk, 30).conversations, servers))
    assert sum(done) == 50
    assert servers[0].senders() == []


def test_who_writes_while_conversations_expire_is_not_forgotten(database):
    before = time.time() - 30 * DAY
    say(database, "old", 40)
    assert database.idle(before) == ["old"]
    say(database, "old", 0)
    assert database.delete_idle("old", before) == 0
    assert len(database.rows("old", all_sessions=True)) == 2


def test_conversations_in_postgresql_expire_as_well(tmp_path, desk):
    service = PostgreSQL(tmp_path)
    service.start()
    try:
        database = Database(service.url)
        say(database, "old", 40)
        say(database, "new", 2)
        assert expire(database, desk, 30).conversations == 1
        assert database.senders() == ["new"]
    finally:
        service.stop()


def test_a_running_server_lets_conversations_expire_and_says_when(tmp_path):
    served = Assistant(tmp_path, {"RETENTION_DAYS": "10"})
    database = Database(str(served.database))
    say(database, "old", 12)
    say(database, "new", 8)
    ask_for_a_person(served.journal, "old", 12)
    served.start()
    try:
        served.wait_until_ready()
        wait_for(lambda: database.senders() == ["new"])
        wait_for(lambda: served.journal.read_text(encoding="utf-8") == "")
        body = {"sender": "x", "message": "how long do you keep my data?"}
        assert "10 days" in served.post(body).json()[0]["text"]
    finally:
        served.stop()


def test_a_deletion_while_the_database_is_away_is_done_when_it_is_back(tmp_path, monkeypatch):
    file = tmp_path / "conversations.db"
    monkeypatch.setenv("CONVERSATIONS_DB", str(file))
    domain = Domain.empty()

    async def scenario():
        store = ConversationStore(domain)
        tracker = DialogueStateTracker("partner", [])
        tracker.update_with_events([UserUttered("a secret")], domain)
        await store.save(tracker)
        locking = sqlite3.connect(file, isolation_level=None)
        locking.execute("BEGIN EXCLUSIVE")
        events = [UserUttered("yes"), BotUttered("deleted"), Restarted(), SlotSet("language", "en")]
        tracker.update_with_events(events, domain)
        await store.save(tracker)
        assert store.is_away
        assert [event.text for event in await store.said("partner")] == ["deleted"]
        locking.close()
        while store.is_away:
            await asyncio.sleep(0.05)
        return [event.text for event in await store.said("partner")], await store.count("partner")

    assert asyncio.run(scenario()) == (["deleted"], 1)
    assert [path for path in tmp_path.rglob("*") if path.is_file() and b"a secret" in path.read_bytes()] == []


def command(tmp_path, *arguments):
    """The exit code and output of the command."""
    environment = child_environment(
        CONVERSATIONS_DB=str(tmp_path / "conversations.db"),
        HANDOFF_JOURNAL=str(tmp_path / "handoffs.jsonl"),
    )
    without_tensorflow = RASA[:-1]
    done = subprocess.run(
        [*without_tensorflow, "assistant.commands.privacy", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_command_shows_and_deletes_what_is_stored_of_a_partner(tmp_path, database):
    say(database, "web:one", 1, "Grüezi")
    say(database, "web:two", 1)
    ask_for_a_person(tmp_path / "handoffs.jsonl", "web:one", 1)
    code, output = command(tmp_path, "export", "web:one")
    exported = json.loads(output)
    assert code == 0
    assert [(message["from"], message["text"]) for message in exported["messages"]] == [("partner", "Grüezi")]
    assert len(exported["handoffs"]) == 1
    assert exported["slots"] == {}
    assert command(tmp_path, "delete", "web:one") == (0, "Deleted 1 events and 1 requests for a person.\n")
    assert command(tmp_path, "export", "web:one") == (1, "Nothing is stored of web:one.\n")
    assert database.senders() == ["web:two"]


def test_the_command_lets_old_conversations_expire(tmp_path, database):
    say(database, "old", 40)
    assert command(tmp_path, "expire") == (0, "Deleted 1 conversations and 0 requests for a person.\n")
