"""Deleting conversations some time after their last message, with their tickets."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Optional

from sqlalchemy.exc import SQLAlchemyError

from assistant.settings import retention_days
from assistant.stores.database import Database

logger = logging.getLogger(__name__)

_DAY = 24 * 60 * 60
# Between two deletions a turn can write.
_PAUSE = 0.01


def expire(database: Database, days: int) -> int:
    """Delete conversations without a message for so many days; several servers may do so at once.

    Returns:
        How many there were.

    Raises:
        SQLAlchemyError: the database is away.
    """
    if not days:
        return 0
    before, gone = time.time() - days * _DAY, 0
    for sender in sorted(database.idle(before)):
        gone += database.delete_idle(sender, before) > 0
        time.sleep(_PAUSE)
    if gone:
        database.sweep()
    return gone


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
            gone = await loop.run_in_executor(thread, expire, database, days)
            logger.info("%d conversations have expired.", gone)
        except (SQLAlchemyError, OSError) as error:
            # Its message may hold what a partner wrote.
            logger.error(
                "Conversations could not expire (%s); the next try is tomorrow.", type(error).__name__
            )
        await asyncio.sleep(pause)
