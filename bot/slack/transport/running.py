"""Everything that is being done at this moment, so that a stop can wait for it."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bot.logger import get_logger

log = get_logger(__name__)


class Running:
    """Counts what is in hand, and keeps hold of what runs beside."""

    def __init__(self) -> None:
        self._in_hand = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._kept: set[asyncio.Task[Any]] = set()
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count what happens inside as being in hand."""
        self._begin()
        try:
            yield
        finally:
            self._end()

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something without waiting for it, in hand from now; what goes wrong is logged."""
        self._begin()
        task = asyncio.get_running_loop().create_task(self._watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: self._end())

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something for as long as it takes, for which no stop waits: `halt` ends it."""
        task = asyncio.get_running_loop().create_task(self._watched(work))
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)

    async def halt(self) -> None:
        """End what was to be done for as long as it takes."""
        kept = tuple(self._kept)
        for task in kept:
            task.cancel()
        await asyncio.gather(*kept, return_exceptions=True)

    async def drain(self, patience: timedelta) -> bool:
        """Wait until nothing is in hand, but not for ever; answers whether all was finished."""
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await self._is_idle.wait()
        except TimeoutError:
            return False
        return True

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("WorkBesideFailed")

    def _begin(self) -> None:
        self._in_hand += 1
        self._is_idle.clear()

    def _end(self) -> None:
        self._in_hand -= 1
        if not self._in_hand:
            self._is_idle.set()
