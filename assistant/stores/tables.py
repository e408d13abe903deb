"""The tables of the database: Rasa's own with the events, and those beside it."""

from __future__ import annotations

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# Rasa's, so that its tools read it.
events = SQLTrackerStore.SQLEvent.__table__
metadata = events.metadata

# The ids of batches of events that have been written, so that none is written twice.
batches = sa.Table(
    "saved_batches",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("saved_at", sa.Float, nullable=False, index=True),
)

# Batches that a message broker has not confirmed yet; ``events`` is a list in JSON.
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("batch", sa.String(32), nullable=False),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("events", sa.Text, nullable=False),
)

# A single row: which server publishes, and until when.
publisher = sa.Table(
    "publisher",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("owner", sa.String(32), nullable=False),
    sa.Column("until", sa.Float, nullable=False),
)

# Requests for a person. ``body`` is what was known, as JSON; the rest is what has become of it: ``status``
# for the partner, ``delivery`` for the desk that gets it.
tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("reference", sa.String(32), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("created_at", sa.Float, nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("delivery", sa.String(16), nullable=False, index=True),
    sa.Column("desk_reference", sa.String(255)),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_try_at", sa.Float, nullable=False, default=0.0),
    sa.Column("last_error", sa.Text),
)
# The slot that carries a new ticket; an action sets it and takes it back in the same turn.
TICKET_SLOT = "ticket"

ALL = (events, batches, outbox, publisher, tickets)
