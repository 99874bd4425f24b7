"""Use case of whoever watches over the process: what is due and not kept yet, and since when."""

from dataclasses import dataclass
from datetime import timedelta

from bot.coaching.context import Context


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many promises are due and not kept yet, and how long ago the oldest was due."""

    due: int
    oldest_age: timedelta


def backlog(context: Context) -> Backlog:
    """Count what is due and not kept yet. Raises Unavailable."""
    now = context.clock()
    with context.read() as tx:
        due, oldest_at = tx.deliveries.backlog(now)
    return Backlog(due, max(now - oldest_at, timedelta(0)) if oldest_at else timedelta(0))
