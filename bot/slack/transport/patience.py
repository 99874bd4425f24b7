"""Nobody waits longer than Slack does: what takes longer is announced, and finished afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bot.logger import get_logger

T = TypeVar("T")
log = get_logger(__name__)

PATIENCE: Final = 2.3
"""Seconds after which somebody is told that it takes a moment; Slack itself gives up at three."""


async def answer_within(
    seconds: float, work: Awaitable[T], meanwhile: Callable[[], Awaitable[None]]
) -> T:
    """Wait for some work; when it takes longer, say so once and go on waiting.

    What the work raises is raised here.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait((task,), timeout=seconds)
    if not done:
        try:
            await meanwhile()
        except Exception:
            log.warning("NotHeld", exc_info=True)
    return await task
