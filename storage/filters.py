"""Which appointments a list wants, as SQL conditions (contract, section 3)."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    not_,
    or_,
    select,
    union,
)
from sqlalchemy.sql.elements import UnaryExpression

from storage.models import Appointment, Attendee, Person
from storage.records import OPEN_STATUSES
from storage.types import Relationship, Status


class IntervalCondition(enum.StrEnum):
    """How an appointment must lie to an interval."""

    STARTS_IN = "StartsIn"
    OVERLAPS = "Overlaps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A span of time; the end does not belong to it."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What one person may see: what is theirs, and what lies wholly within these divisions.

    `division_ids` None means every division.
    """

    person_id: str
    division_ids: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentFilter:
    """The conditions of a list; None asks nothing."""

    now: datetime
    reach: Reach
    user_ids: Collection[str] | None = None
    relationships: Collection[Relationship] | None = None
    facilitator_ids: Collection[str] | None = None
    statuses: Collection[Status] | None = None
    interval: Interval | None = None
    interval_condition: IntervalCondition = IntervalCondition.STARTS_IN
    completion_interval: Interval | None = None
    is_overdue: bool | None = None
    ascending: bool = False
    page_number: int = 1
    page_size: int = 25


class _Way(enum.Enum):
    """How far a reach goes, as far as it changes the SQL."""

    EVERYTHING = enum.auto()
    DIVISIONS = enum.auto()
    OWN = enum.auto()


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a filter changes the SQL; everything else is a parameter of it.

    Filters of one shape share one statement, which is built once.
    """

    reach: _Way
    relationships: frozenset[Relationship] | None
    by_facilitators: bool
    by_statuses: bool
    interval: IntervalCondition | None
    by_completion: bool
    is_overdue: bool | None
    ascending: bool


def shape_of(wanted: AppointmentFilter) -> Shape:
    """Tell which statement a filter needs."""
    by_users = wanted.user_ids is not None
    return Shape(
        reach=_way(wanted.reach),
        relationships=frozenset(wanted.relationships or Relationship) if by_users else None,
        by_facilitators=wanted.facilitator_ids is not None,
        by_statuses=wanted.statuses is not None,
        interval=wanted.interval_condition if wanted.interval else None,
        by_completion=wanted.completion_interval is not None,
        is_overdue=wanted.is_overdue,
        ascending=wanted.ascending,
    )


def parameters_of(wanted: AppointmentFilter) -> dict[str, Any]:
    """Give the values that a filter puts into its statement."""
    spans = {"interval": wanted.interval, "completion": wanted.completion_interval}
    moments = {
        f"{name}_{end}": getattr(span, f"{end}_at")
        for name, span in spans.items()
        if span is not None
        for end in ("starts", "ends")
    }
    values = {
        "now": wanted.now if wanted.is_overdue is not None else None,
        "user_ids": _listed(wanted.user_ids),
        "facilitator_ids": _listed(wanted.facilitator_ids),
        "statuses": _listed(wanted.statuses),
        **_reach_parameters(wanted.reach),
    }
    return moments | {name: value for name, value in values.items() if value is not None}


def conditions(shape: Shape) -> list[ColumnElement[bool]]:
    """Give the conditions of a shape, with parameters where the values belong."""
    found = [Appointment.deleted_at.is_(None), *_visible(shape.reach)]
    if shape.relationships is not None:
        found.append(Appointment.id.in_(_related(bindparam("user_ids", expanding=True), shape)))
    if shape.by_facilitators:
        found.append(Appointment.facilitator_id.in_(bindparam("facilitator_ids", expanding=True)))
    if shape.by_statuses:
        found.append(Appointment.status.in_(bindparam("statuses", expanding=True)))
    if shape.interval is not None:
        found.append(_within(shape.interval))
    if shape.by_completion:
        found.append(Appointment.completed_at >= bindparam("completion_starts"))
        found.append(Appointment.completed_at < bindparam("completion_ends"))
    if shape.is_overdue is not None:
        overdue = is_overdue(bindparam("now"))
        found.append(overdue if shape.is_overdue else not_(overdue))
    return found


def ordering(shape: Shape) -> list[UnaryExpression[Any]]:
    """Order by start; the id makes the order the same on every page."""
    columns: tuple[Any, ...] = (Appointment.starts_at, Appointment.id)
    return [each.asc() if shape.ascending else each.desc() for each in columns]


def is_overdue(now: Any) -> ColumnElement[bool]:
    """Say in SQL what `records.Appointment.is_overdue` says in Python."""
    return and_(Appointment.status.in_(OPEN_STATUSES), Appointment.ends_at < now)


def _listed(values: Collection[Any] | None) -> list[Any] | None:
    return None if values is None else list(values)


def _way(reach: Reach) -> _Way:
    if reach.division_ids is None:
        return _Way.EVERYTHING
    return _Way.DIVISIONS if reach.division_ids else _Way.OWN


def _reach_parameters(reach: Reach) -> dict[str, Any]:
    match _way(reach):
        case _Way.EVERYTHING:
            return {}
        case _Way.OWN:
            return {"reader_ids": [reach.person_id]}
        case _Way.DIVISIONS:
            divisions = sorted(reach.division_ids or ())
            return {"reader_ids": [reach.person_id], "division_ids": divisions}


def _within(condition: IntervalCondition) -> ColumnElement[bool]:
    starts: BindParameter[Any] = bindparam("interval_starts")
    ends: BindParameter[Any] = bindparam("interval_ends")
    if condition is IntervalCondition.OVERLAPS:
        return and_(Appointment.starts_at < ends, Appointment.ends_at > starts)
    return and_(Appointment.starts_at >= starts, Appointment.starts_at < ends)


def _related(people: BindParameter[Any], shape: Shape | None = None) -> Select[str]:
    """Select the appointments to which people have one of the relationships of a shape."""
    ways = {
        Relationship.ATTENDEE: select(Attendee.appointment_id).where(
            Attendee.person_id.in_(people)
        ),
        Relationship.FACILITATOR: select(Appointment.id).where(
            Appointment.facilitator_id.in_(people)
        ),
        Relationship.CREATOR: select(Appointment.id).where(Appointment.creator_id.in_(people)),
    }
    kinds = frozenset(Relationship) if shape is None else shape.relationships
    found = union(*(ways[each] for each in sorted(kinds or ()))).subquery()
    return select(found.c[0])


def _visible(reach: _Way) -> list[ColumnElement[bool]]:
    if reach is _Way.EVERYTHING:
        return []
    if reach is _Way.OWN:
        return [Appointment.id.in_(_related(bindparam("reader_ids", expanding=True)))]
    outside = (
        select(Attendee.appointment_id)
        .join(Person, Person.id == Attendee.person_id)
        .where(
            Attendee.appointment_id == Appointment.id,
            Person.division_id.not_in(bindparam("division_ids", expanding=True)),
        )
        .exists()
    )
    return [or_(_is_theirs(bindparam("reader_ids", expanding=True)), not_(outside))]


def _is_theirs(reader: BindParameter[Any]) -> ColumnElement[bool]:
    """Ask row by row: whoever leads everything would otherwise have it all listed first."""
    attends = (
        select(Attendee.appointment_id)
        .where(Attendee.appointment_id == Appointment.id, Attendee.person_id.in_(reader))
        .exists()
    )
    return or_(Appointment.creator_id.in_(reader), Appointment.facilitator_id.in_(reader), attends)
