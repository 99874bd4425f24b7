"""Counting what each person of a team has before them, in one statement for a whole page."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from storage.filters import (
    AppointmentFilter,
    Interval,
    Reach,
    Shape,
    conditions,
    is_overdue,
    parameters_of,
    shape_of,
)
from storage.models import Appointment, Attendee, Person
from storage.records import OPEN_STATUSES
from storage.types import Instant, Standing, Status


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
        values = _parameters(wanted)
        rows = self._session.execute(_statement(_shape_of(wanted)), values).all()
        found = [TeamRow(**{k: v for k, v in row._mapping.items() if k != "total"}) for row in rows]
        return found, rows[0].total if rows else 0


@dataclass(frozen=True, slots=True)
class _TeamShape:
    """What of a filter changes the SQL; everything else is a parameter of it."""

    sessions: Shape
    by_person: bool
    kind: Kind | None


def _shape_of(wanted: TeamFilter) -> _TeamShape:
    return _TeamShape(shape_of(_visible(wanted)), wanted.person_id is not None, wanted.kind)


def _parameters(wanted: TeamFilter) -> dict[str, Any]:
    return {
        **parameters_of(_visible(wanted)),
        "team_now": wanted.now,
        "team_starts": wanted.interval.starts_at,
        "team_ends": wanted.interval.ends_at,
        "team_divisions": list(wanted.division_ids),
        "team_reader": wanted.reach.person_id,
        "team_person": wanted.person_id,
        "limit": wanted.page_size,
        "offset": (wanted.page_number - 1) * wanted.page_size,
    }


def _visible(wanted: TeamFilter) -> AppointmentFilter:
    return AppointmentFilter(now=wanted.now, reach=wanted.reach)


@lru_cache(maxsize=100)
def _statement(shape: _TeamShape) -> Select[*tuple[Any, ...]]:
    """Build the statement of a shape; building it costs as much as answering it."""
    counts = _counts(shape)
    return _listing(shape, counts).limit(bindparam("limit")).offset(bindparam("offset"))


def _listing(shape: _TeamShape, counts: Subquery) -> Select[*tuple[Any, ...]]:
    kinds = {each: func.coalesce(counts.c[each.value], 0) for each in Kind}
    where = [
        Person.division_id.in_(_divisions()),
        Person.standing == Standing.MEMBER,
        Person.id != bindparam("team_reader"),
    ]
    if shape.by_person:
        where.append(Person.id == bindparam("team_person"))
    if shape.kind is not None:
        where.append(kinds[shape.kind] > 0)
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


def _counts(shape: _TeamShape) -> Subquery:
    """Count each attendee's sessions, once for each attendee."""
    # A name of its own, so that no condition on a session takes this attendee for its subject.
    counted_for = aliased(Attendee)
    starts, now = Appointment.starts_at, _moment("team_now")
    within = and_(starts >= _moment("team_starts"), starts < _moment("team_ends"))
    ahead = and_(Appointment.status == Status.SCHEDULED, starts >= now)
    open_now = and_(Appointment.status.in_(OPEN_STATUSES), Appointment.ends_at >= now)
    counted = [func.count().filter(within, kind).label(name) for name, kind in _kinds(now).items()]
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
            counted_for.person_id.in_(_members()),
            or_(within, open_now),
            *conditions(shape.sessions),
        )
        .group_by(counted_for.person_id)
    )
    return query.subquery()


def _members() -> Select[Any]:
    return select(Person.id).where(Person.division_id.in_(_divisions()))


def _divisions() -> BindParameter[Any]:
    return bindparam("team_divisions", expanding=True)


def _moment(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=Instant())


def _kinds(now: BindParameter[datetime]) -> dict[str, ColumnElement[bool]]:
    found = {kind.value: Appointment.status == status for kind, status in STATUSES.items()}
    return found | {Kind.OVERDUE.value: is_overdue(now)}
