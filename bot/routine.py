"""What a process does again and again beside its work, until it stops."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Final

from bot import coaching
from bot.hop import Hop

POLICIES_EVERY: Final = timedelta(seconds=5)
SUMMARIES_EVERY: Final = timedelta(hours=1)

log = logging.getLogger(__name__)


def policies_followed(
    context: coaching.Context, hop: Hop, *, every: timedelta = POLICIES_EVERY
) -> AbstractAsyncContextManager[None]:
    """Keep the policy in force as the database has it, whoever decided: one small query a time."""

    async def follow() -> None:
        await hop(coaching.reload_policies, context)

    return _repeated("Policies", follow, every)


def summaries_planned(
    context: coaching.Context, hop: Hop, *, every: timedelta = SUMMARIES_EVERY
) -> AbstractAsyncContextManager[None]:
    """Keep an agenda and a digest promised to all who want one."""

    async def plan() -> None:
        if missing := await hop(coaching.plan_general, context):
            log.warning("event=SummariesPlanned missing=%d", missing)

    return _repeated("Summaries", plan, every)


@asynccontextmanager
async def _repeated(
    name: str, work: Callable[[], Awaitable[None]], every: timedelta
) -> AsyncIterator[None]:
    task = asyncio.create_task(_repeat(name, work, every), name=name)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _repeat(name: str, work: Callable[[], Awaitable[None]], every: timedelta) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await work()
        except coaching.CoachingError as error:
            log.warning("event=RoutineFailed name=%s error=%s", name, error.code)
        except Exception:
            log.exception("event=RoutineFailed name=%s", name)
