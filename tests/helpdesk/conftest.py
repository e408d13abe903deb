from __future__ import annotations

import json
import time

import pytest

from assistant.helpdesk import contacts
from assistant.helpdesk.delivery import Delivery
from assistant.helpdesk.desks import desk
from assistant.helpdesk.ticket import Ticket, new_reference
from assistant.helpdesk.tickets import Tickets
from assistant.reply import Renderer
from assistant.stores.database import Batch, Database, Row
from assistant.stores.tables import tickets as table

CONTACT = "jane.doe@contoso.com"


@pytest.fixture
def database(tmp_path):
    return Database(str(tmp_path / "conversations.db"))


class Courier:
    """Brings the tickets of a database to a desk, as a server does."""

    def __init__(self, database, content):
        self.database = database
        self.tickets = Tickets(database)
        self._render = Renderer(content, "en")

    def deliver(self, environment):
        """Deliver as if every pause were over; returns what has become of the ticket."""
        with self.database.transaction() as connection:
            connection.execute(table.update().values(next_try_at=0.0))
        self.to(environment).deliver_due()
        return self.filed

    def follow(self, environment):
        """Ask the desk what has become of the ticket."""
        self.to(environment).follow()
        return self.filed

    @property
    def filed(self):
        (filed,) = self.tickets.newest(9)
        return filed

    def to(self, environment):
        """A server's delivery to a desk."""
        return Delivery(desk(environment), self.database, self._render)


@pytest.fixture
def courier(database, content):
    return Courier(database, content)


def said(event, text):
    when = time.time() - 60
    return Row(event, when, None, None, json.dumps({"event": event, "timestamp": when, "text": text}))


def store_ticket(database):
    """Store a conversation that ends with a ticket."""
    made = Ticket(
        reference=new_reference(),
        sender="web:jane",
        channel="web",
        language="de",
        urgency="blocked",
        contact=contacts.seal(CONTACT),
        topic="check_remaining_incidents",
        facts={"membership": "gold"},
        note="Our admin left.",
    )
    slot = {"event": "slot", "timestamp": time.time(), "name": "ticket", "value": made.as_dict()}
    rows = [
        said("user", "/greet"),
        said("user", "Wie viele Incidents sind übrig?"),
        said("bot", "Das sehen Sie so: ..."),
        Row("slot", slot["timestamp"], None, "ticket", json.dumps(slot)),
    ]
    database.write(Batch(made.reference, made.sender, rows))
    return made


@pytest.fixture
def ticket(database):
    return store_ticket(database)
