"""What a process does again and again beside its work, until it stops."""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Final

from bot import coaching
from bot.clocks import Clocks
from bot.hop import Hop
from bot.logger import get_logger
from bot.slack.turns.syncing import PeopleSync
from bot.steady_clock import SteadyClock

POLICIES_EVERY: Final = timedelta(seconds=5)
PLANS_EVERY: Final = timedelta(seconds=2)
BREATH: Final = timedelta(milliseconds=20)
"""Between two steps of planning anew, so that others who write get their turn."""
CLOCKS_EVERY: Final = timedelta(seconds=15)
IN_DOUBT_EVERY: Final = timedelta(seconds=2)
"""How often it is looked whether the clock was set, and Slack asked while that is in doubt."""
SUMMARIES_EVERY: Final = timedelta(hours=1)
PEOPLE_LOOK: Final = timedelta(minutes=1)
"""How often it is asked whether everybody is to be read: also how soon after a failure."""
REMOVALS_EVERY: Final = timedelta(hours=6)
REMOVALS_FIRST: Final = timedelta(minutes=10)
"""How long after a start nothing is removed yet: until then there is enough to do."""
AT_ONCE: Final = timedelta(0)

log = get_logger(__name__)


def policies_followed(
    context: coaching.Context, hop: Hop, *, every: timedelta = POLICIES_EVERY
) -> AbstractAsyncContextManager[None]:
    """Keep the policy in force as the database has it, whoever decided: one small query a time."""

    async def follow() -> None:
        await hop(coaching.reload_policies, context)

    return _repeated("Policies", follow, every)


def plans_followed(
    context: coaching.Context, hop: Hop, *, every: timedelta = PLANS_EVERY
) -> AbstractAsyncContextManager[None]:
    """Bring what was promised in line with policies, clocks and hours that are others now.

    The settings of this process may be others than those of the one before it. Several processes
    take turns at the steps.
    """
    is_noted = False

    async def plan() -> None:
        nonlocal is_noted
        if not is_noted:
            await hop(coaching.follow_policy, context)
            is_noted = True
        is_more = True
        while is_more:
            is_more = await hop(coaching.plan_anew, context)
            await asyncio.sleep(BREATH.total_seconds())

    return _repeated("Plans", plan, every)


def clocks_compared(
    context: coaching.Context, hop: Hop, clocks: Clocks, *, every: timedelta = CLOCKS_EVERY
) -> AbstractAsyncContextManager[None]:
    """Keep it known whether this computer's clock agrees with the database's."""

    async def compare() -> None:
        clocks.see(await hop(coaching.clock_ahead, context))

    return _repeated("Clocks", compare, every)


def time_asked(
    context: coaching.Context,
    hop: Hop,
    clock: SteadyClock,
    ask_slack: Callable[[], Awaitable[object]],
    *,
    every: timedelta = CLOCKS_EVERY,
) -> AbstractAsyncContextManager[None]:
    """Keep it known what time it is: of a database elsewhere now and then, of Slack in doubt."""
    looks = itertools.count()

    async def ask() -> None:
        if not clock.is_sure:
            await ask_slack()
        is_elsewhere = not context.store.database.is_sqlite
        if is_elsewhere and next(looks) % (every // IN_DOUBT_EVERY or 1) == 0:
            clock.see_database(await hop(coaching.database_time, context))

    return _repeated("Time", ask, min(every, IN_DOUBT_EVERY), first_after=AT_ONCE)


def summaries_planned(
    context: coaching.Context, hop: Hop, *, every: timedelta = SUMMARIES_EVERY
) -> AbstractAsyncContextManager[None]:
    """Keep an agenda and a digest promised to all who want one, from the beginning on."""

    async def plan() -> None:
        if missing := await hop(coaching.plan_general, context):
            log.warning("SummariesPlanned", missing=missing)

    return _repeated("Summaries", plan, every, first_after=AT_ONCE)


def old_rows_removed(
    context: coaching.Context,
    hop: Hop,
    retention: coaching.Retention,
    *,
    told: Callable[[str, int], None],
    every: timedelta = REMOVALS_EVERY,
    first_after: timedelta = REMOVALS_FIRST,
) -> AbstractAsyncContextManager[None]:
    """Remove what nobody reads again, in small steps; `told` hears of table and rows."""

    async def remove() -> None:
        rest: coaching.RemovalCursor | None = coaching.RemovalCursor()
        total = 0
        while rest is not None:
            step = await hop(coaching.remove_old, context, retention, rest)
            if step.removed:
                told(step.table, step.removed)
            total, rest = total + step.removed, step.rest
            await asyncio.sleep(BREATH.total_seconds())
        if total:
            log.info("OldRowsRemoved", rows=total)

    return _repeated("Removals", remove, every, first_after=first_after)


def people_synced(
    sync: PeopleSync,
    wait_connected: Callable[[], Awaitable[None]],
    *,
    every: timedelta,
    look: timedelta = PEOPLE_LOOK,
) -> AbstractAsyncContextManager[None]:
    """Read everybody in the workspace when it is time, from the beginning on, one process at once.

    A process that does not hear Slack does not count as there: what it missed is read afterwards.
    """

    async def follow() -> None:
        await wait_connected()
        await sync.run(every)

    return _repeated("People", follow, look, first_after=AT_ONCE)


@asynccontextmanager
async def _repeated(
    name: str,
    work: Callable[[], Awaitable[None]],
    every: timedelta,
    *,
    first_after: timedelta | None = None,
) -> AsyncIterator[None]:
    first = every if first_after is None else first_after
    task = asyncio.create_task(_repeat(name, work, every, first), name=name)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _repeat(
    name: str, work: Callable[[], Awaitable[None]], every: timedelta, first_after: timedelta
) -> None:
    wait = first_after
    while True:
        await asyncio.sleep(wait.total_seconds())
        wait = every
        try:
            await work()
        except coaching.CoachingError as error:
            # What is wrong with the database is told once, where that is seen.
            is_told = isinstance(error, coaching.Unavailable) and error.reason is not None
            level = logging.DEBUG if is_told else logging.WARNING
            log.log(level, "RoutineFailed", name=name, error=error.code)
        except Exception:
            log.exception("RoutineFailed", name=name)
