from __future__ import annotations

from typing import Iterator

import pytest

from tests.faults.action_server import ActionServer
from tests.server import RasaServer, running


@pytest.fixture(scope="package")
def actions(assistant) -> Iterator[ActionServer]:
    """The action server of the assistant, behind one that can misbehave."""
    server = ActionServer(f"http://127.0.0.1:{assistant.actions_port}/webhook")
    yield server
    server.close()


@pytest.fixture(scope="package")
def rasa(tmp_path_factory, actions) -> Iterator[RasaServer]:
    with running(RasaServer(tmp_path_factory.mktemp("rasa"), actions_url=actions.url)) as server:
        yield server


@pytest.fixture(autouse=True)
def end_of_the_fault(actions) -> Iterator[None]:
    """Each test begins with an action server that works."""
    yield
    actions.set(None)
