"""A server that is asked to stop does so in time, whatever is frozen."""

import signal

import pytest

from tests.helpdesk.stand_ins import SLOW, WebhookStandIn
from tests.server import Chat, RasaServer, wait_for
from tests.services import PostgreSQL, RabbitMQ, Redis

# What an orchestrator gives a server before it kills it.
GRACE_SECONDS = 15
FROZEN = {
    "database": (PostgreSQL, "CONVERSATIONS_DB"),
    "lock": (Redis, "LOCK_STORE"),
    "broker": (RabbitMQ, "EVENTS_BROKER"),
}


@pytest.mark.parametrize("part", FROZEN)
def test_a_server_stops_although_something_is_frozen(tmp_path, actions, part):
    service_type, variable = FROZEN[part]
    (tmp_path / "service").mkdir()
    service = service_type(tmp_path / "service")
    service.start()
    environment = {variable: service.url, "SPOOL": str(tmp_path / "spool")}
    server = RasaServer(tmp_path, environment, actions_url=actions.url)
    server.start()
    server.wait_until_ready()
    chat = Chat(server)
    chat.say("Hello")
    service.freeze()
    chat.say("Who may activate the benefits?")
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(GRACE_SECONDS) == 0
    service.stop()


def test_a_server_stops_although_the_help_desk_is_slow(tmp_path, actions):
    desk = WebhookStandIn()
    desk.fault = SLOW
    server = RasaServer(tmp_path, desk.environment, actions_url=actions.url)
    server.start()
    server.wait_until_ready()
    chat = Chat(server)
    for text in ("I want to talk to a person", "jane.doe@contoso.com", "it can wait", "nothing", "send it"):
        chat.say(text)
    wait_for(lambda: desk.calls)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(GRACE_SECONDS) == 0
    desk.close()
