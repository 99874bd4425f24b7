"""Counting appointments by what they are, in one statement (contract, section 3.18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select, union
from sqlalchemy.orm import Session, aliased

from storage.filters import Interval, Reach, is_overdue
from storage.models import Appointment, Attendee, Person
from storage.types import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Conditions of which every one, or any one, must be met."""

    every: bool
    attendee_ids: frozenset[str] = frozenset()
    facilitator_ids: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateFilter:
    """What to count: clauses of which every one, or any one, must be met."""

    now: datetime
    reach: Reach
    interval: Interval
    every: bool
    clauses: Sequence[Clause]
    by_attendee: bool
    spans: Sequence[datetime] = ()
    """Where one span ends and the next begins; with any, each span is counted for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many appointments there are of each kind; an overdue one is counted twice."""

    attendee_id: str | None
    span: int = 0
    """Which of the spans, counted from zero."""
    activities: int
    planned: int
    in_progress: int
    complete: int
    overdue: int
    invalid_schedule: int


class Aggregates:
    """Counts of appointments."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, wanted: AggregateFilter) -> list[Count]:
        """Count what is wanted: once for all, or once for each attendee within reach."""
        rows = self._session.execute(counting(wanted))
        return [Count(**{"attendee_id": None, **row._mapping}) for row in rows]


def counting(wanted: AggregateFilter) -> Select[*tuple[Any, ...]]:
    """Write the statement that counts."""
    query: Select[*tuple[Any, ...]] = (
        select(*_counts(wanted.now)).select_from(Appointment).where(*_conditions(wanted))
    )
    if wanted.by_attendee:
        query = _by_attendee(query, wanted.reach)
    return _by_span(query, wanted.spans) if wanted.spans else query


def _by_attendee(query: Select[*tuple[Any, ...]], reach: Reach) -> Select[*tuple[Any, ...]]:
    # A name of its own, so that no condition on a session takes this attendee for its subject.
    counted = aliased(Attendee)
    return (
        query.add_columns(counted.person_id.label("attendee_id"))
        .join(counted, counted.appointment_id == Appointment.id)
        .where(*_within_reach(reach, counted))
        .group_by(counted.person_id)
        .order_by(counted.person_id)
    )


def _by_span(
    query: Select[*tuple[Any, ...]], spans: Sequence[datetime]
) -> Select[*tuple[Any, ...]]:
    """Count each span for itself: the first ends where the second begins, and so on."""
    before = ((Appointment.starts_at < end, number) for number, end in enumerate(spans))
    # Grouped by its name: PostgreSQL takes the same words with parameters for something else.
    return query.add_columns(case(*before, else_=len(spans)).label("span")).group_by("span")


def _counts(now: datetime) -> list[ColumnElement[int]]:
    kinds: dict[str, ColumnElement[bool]] = {
        "planned": Appointment.status == Status.SCHEDULED,
        "in_progress": Appointment.status == Status.IN_PROGRESS,
        "complete": Appointment.status == Status.COMPLETED,
        "overdue": is_overdue(now),
        "invalid_schedule": Appointment.status == Status.INVALID_SCHEDULE,
    }
    counted = [func.count().filter(kind).label(name) for name, kind in kinds.items()]
    return [func.count().label("activities"), *counted]


def _conditions(wanted: AggregateFilter) -> list[ColumnElement[bool]]:
    join = and_ if wanted.every else or_
    clauses = join(*(_clause(each) for each in wanted.clauses))
    return [
        Appointment.deleted_at.is_(None),
        Appointment.starts_at >= wanted.interval.starts_at,
        Appointment.starts_at < wanted.interval.ends_at,
        *_visible(wanted.reach),
        clauses,
    ]


def _visible(reach: Reach) -> list[ColumnElement[bool]]:
    """Keep what `filters.conditions` keeps of a reach, written for going through very many."""
    if reach.division_ids is None:
        return []
    own = union(
        select(Attendee.appointment_id).where(Attendee.person_id == reach.person_id),
        select(Appointment.id).where(Appointment.creator_id == reach.person_id),
        select(Appointment.id).where(Appointment.facilitator_id == reach.person_id),
    ).subquery()
    outside = (
        select(Attendee.appointment_id)
        .join(Person, Person.id == Attendee.person_id)
        .where(
            Attendee.appointment_id == Appointment.id,
            Person.division_id.not_in(reach.division_ids),
        )
        .exists()
    )
    return [or_(Appointment.id.in_(select(own.c[0])), not_(outside))]


def _clause(clause: Clause) -> ColumnElement[bool]:
    return _every(clause) if clause.every else _any(clause)


def _any(clause: Clause) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    if clause.attendee_ids:
        found.append(Appointment.id.in_(_attended_by(clause.attendee_ids)))
    if clause.facilitator_ids:
        found.append(Appointment.facilitator_id.in_(clause.facilitator_ids))
    if clause.statuses:
        found.append(Appointment.status.in_(clause.statuses))
    return or_(*found)


def _every(clause: Clause) -> ColumnElement[bool]:
    found = [Appointment.facilitator_id == each for each in clause.facilitator_ids]
    found += [Appointment.status == each for each in clause.statuses]
    if clause.attendee_ids:
        together = _attended_by(clause.attendee_ids)
        if len(clause.attendee_ids) > 1:
            together = together.group_by(Attendee.appointment_id).having(
                func.count() == len(clause.attendee_ids)
            )
        found.append(Appointment.id.in_(together))
    return and_(*found)


def _attended_by(person_ids: frozenset[str]) -> Select[str]:
    return select(Attendee.appointment_id).where(Attendee.person_id.in_(person_ids))


def _within_reach(reach: Reach, counted: type[Attendee]) -> list[ColumnElement[bool]]:
    """Leave out attendees whom the reader may not see, though they share a session."""
    if reach.division_ids is None:
        return []
    seen = select(Person.id).where(Person.division_id.in_(reach.division_ids))
    return [or_(counted.person_id.in_(seen), counted.person_id == reach.person_id)]
