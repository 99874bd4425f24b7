"""Use cases: whose turn it is to read the workspace's people, and how far that is.

One process at a time reads, page by page; one that dies in the middle leaves its place to another.
"""

from datetime import timedelta
from typing import Final

from bot.coaching.ground.context import Context

PEOPLE: Final = "people"
LEASE: Final = timedelta(minutes=2)
"""Longer than a page takes, with the pause before the next and a slow database."""
AWAY: Final = timedelta(minutes=5)
"""Who was away for longer may have missed what Slack told of changes."""


def take_people_page(context: Context, holder: str, *, every: timedelta) -> str | None:
    """Take the next page of people in hand; answers its cursor, None where nothing is due for us.

    Whoever asks is there; after a gap in which nobody asked, all are read anew. Raises Unavailable.
    """
    with context.begin() as tx:
        tx.syncs.look(PEOPLE, away_after=AWAY)
        return tx.syncs.take(PEOPLE, holder, every=every, lease=LEASE)


def end_people_page(context: Context, holder: str, next_cursor: str) -> bool:
    """Write down that a page was read; answers whether there is another one, and it is ours.

    Raises Unavailable.
    """
    with context.begin() as tx:
        if next_cursor:
            return tx.syncs.go_on(PEOPLE, holder, next_cursor, lease=LEASE)
        tx.syncs.finish(PEOPLE, holder)
        return False


def put_off_people_page(
    context: Context, holder: str, wait: timedelta, *, from_the_start: bool = False
) -> None:
    """Let anybody go on after a while, where it stopped or from the start. Raises Unavailable."""
    with context.begin() as tx:
        tx.syncs.put_off(PEOPLE, holder, wait, anew="" if from_the_start else None)
