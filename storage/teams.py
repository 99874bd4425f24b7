"""Counting what each person of a team has before them, in one statement for a whole page."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from storage.filters import (
    AppointmentFilter,
    Interval,
    Reach,
    conditions,
    is_overdue,
    parameters_of,
    shape_of,
)
from storage.models import Appointment, Attendee, Person
from storage.records import OPEN_STATUSES
from storage.types import Standing, Status


class Kind(enum.StrEnum):
    """What a session counts as."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    OVERDUE = "overdue"
    COMPLETED = "completed"


STATUSES: Mapping[Kind, Status] = MappingProxyType(
    {
        Kind.PLANNED: Status.SCHEDULED,
        Kind.IN_PROGRESS: Status.IN_PROGRESS,
        Kind.COMPLETED: Status.COMPLETED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFilter:
    """Whose sessions are counted, as far as `reach` may see them; None asks nothing."""

    now: datetime
    reach: Reach
    interval: Interval
    division_ids: Collection[str]
    person_id: str | None = None
    kind: Kind | None = None
    page_number: int = 1
    page_size: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A person who is coached, with the sessions that start in the interval."""

    person_id: str
    name: str
    slack_user_id: str | None
    planned: int
    in_progress: int
    overdue: int
    completed: int
    next_at: datetime | None
    """The next planned start, also beyond the interval."""
    next_end: datetime | None
    """When, at the earliest, a session that is not completed will be overdue."""


class Teams:
    """People with the counts of what they attend."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, wanted: TeamFilter) -> tuple[list[TeamRow], int]:
        """List a page of a team, whoever has most overdue first; with the count of them all."""
        counts = _counts(wanted)
        query = (
            _listing(wanted, counts)
            .limit(wanted.page_size)
            .offset((wanted.page_number - 1) * wanted.page_size)
        )
        rows = self._session.execute(query, parameters_of(_visible(wanted))).all()
        found = [TeamRow(**{k: v for k, v in row._mapping.items() if k != "total"}) for row in rows]
        return found, rows[0].total if rows else 0


def _visible(wanted: TeamFilter) -> AppointmentFilter:
    return AppointmentFilter(now=wanted.now, reach=wanted.reach)


def _listing(wanted: TeamFilter, counts: Subquery) -> Select[*tuple[Any, ...]]:
    kinds = {each: func.coalesce(counts.c[each.value], 0) for each in Kind}
    where = [
        Person.division_id.in_(wanted.division_ids),
        Person.standing == Standing.MEMBER,
        Person.id != wanted.reach.person_id,
    ]
    if wanted.person_id is not None:
        where.append(Person.id == wanted.person_id)
    if wanted.kind is not None:
        where.append(kinds[wanted.kind] > 0)
    return (
        select(
            Person.id.label("person_id"),
            Person.name,
            Person.slack_user_id,
            *(count.label(each.value) for each, count in kinds.items()),
            counts.c.next_at,
            counts.c.next_end,
            func.count().over().label("total"),
        )
        .join(counts, counts.c.person_id == Person.id, isouter=True)
        .where(*where)
        .order_by(kinds[Kind.OVERDUE].desc(), func.lower(Person.name), Person.id)
    )


def _counts(wanted: TeamFilter) -> Subquery:
    """Count each attendee's sessions, once for each attendee."""
    # A name of its own, so that no condition on a session takes this attendee for its subject.
    counted_for = aliased(Attendee)
    starts = Appointment.starts_at
    within = and_(starts >= wanted.interval.starts_at, starts < wanted.interval.ends_at)
    ahead = and_(Appointment.status == Status.SCHEDULED, starts >= wanted.now)
    open_now = and_(Appointment.status.in_(OPEN_STATUSES), Appointment.ends_at >= wanted.now)
    counted = [
        func.count().filter(within, kind).label(name) for name, kind in _kinds(wanted.now).items()
    ]
    query = (
        select(
            counted_for.person_id,
            *counted,
            func.min(starts).filter(ahead).label("next_at"),
            func.min(Appointment.ends_at).filter(open_now).label("next_end"),
        )
        .select_from(counted_for)
        .join(Appointment, Appointment.id == counted_for.appointment_id)
        .where(
            counted_for.person_id.in_(_members(wanted)),
            or_(within, open_now),
            *conditions(shape_of(_visible(wanted))),
        )
        .group_by(counted_for.person_id)
    )
    return query.subquery()


def _members(wanted: TeamFilter) -> Select[Any]:
    return select(Person.id).where(Person.division_id.in_(wanted.division_ids))


def _kinds(now: datetime) -> dict[str, ColumnElement[bool]]:
    found = {kind.value: Appointment.status == status for kind, status in STATUSES.items()}
    return found | {Kind.OVERDUE.value: is_overdue(now)}
