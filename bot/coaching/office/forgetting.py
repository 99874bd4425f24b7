"""Use case: rows that nobody reads again are removed, a few at a time.

Sessions, their notes and their history stay. A settled promise stays until its session is long
over, so that nothing is promised twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.ground.once import KEPT as ACTS_KEPT
from storage.forgetting import Key, Passing

ROWS_AT_ONCE: Final = 500
"""So many rows are looked at, and at most removed, in one transaction."""
SUBMISSIONS_KEPT: Final = timedelta(days=30)
"""A form that was saved can't be saved again by then: Slack forgets it after a day."""
DRAFTS_KEPT: Final = timedelta(days=7)
LEAST_DAYS: Final = 60
"""Settled promises are looked back at for 30 days, and messages shown anew for as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long this installation keeps what is over."""

    deliveries: timedelta
    """Settled promises and inbox entries, counted from the end of their session."""
    audit: timedelta | None = None
    """None: for ever."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A step that was done: how many rows of which table are gone, and where to go on."""

    table: str
    removed: int
    rest: "RemovalCursor | None"
    """None: everything was looked at."""


@dataclass(frozen=True, slots=True)
class RemovalCursor:
    """How far one has come: the table that is next, and the row after which it goes on."""

    tables: Sequence[Passing] = tuple(Passing)
    after: Key | None = None


def remove_old(context: Context, retention: Retention, place: RemovalCursor) -> Removal:
    """Remove what is over among the next rows. Raises Unavailable, Conflict.

    Nothing is removed while it is in doubt what time it is. Rows are looked for in a transaction
    that only reads, so that others who write wait for the removal alone.
    """
    table, *others = place.tables
    following = RemovalCursor(others) if others else None
    kept = _kept(context, retention, table)
    if kept is None or not context.is_sure():
        return Removal(table.value, 0, following)
    before = context.clock() - kept
    with context.read() as tx:
        found = tx.forgetting.look(table, before=before, after=place.after, limit=ROWS_AT_ONCE)
    removed = 0
    if found.old:
        with context.begin() as tx:
            removed = tx.forgetting.remove(table, found.old, before=before)
    rest = following if found.last is None else RemovalCursor(place.tables, found.last)
    return Removal(table.value, removed, rest)


def _kept(context: Context, retention: Retention, table: Passing) -> timedelta | None:
    """Say how long rows of a table are kept; None: for ever."""
    # The inbox may look further back than the installation wants promises kept.
    shown = timedelta(days=context.policy.inbox_days + 1)
    of_sessions = max(retention.deliveries, timedelta(days=LEAST_DAYS), shown)
    kept = {
        Passing.ACTS: ACTS_KEPT,
        Passing.SUBMISSIONS: SUBMISSIONS_KEPT,
        Passing.DRAFTS: DRAFTS_KEPT,
        Passing.TOKENS: timedelta(0),
        Passing.SLOT_JOBS: timedelta(days=context.policy.slot_job_days),
        Passing.DELIVERIES: of_sessions,
        Passing.NOTIFICATIONS: of_sessions,
        Passing.AUDIT: retention.audit,
    }
    return kept[table]
