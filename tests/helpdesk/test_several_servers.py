"""Several servers deliver together, and each ticket once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.helpdesk.tickets import DELIVERED
from assistant.stores.database import Database
from tests.helpdesk.conftest import Courier, store_ticket
from tests.helpdesk.stand_ins import WebhookStandIn
from tests.services import PostgreSQL

SERVERS, TICKETS = 4, 40


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def address(request, tmp_path):
    if request.param == "SQLite":
        yield str(tmp_path / "conversations.db")
        return
    service = PostgreSQL(tmp_path)
    service.start()
    yield service.url
    service.stop()


def test_each_ticket_is_delivered_by_one_of_them(address, content):
    stand_in = WebhookStandIn()
    made = {store_ticket(Database(address)).reference for _ in range(TICKETS)}
    couriers = [Courier(Database(address), content) for _ in range(SERVERS)]
    with ThreadPoolExecutor(SERVERS) as pool:
        list(pool.map(lambda courier: courier.to(stand_in.environment).deliver_due(), couriers))
    stand_in.close()
    assert len(stand_in.calls) == TICKETS
    assert {stand_in.reference_of(ticket) for ticket in stand_in.tickets} == made
    assert couriers[0].tickets.count()[DELIVERED] == TICKETS
