"""What Slack brings twice, to one replica or to two, is done once and acknowledged every time.

A second one that comes while the first is in hand waits for its end; where that does not come, the
first may have died over it, and nobody is told that it was done. What was refused had no effect,
and is decided anew. Without the database nothing can be known, and so nothing is held up.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from bot import coaching
from bot.hop import Hop
from bot.logger import get_logger

TAKING: Final = 0.5
"""Seconds that finding out may take of those that an answer has."""
WAITING: Final = 1.5
"""Seconds that the second of two waits for the first, where somebody waits for the answer."""
UNHURRIED: Final = 25.0
"""Where nobody does: by then what was left lying may be taken up."""
LOOK: Final = 0.05

log = get_logger(__name__)

Work = Callable[[], Awaitable[Any]]


class Once:
    """Does each thing once that Slack tells of."""

    def __init__(self, context: coaching.Context, hop: Hop) -> None:
        self._context = context
        self._hop = hop

    async def do(self, key: str, work: Work, *, otherwise: Work, waiting: float = WAITING) -> None:
        """Do the work unless it was done, and then the other. Raises what the work raises.

        Raises Unavailable for what somebody else has in hand and does not end while it is waited.
        """
        hold = await self._take(key, waiting) if key else coaching.Hold.OURS
        if hold is coaching.Hold.OTHERS:
            log.warning("ActLeftLying")
            raise coaching.Unavailable
        if hold is coaching.Hold.DONE:
            log.info("HeardBefore")
            await otherwise()
        elif key:
            await self._keep(key, work)
        else:
            await work()

    async def _keep(self, key: str, work: Work) -> None:
        try:
            await work()
        except BaseException:
            await self._end(coaching.let_go_of_act, key)
            raise
        await self._end(coaching.finish_act, key)

    async def _take(self, key: str, waiting: float) -> coaching.Hold:
        hold = await self._asked(coaching.take_act, key, unknown=coaching.Hold.OURS)
        until = time.monotonic() + waiting
        while hold is coaching.Hold.OTHERS and time.monotonic() < until:
            await asyncio.sleep(LOOK)
            hold = await self._asked(coaching.look_at_act, key, unknown=coaching.Hold.OTHERS)
            if hold is coaching.Hold.OURS:
                hold = await self._asked(coaching.take_act, key, unknown=coaching.Hold.OTHERS)
        return hold

    async def _asked(
        self,
        question: Callable[[coaching.Context, str], coaching.Hold],
        key: str,
        *,
        unknown: coaching.Hold,
    ) -> coaching.Hold:
        try:
            async with asyncio.timeout(TAKING):
                return await self._hop(question, self._context, key)
        except (coaching.CoachingError, TimeoutError):
            return unknown

    async def _end(self, end: Callable[[coaching.Context, str], None], key: str) -> None:
        try:
            await self._hop(end, self._context, key)
        except coaching.CoachingError as error:
            log.warning("ActNotEnded", error=error.code)
