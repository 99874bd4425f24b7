"""Use cases of whoever watches over the process: what is due and not kept yet, and the clocks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.coaching.ground.context import Clock, Context, system_clock
from bot.coaching.ground.errors import Unavailable
from storage.transaction import Transaction

OTHERS_WRITE: Final = (None, "database.locked")


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many promises are due and not kept yet, and how long ago the oldest was due."""

    due: int
    oldest_age: timedelta
    clock_ahead: timedelta = timedelta(0)
    """How far the clock of this computer is ahead of the database's; behind is negative."""


def backlog(context: Context, *, system: Clock = system_clock) -> Backlog:
    """Count what is due and not kept yet, and compare clocks. Raises Unavailable."""
    now = context.clock()
    with context.read() as tx:
        due, oldest_at = tx.deliveries.backlog(now)
        ahead = _clock_ahead(tx, system)
    age = max(now - oldest_at, timedelta(0)) if oldest_at else timedelta(0)
    return Backlog(due, age, ahead)


def try_writing(context: Context) -> None:
    """Write something that changes nothing. Raises Unavailable.

    That somebody else is writing at the moment is no reason. What failed a moment ago and does not
    pass by itself is one: a full disk may have room for this and for nothing more.
    """
    try:
        with context.begin() as tx:
            tx.write_nothing_new()
    except Unavailable as error:
        if error.reason not in OTHERS_WRITE:
            raise
    current = context.store.outages.current
    if current is not None and not current.is_temporary:
        raise Unavailable(current.code)


def doubt_database(context: Context) -> None:
    """Say that the database was restored: what is due is looked for before it is sent.

    Raises Unavailable.
    """
    with context.begin() as tx:
        tx.timelines.doubt_later()


def database_time(context: Context) -> datetime:
    """Tell what time it is by the database's clock. Raises Unavailable."""
    with context.read() as tx:
        return tx.deliveries.read_clock()


def clock_ahead(context: Context, *, system: Clock = system_clock) -> timedelta:
    """Tell how far the clock of this computer is ahead of the database's. Raises Unavailable."""
    with context.read() as tx:
        return _clock_ahead(tx, system)


def _clock_ahead(tx: Transaction, system: Clock) -> timedelta:
    """Compare with the moments before and after: how long the answer took proves nothing."""
    before = system()
    theirs = tx.deliveries.read_clock()
    after = system()
    if theirs < before:
        return before - theirs
    return min(after - theirs, timedelta(0))
