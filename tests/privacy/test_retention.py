"""Old conversations expire, with their tickets; the command shows and deletes."""

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
from assistant.helpdesk.ticket import Ticket, new_reference
from assistant.helpdesk.tickets import Tickets
from assistant.stores.conversations import ConversationStore
from assistant.stores.database import Batch, Database, Row
from assistant.stores.retention import expire
from assistant.stores.tables import TICKET_SLOT
from tests.server import Assistant, wait_for
from tests.services import PostgreSQL

DAY = 24 * 60 * 60


@pytest.fixture
def database(tmp_path):
    return Database(str(tmp_path / "conversations.db"))


def say(database, sender, days_ago, text="hello"):
    timestamp = time.time() - days_ago * DAY
    data = {"event": "user", "text": text, "timestamp": timestamp, "metadata": {}}
    database.write(Batch(uuid.uuid4().hex, sender, [Row("user", timestamp, None, None, json.dumps(data))]))


def make_ticket(database, sender, days_ago):
    """What a turn that makes a ticket stores."""
    created_at = time.time() - days_ago * DAY
    ticket = Ticket(new_reference(), sender, "web", "en", "can_wait", created_at=created_at)
    event = {"event": "slot", "name": TICKET_SLOT, "value": ticket.as_dict(), "timestamp": created_at}
    database.write(
        Batch(uuid.uuid4().hex, sender, [Row("slot", created_at, None, TICKET_SLOT, json.dumps(event))])
    )


def test_a_conversation_expires_after_its_last_message(database):
    say(database, "old", 40)
    say(database, "used again", 40)
    say(database, "used again", 2)
    assert expire(database, 30) == 1
    assert database.senders() == ["used again"]
    assert len(database.rows("used again", all_sessions=True)) == 2


def test_nothing_expires_with_zero_days(database):
    say(database, "old", 4000)
    assert expire(database, 0) == 0
    assert database.senders() == ["old"]


def test_tickets_expire_with_their_conversations(database):
    for sender in ("old", "used again"):
        say(database, sender, 40)
        make_ticket(database, sender, 40)
    say(database, "used again", 2)
    assert expire(database, 30) == 1
    assert Tickets(database).of("old") == []
    assert len(Tickets(database).of("used again")) == 1


def test_two_servers_at_once_delete_each_conversation_once(tmp_path):
    servers = [Database(str(tmp_path / "conversations.db")) for _ in range(2)]
    for number in range(50):
        say(servers[0], f"old {number}", 40)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda server: expire(server, 30), servers))
    assert sum(done) == 50
    assert servers[0].senders() == []


def test_who_writes_while_conversations_expire_is_not_forgotten(database):
    before = time.time() - 30 * DAY
    say(database, "old", 40)
    assert database.idle(before) == ["old"]
    say(database, "old", 0)
    assert database.delete_idle("old", before) == 0
    assert len(database.rows("old", all_sessions=True)) == 2


def test_conversations_in_postgresql_expire_as_well(tmp_path):
    service = PostgreSQL(tmp_path)
    service.start()
    try:
        database = Database(service.url)
        say(database, "old", 40)
        say(database, "new", 2)
        assert expire(database, 30) == 1
        assert database.senders() == ["new"]
    finally:
        service.stop()


def test_a_running_server_lets_conversations_expire_and_says_when(tmp_path):
    served = Assistant(tmp_path, {"RETENTION_DAYS": "10"})
    database = Database(str(served.database))
    say(database, "old", 12)
    say(database, "new", 8)
    make_ticket(database, "old", 12)
    served.start()
    try:
        served.wait_until_ready()
        wait_for(lambda: database.senders() == ["new"])
        assert Tickets(database).of("old") == []
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
    environment = child_environment(CONVERSATIONS_DB=str(tmp_path / "conversations.db"))
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
    make_ticket(database, "web:one", 1)
    code, output = command(tmp_path, "export", "web:one")
    exported = json.loads(output)
    assert code == 0
    assert [(message["from"], message["text"]) for message in exported["messages"]] == [("partner", "Grüezi")]
    assert [ticket["status"] for ticket in exported["tickets"]] == ["open"]
    assert list(exported["slots"]) == [TICKET_SLOT]
    assert command(tmp_path, "delete", "web:one") == (0, "Deleted 2 events and 1 tickets.\n")
    assert command(tmp_path, "export", "web:one") == (1, "Nothing is stored of web:one.\n")
    assert database.senders() == ["web:two"]


def test_the_command_lets_old_conversations_expire(tmp_path, database):
    say(database, "old", 40)
    assert command(tmp_path, "expire") == (0, "Deleted 1 conversations.\n")
