"""Work that goes on after a platform has had its answer."""

from __future__ import annotations

import asyncio
from typing import Coroutine, Set


class Background:
    """Tasks that are kept until they are done, and waited for at shutdown."""

    def __init__(self) -> None:
        self._tasks: Set[asyncio.Task] = set()

    def add(self, work: Coroutine[None, None, None]) -> None:
        """Start some work."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> None:
        """Let the work come to its end, but not for longer than so many seconds."""
        if not self._tasks:
            return
        _, unfinished = await asyncio.wait(self._tasks, timeout=seconds)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
