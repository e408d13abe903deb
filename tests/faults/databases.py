"""Databases with a fault that begins and ends."""

from __future__ import annotations

import sqlite3

import psycopg2


class LockedFile:
    """An SQLite file that another program holds."""

    def __init__(self, path):
        self.path = path
        self.url = str(path)
        self._holder = None

    def begin(self):
        self._holder = sqlite3.connect(self.path, isolation_level=None)
        self._holder.execute("BEGIN EXCLUSIVE")

    def end(self):
        self._holder.execute("ROLLBACK")
        self._holder.close()

    def rows(self):
        with sqlite3.connect(self.path) as connection:
            return connection.execute("SELECT sender_id, data FROM events ORDER BY id").fetchall()


class FaultyServer:
    """A PostgreSQL server with a fault."""

    def __init__(self, service, begin, end):
        self.service, self.url = service, service.url
        self.begin, self.end = begin, end

    def rows(self):
        connection = psycopg2.connect(self.url)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT sender_id, data FROM events ORDER BY id")
            return cursor.fetchall()

    def drop_connections(self):
        """End all connections but this one, as a proxy in between might."""
        connection = psycopg2.connect(self.url)
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'partner-support-assistant'"
            )
            assert cursor.rowcount > 0
