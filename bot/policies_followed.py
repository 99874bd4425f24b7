"""Following what administrators decide in another process: one small query every few seconds."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from bot import coaching
from bot.hop import Hop

EVERY: Final = timedelta(seconds=5)

log = logging.getLogger(__name__)


@asynccontextmanager
async def policies_followed(
    context: coaching.Context, hop: Hop, *, every: timedelta = EVERY
) -> AsyncIterator[None]:
    """Keep the policy in force as the database has it, until the end of the block."""
    following = asyncio.create_task(_follow(context, hop, every), name="policies")
    try:
        yield
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following


async def _follow(context: coaching.Context, hop: Hop, every: timedelta) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await hop(coaching.reload_policies, context)
        except coaching.CoachingError as error:
            log.warning("event=PoliciesNotRead error=%s", error.code)
        except Exception:
            log.exception("event=PoliciesNotRead")
