"""Looking every hour whether an agenda or a digest is missing, and promising it then."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from bot import coaching
from bot.hop import Hop

EVERY: Final = timedelta(hours=1)

log = logging.getLogger(__name__)


@asynccontextmanager
async def summaries_planned(
    context: coaching.Context, hop: Hop, *, every: timedelta = EVERY
) -> AsyncIterator[None]:
    """Keep an agenda and a digest promised to all who want one, until the end of the block."""
    planning = asyncio.create_task(_plan(context, hop, every), name="summaries")
    try:
        yield
    finally:
        planning.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await planning


async def _plan(context: coaching.Context, hop: Hop, every: timedelta) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            if missing := await hop(coaching.plan_general, context):
                log.warning("event=SummariesPlanned missing=%d", missing)
        except coaching.CoachingError as error:
            log.warning("event=SummariesNotPlanned error=%s", error.code)
        except Exception:
            log.exception("event=SummariesNotPlanned")
