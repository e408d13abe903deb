"""How long a query to PostgreSQL may take, also when nothing comes back at all.

PostgreSQL's own limits need a server that runs, and those of TCP a machine that is gone: beside a
frozen server, psycopg2 waits for ever, and so does a process that wants to stop. Its wait callback
(psycopg2's documentation, "Support for coroutine libraries") gives us the say while it waits;
whatever the callback raises ends the query and closes the connection.
"""

from __future__ import annotations

import select
import threading
import time
from contextlib import contextmanager
from typing import Iterator

import psycopg2
from psycopg2 import extensions

# A database that does not answer in this time counts as away.
SECONDS = 2

_own = threading.local()
_EVENTS = {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}


def install() -> None:
    """Limit all queries of this process; safe to call more than once."""
    extensions.set_wait_callback(_wait)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Another limit for the queries of this thread."""
    _own.seconds = seconds
    try:
        yield
    finally:
        del _own.seconds


def _wait(connection: extensions.connection) -> None:
    seconds = getattr(_own, "seconds", SECONDS)
    deadline = time.monotonic() + seconds
    while (state := connection.poll()) != extensions.POLL_OK:
        poll = select.poll()
        poll.register(connection.fileno(), _EVENTS[state])
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise psycopg2.OperationalError(f"no answer within {seconds:g} s")
