"""Deleting conversations some time after their last message, with their requests for a person."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Optional

from sqlalchemy.exc import SQLAlchemyError

from assistant.helpdesk import HelpDeskError, JournalHelpDesk, default_help_desk
from assistant.settings import retention_days
from assistant.stores.database import Database

logger = logging.getLogger(__name__)

_DAY = 24 * 60 * 60
# Between two deletions a turn can write.
_PAUSE = 0.01


@dataclass(frozen=True)
class Expired:
    """What was deleted."""

    conversations: int = 0
    requests: int = 0


def expire(database: Database, desk: JournalHelpDesk, days: int) -> Expired:
    """Delete what has had no message for so many days; several servers may do so at once.

    Raises:
        SQLAlchemyError: the database is away.
        HelpDeskError: the journal cannot be read or written.
    """
    if not days:
        return Expired()
    before = time.time() - days * _DAY
    gone = []
    for sender in sorted(database.idle(before)):
        if database.delete_idle(sender, before):
            gone.append(sender)
        time.sleep(_PAUSE)
    if gone:
        database.sweep()
    # A request outlives its conversation only if that was deleted otherwise.
    older = desk.senders(before)
    requests = desk.delete({sender for sender in older if sender in gone or not database.count(sender)})
    return Expired(len(gone), requests)


def start_expiring(database: Database, pause: float = _DAY) -> Optional[asyncio.Task]:
    """Let conversations expire now and once a day, in a thread of its own.

    Returns:
        The task that does so; none where nothing expires, or without an event loop.
    """
    days = retention_days()
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    return loop.create_task(_expire_daily(database, days, pause)) if days else None


async def _expire_daily(database: Database, days: int, pause: float) -> None:
    thread = ThreadPoolExecutor(1, "retention")
    loop = asyncio.get_running_loop()
    while True:
        try:
            done = await loop.run_in_executor(thread, expire, database, default_help_desk(), days)
            logger.info("%d conversations and %d requests have expired.", done.conversations, done.requests)
        except (SQLAlchemyError, HelpDeskError, OSError) as error:
            # Its message may hold what a partner wrote.
            logger.error(
                "Conversations could not expire (%s); the next try is tomorrow.", type(error).__name__
            )
        await asyncio.sleep(pause)
