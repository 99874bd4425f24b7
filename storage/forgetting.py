"""Rows that nobody reads again: found a window at a time, and removed by their keys."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from storage import models, program_models
from storage.types import DeliveryState, Instant

Key = tuple[Any, ...]
"""The primary key of a row."""
BEFORE: Final = bindparam("before", type_=Instant())
DELIVERY: Final[Any] = models.Delivery.__table__
APPOINTMENT: Final[Any] = models.Appointment.__table__
NOTIFICATION: Final[Any] = models.Notification.__table__
AUDIT: Final[Any] = models.AuditEntry.__table__
ACT: Final[Any] = models.Act.__table__
SUBMISSION: Final[Any] = models.Submission.__table__
DRAFT: Final[Any] = models.Draft.__table__
TOKEN: Final[Any] = program_models.Token.__table__
SLOT_JOB: Final[Any] = program_models.SlotJob.__table__
ALIVE: Final = (DeliveryState.PENDING, DeliveryState.SENDING)


class Passing(enum.StrEnum):
    """The tables whose rows are of use for a while; what refers to another comes before it."""

    ACTS = "acts"
    SUBMISSIONS = "submissions"
    DRAFTS = "drafts"
    TOKENS = "tokens"
    SLOT_JOBS = "slot_jobs"
    DELIVERIES = "deliveries"
    NOTIFICATIONS = "notifications"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Window:
    """What was found among a bounded number of rows."""

    old: Sequence[Key]
    last: Key | None
    """Where the next window begins; None: this was the last one."""


class Forgetting:
    """Removes what is of no use any more, in the order of the primary keys."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def look(self, table: Passing, *, before: datetime, after: Key | None, limit: int) -> Window:
        """Find the rows that were last of use before a moment, among the next rows of a table."""
        key, is_old = _key(table), OLD[table]
        query = select(*key, is_old.label("is_old")).order_by(*key).limit(limit)
        if after is not None:
            query = query.where(tuple_(*key) > tuple_(*after))
        rows = [tuple(each) for each in self._session.execute(query, {"before": before})]
        old = [row[:-1] for row in rows if row[-1]]
        return Window(old, rows[-1][:-1] if len(rows) == limit else None)

    def remove(self, table: Passing, keys: Sequence[Key], *, before: datetime) -> int:
        """Remove those of these rows that are still of no use; answers how many."""
        if not keys:
            return 0
        query = delete(_table(table)).where(tuple_(*_key(table)).in_(keys), OLD[table])
        return int(self._session.connection().execute(query, {"before": before}).rowcount)


def _table(table: Passing) -> Any:
    return models.Delivery.metadata.tables[table.value]


def _key(table: Passing) -> list[Any]:
    return list(_table(table).primary_key.columns)


def _is_over(appointment_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say in SQL that a session ended before the moment, and was not changed since."""
    return exists().where(
        APPOINTMENT.c.id == appointment_id,
        APPOINTMENT.c.ends_at < BEFORE,
        APPOINTMENT.c.modified_at < BEFORE,
    )


def _is_settled() -> ColumnElement[bool]:
    """Say in SQL that a promise is settled for good, as is all that was promised beside it.

    Whoever puts a promise into words looks at the others about its session, so that none is made
    twice: they stay while one of them is alive.
    """
    beside = DELIVERY.alias("beside")
    is_alive = exists().where(
        beside.c.appointment_id == DELIVERY.c.appointment_id, beside.c.state.in_(ALIVE)
    )
    return and_(
        DELIVERY.c.state.not_in(ALIVE),
        DELIVERY.c.due_at < BEFORE,
        func.coalesce(DELIVERY.c.settled_at, DELIVERY.c.due_at, type_=Instant()) < BEFORE,
        or_(DELIVERY.c.refresh_at.is_(None), DELIVERY.c.refresh_at < BEFORE),
        or_(
            DELIVERY.c.appointment_id.is_(None),
            and_(_is_over(DELIVERY.c.appointment_id), ~is_alive),
        ),
    )


def _is_past_entry() -> ColumnElement[bool]:
    """Say in SQL that an inbox entry is about a session that is over, and that nothing tells it."""
    return and_(
        NOTIFICATION.c.created_at < BEFORE,
        _is_over(NOTIFICATION.c.appointment_id),
        ~exists().where(DELIVERY.c.notification_id == NOTIFICATION.c.id),
    )


def _is_past_deed() -> ColumnElement[bool]:
    """Say in SQL that a deed is long past; the last one stays, for numbers never come again."""
    others = AUDIT.alias("others")
    return and_(AUDIT.c.at < BEFORE, AUDIT.c.id < select(func.max(others.c.id)).scalar_subquery())


OLD: Final[Mapping[Passing, ColumnElement[bool]]] = {
    Passing.ACTS: ACT.c.seen_at < BEFORE,
    Passing.SUBMISSIONS: SUBMISSION.c.seen_at < BEFORE,
    Passing.DRAFTS: DRAFT.c.updated_at < BEFORE,
    Passing.TOKENS: TOKEN.c.expires_at < BEFORE,
    Passing.SLOT_JOBS: SLOT_JOB.c.created_at < BEFORE,
    Passing.DELIVERIES: _is_settled(),
    Passing.NOTIFICATIONS: _is_past_entry(),
    Passing.AUDIT: _is_past_deed(),
}
"""Which rows are of no use any more, as of a moment."""
