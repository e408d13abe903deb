"""RabbitMQ is away: every event of every turn arrives there nevertheless, and those of a partner in order."""

import asyncio
import json
import signal
import time

import aio_pika
import pytest
import requests

from assistant.stores.database import Batch, Database, Row
from assistant.stores.outbox import LEASE_SECONDS, Outbox
from tests.server import Chat, RasaServer, running, wait_for
from tests.services import RabbitMQ

QUEUE = "events"


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory):
    rabbit = RabbitMQ(tmp_path_factory.mktemp("rabbitmq"))
    rabbit.start()
    yield rabbit
    rabbit.stop()


@pytest.fixture
def broker(rabbit):
    """RabbitMQ, which runs before and after each test."""
    yield rabbit
    rabbit.thaw()
    if rabbit.process.poll() is not None:
        rabbit.start()


@pytest.fixture
def server(tmp_path, actions, broker):
    environment = {"EVENTS_BROKER": broker.url, "EVENTS_QUEUE": QUEUE}
    with running(RasaServer(tmp_path, environment, actions_url=actions.url)) as server:
        yield server


class Consumer:
    """A program that takes the events, and drops what it has got already."""

    def __init__(self, rabbit):
        self.rabbit = rabbit
        self.events = {}

    def has(self, events):
        """Whether exactly these events have arrived, in their order."""
        asyncio.run(self._take())
        return list(self.events.values()) == events

    async def _take(self):
        async with await aio_pika.connect(self.rabbit.url) as connection:
            queue = await (await connection.channel()).declare_queue(QUEUE, durable=True)
            while message := await queue.get(fail=False):
                await message.ack()
                self.events[message.message_id] = json.loads(message.body)


@pytest.fixture
def consumer(broker):
    consumer = Consumer(broker)
    asyncio.run(consumer._take())
    consumer.events.clear()
    return consumer


def is_ready(server):
    return requests.get(f"{server.url}/health/ready", timeout=10).json()["checks"]["broker"]


def test_every_event_arrives_once_redacted_and_in_order(server, consumer):
    chat = Chat(server)
    chat.say("Mail me: jane.doe@contoso.com. Who may activate the benefits?")
    chat.say("thanks")
    wait_for(lambda: is_ready(server))
    wait_for(lambda: consumer.has(server.all_events()))
    assert "[email]" in json.dumps(list(consumer.events.values()))


def test_what_happens_while_rabbitmq_and_then_the_server_is_killed_arrives_later(server, consumer, broker):
    chat = Chat(server)
    chat.say("Hello")
    broker.kill()
    wait_for(lambda: not is_ready(server))
    chat.say("Who may activate the benefits?")
    server.stop(signal.SIGKILL)
    server.start()
    server.wait_until_ready()
    chat.say("How many incidents are left?")
    assert not is_ready(server)
    broker.start()
    wait_for(lambda: is_ready(server))
    wait_for(lambda: consumer.has(server.all_events()))
    assert "EVENTS_BROKER is away" in server.output
    assert "secret" not in server.output


def test_while_rabbitmq_is_frozen_partners_are_answered_and_nothing_is_lost(server, consumer, broker):
    chat = Chat(server)
    chat.say("Hello")
    wait_for(lambda: consumer.has(server.all_events()))
    broker.freeze()
    chat.say("Who may activate the benefits?")
    assert "Global admin" in chat.text
    wait_for(lambda: not is_ready(server))
    broker.thaw()
    wait_for(lambda: consumer.has(server.all_events()), 60)
    assert server.stop() == 0


@pytest.fixture
def database(tmp_path):
    return Database(str(tmp_path / "conversations.db"), publishes=True)


def batch(number, sender="web:a", **more):
    row = Row("user", float(number), None, None, '{"event": "user"}')
    return Batch(f"id-{number}", sender, [row], **more)


def test_one_server_publishes_until_it_has_not_been_heard_of(database, monkeypatch):
    first, second = Outbox(database), Outbox(database)
    assert first.claim("one")
    assert not second.claim("two")
    assert first.claim("one")
    later = time.time() + LEASE_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert second.claim("two")
    assert not first.claim("one")


def test_what_a_partner_has_deleted_is_not_published(database):
    database.write(batch(1))
    database.write(batch(2, sender="web:b"))
    database.write(batch(3, forgets=True))
    outbox = Outbox(database)
    assert [waiting.batch for waiting in outbox.waiting(10)] == ["id-2", "id-3"]
    database.delete("web:a")
    [left] = outbox.waiting(10)
    assert (left.sender, left.events) == ("web:b", [{"event": "user"}])
    outbox.published([left])
    assert outbox.waiting(10) == []
