"""Two servers with one database and one Redis: the turns of a conversation do not get in each other's way."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import jwt
import psycopg2
import pytest
import requests

from tests.channels.slack_stand_in import SECRET, Person, Slack, SlackStandIn, said
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
def slack():
    stand_in = SlackStandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def servers(services, slack, tmp_path_factory, actions):
    database, redis = services
    environment = {
        "CONVERSATIONS_DB": database.url,
        "LOCK_STORE": redis.url,
        "SPOOL": str(tmp_path_factory.mktemp("spool")),
        "SLACK_SIGNING_SECRET": SECRET,
        **slack.environment,
    }
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


def test_a_message_of_the_widget_that_reaches_both_servers_is_answered_once(services, servers):
    for _ in range(PAIRS):
        token = requests.post(f"{servers[0].url}/chat/session", json={}, timeout=30).json()["token"]
        one, other = to_both(servers, Widget(token).ask)
        assert "Global admin" in one["messages"][0]["text"]
        assert other["messages"] == one["messages"]
        sender = jwt.decode(token, options={"verify_signature": False})["sub"]
        stored = turns(events(services[0], sender))
        greeting, turn = stored[: -1 - len(one["messages"])], ["user", *["bot"] * len(one["messages"])]
        assert stored == greeting + turn
        assert greeting.count("user") == 1


def test_a_message_of_slack_that_reaches_both_servers_is_answered_once(slack, servers):
    for _ in range(PAIRS // 3):
        jane = Member(Slack(servers[0], slack))
        assert all(to_both(servers, jane.sender_of(QUESTION)))
        # Each server answers in order, so that both have finished when these are answered.
        assert jane.sender_of("How many incidents are left?")(servers[0])
        assert jane.sender_of("Thank you")(servers[1])
        wait_for(partial(jane.has_read, "incidents remaining", "welcome"))
        assert jane.read("Global admin") == 1


def to_both(servers, send):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, servers))


@dataclass
class Widget:
    """A browser whose question has the same id wherever it is sent."""

    token: str

    def ask(self, server):
        message = {"id": "1", "text": QUESTION}
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.post(f"{server.url}/chat/messages", json=message, headers=headers, timeout=30).json()


class Member(Person):
    """A person whose events Slack delivers to any server."""

    def sender_of(self, text):
        event = said(self, text)
        return lambda server: Slack(server, self.stand_in).send(event).ok

    def read(self, words):
        """How many messages with some words were posted to this person."""
        return sum(words in message["text"] for message in self.stand_in.posted(self.direct))

    def has_read(self, *words):
        return all(map(self.read, words))


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
