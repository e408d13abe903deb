"""The server says that it is ready only if a turn would succeed."""

import pytest
import requests

from tests.faults.databases import LockedFile
from tests.server import RasaServer, wait_for


def ready(server):
    reply = requests.get(f"{server.url}/health/ready", timeout=10)
    return reply.status_code, reply.json()["checks"]


def test_a_healthy_server_is_live_and_ready(rasa):
    assert requests.get(f"{rasa.url}/health/live", timeout=10).json() == {"status": "live"}
    assert ready(rasa) == (200, dict.fromkeys(["model", "database", "lock", "broker", "actions"], True))


@pytest.mark.parametrize("fault", ["down", "500", "hangs"])
def test_a_server_without_its_action_server_is_live_but_not_ready(rasa, actions, fault):
    actions.set(fault)
    status, checks = ready(rasa)
    assert (status, checks["actions"], checks["database"]) == (503, False, True)
    assert requests.get(f"{rasa.url}/health/live", timeout=10).status_code == 200


def test_a_server_without_its_database_is_not_ready_until_it_is_back(tmp_path, actions):
    server = RasaServer(tmp_path, actions_url=actions.url)
    server.start()
    server.wait_until_ready()
    assert ready(server)[0] == 200
    database = LockedFile(server.database)
    database.begin()
    status, checks = ready(server)
    assert (status, checks["database"]) == (503, False)
    database.end()
    wait_for(lambda: ready(server)[0] == 200)
    server.stop()
