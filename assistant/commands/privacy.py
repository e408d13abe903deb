"""What is stored of a partner: show it, delete it, or let what is old expire.

    make privacy ARGS="export web:abc"   as JSON: messages, what is known, tickets
    make privacy ARGS="delete web:abc"   all of it
    make privacy ARGS="expire"           whatever had no message for RETENTION_DAYS; the server does so daily

``CONVERSATIONS_DB``, ``CONTACT_SECRET`` and ``RETENTION_DAYS`` are those of the server. See docs/privacy.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional

from sqlalchemy.exc import SQLAlchemyError

from assistant.commands.environment import CommandError
from assistant.helpdesk import contacts
from assistant.helpdesk.tickets import Tickets
from assistant.settings import retention_days
from assistant.stores.database import Database
from assistant.stores.places import database_address
from assistant.stores.retention import expire

_SPEAKERS = {"user": "partner", "bot": "assistant"}


def main(arguments: Optional[List[str]] = None) -> int:
    """Do what the arguments say; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make privacy", description="What is stored of partners.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help_text in (("export", "show what is stored of a partner"), ("delete", "delete it")):
        commands.add_parser(name, help=help_text).add_argument("sender", help='such as "web:..."')
    commands.add_parser("expire", help="delete what had no message for RETENTION_DAYS")
    options = parser.parse_args(arguments)
    try:
        database = Database(database_address())
        if options.command == "expire":
            print(_expire(database))
        elif options.command == "delete":
            print(_delete(database, options.sender))
        else:
            print(json.dumps(_export(database, options.sender), ensure_ascii=False, indent=2))
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    except (SQLAlchemyError, OSError) as error:
        print(f"The database is away ({type(error).__name__}).", file=sys.stderr)
        return 1
    return 0


def _export(database: Database, sender: str) -> Dict[str, Any]:
    events = [json.loads(row) for row in database.rows(sender, all_sessions=True)]
    if not events:
        raise CommandError(f"Nothing is stored of {sender}.")
    messages = [_message(event) for event in events if event["event"] in _SPEAKERS]
    return {
        "sender": sender,
        "messages": messages,
        "slots": _slots(events),
        "tickets": _tickets(database, sender),
    }


def _message(event: Dict[str, Any]) -> Dict[str, Any]:
    said = {
        "time": datetime.fromtimestamp(event["timestamp"], timezone.utc).isoformat(timespec="seconds"),
        "from": _SPEAKERS[event["event"]],
        "text": event.get("text") or "",
    }
    # A pressed button is stored as its payload.
    title = (event.get("metadata") or {}).get("title")
    return {**said, "button": title} if title else said


def _tickets(database: Database, sender: str) -> List[Dict[str, Any]]:
    """The tickets with what is sealed in them, which the partner has a right to see."""
    filed = Tickets(database).of(sender)
    return [
        {
            **each.ticket.as_dict(),
            "contact": each.ticket.contact and contacts.unseal(each.ticket.contact),
            "status": each.status,
        }
        for each in filed
    ]


def _slots(events: List[Dict[str, Any]]) -> Dict[str, Any]:
    slots: Dict[str, Any] = {}
    for event in events:
        if event["event"] in ("restart", "reset_slots"):
            slots.clear()
        elif event["event"] == "slot":
            slots[event["name"]] = event["value"]
    return {name: value for name, value in slots.items() if value is not None}


def _delete(database: Database, sender: str) -> str:
    tickets = len(Tickets(database).of(sender))
    events = database.delete(sender)
    database.sweep()
    if not events:
        raise CommandError(f"Nothing is stored of {sender}.")
    return f"Deleted {events} events and {tickets} tickets."


def _expire(database: Database) -> str:
    days = retention_days()
    if not days:
        return "RETENTION_DAYS is 0: nothing expires."
    return f"Deleted {expire(database, days)} conversations."


if __name__ == "__main__":
    sys.exit(main())
