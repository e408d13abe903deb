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

ALL = (events, batches, outbox, publisher)
