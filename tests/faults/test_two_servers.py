"""Two servers with one database and one Redis: the turns of a conversation do not get in each other's way."""

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
import requests

from tests.server import RasaServer, wait_for
from tests.services import PostgreSQL, Redis

PAIRS = 30
QUESTION = "Who may activate the benefits?"


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    database, redis = PostgreSQL(tmp_path_factory.mktemp("database")), Redis(tmp_path_factory.mktemp("redis"))
    database.start()
    redis.start()
    yield database, redis
    redis.stop()
    database.stop()


@pytest.fixture(scope="module")
def servers(services, tmp_path_factory, actions):
    database, redis = services
    environment = {"CONVERSATIONS_DB": database.url, "LOCK_STORE": redis.url}
    started = [
        RasaServer(tmp_path_factory.mktemp(name), environment, actions_url=actions.url)
        for name in ("one", "two")
    ]
    for server in started:
        server.start()
    for server in started:
        server.wait_until_ready()
    yield started
    for server in started:
        server.stop()


def events(database, sender):
    connection = psycopg2.connect(database.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT data FROM events WHERE sender_id = %s ORDER BY id", (sender,))
        return [json.loads(data) for (data,) in cursor.fetchall()]


def say(server, sender, text):
    body = {"sender": sender, "message": text}
    return requests.post(f"{server.url}/webhooks/rest/webhook", json=body, timeout=30).json()


def at_once(servers, sender):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda server: say(server, sender, QUESTION), servers))


def turns(found):
    """The kinds of what was said, in order."""
    return [event["event"] for event in found if event["event"] in ("user", "bot")]


def test_simultaneous_messages_are_each_answered_once_and_in_turn(services, servers):
    database, _ = services
    for number in range(PAIRS):
        sender = f"pair-{number}"
        answers = at_once(servers, sender)
        assert all("Global admin" in answer[0]["text"] for answer in answers)
        found = events(database, sender)
        one, other = (["user", *["bot"] * len(answer)] for answer in answers)
        assert turns(found) in (one + other, other + one)
        assert [event.get("name") for event in found].count("action_session_start") == 1


@pytest.mark.parametrize(("begin", "end"), [(Redis.stop, Redis.start), (Redis.freeze, Redis.thaw)])
def test_partners_are_answered_while_redis_is_away(services, servers, begin, end):
    database, redis = services
    sender = f"without-redis-{begin.__name__}"
    assert say(servers[0], sender, "Hello")
    begin(redis)
    for server in servers:
        assert "Global admin" in say(server, sender, QUESTION)[0]["text"]
    end(redis)
    assert "LOCK_STORE cannot be reached" in servers[0].output
    assert "secret" not in servers[0].output
    wait_for(lambda: requests.get(f"{servers[0].url}/health/ready", timeout=10).status_code == 200)
    assert turns(events(database, sender)).count("user") == 3
