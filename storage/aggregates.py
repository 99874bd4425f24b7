"""Counting appointments by what they are, in one statement (contract, section 3.18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many appointments there are of each kind; an overdue one is counted twice."""

    attendee_id: str | None
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
        rows = self._session.execute(counting(wanted), parameters_of(_seen(wanted)))
        return [Count(**{"attendee_id": None, **row._mapping}) for row in rows]


def counting(wanted: AggregateFilter) -> Select[*tuple[Any, ...]]:
    """Write the statement that counts; what is seen at all comes as its parameters."""
    query: Select[*tuple[Any, ...]] = (
        select(*_counts(wanted.now)).select_from(Appointment).where(*_conditions(wanted))
    )
    if not wanted.by_attendee:
        return query
    return (
        query.add_columns(Attendee.person_id.label("attendee_id"))
        .join(Attendee, Attendee.appointment_id == Appointment.id)
        .where(*_within_reach(wanted.reach))
        .group_by(Attendee.person_id)
        .order_by(Attendee.person_id)
    )


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
    return [*conditions(shape_of(_seen(wanted))), clauses]


def _seen(wanted: AggregateFilter) -> AppointmentFilter:
    return AppointmentFilter(now=wanted.now, reach=wanted.reach, interval=wanted.interval)


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


def _within_reach(reach: Reach) -> list[ColumnElement[bool]]:
    """Leave out attendees whom the reader may not see, though they share a session."""
    if reach.division_ids is None:
        return []
    seen = select(Person.id).where(Person.division_id.in_(reach.division_ids))
    return [or_(Attendee.person_id.in_(seen), Attendee.person_id == reach.person_id)]
