"""Which appointments a list wants, as SQL conditions (contract, section 3)."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select, union
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


def matching(wanted: AppointmentFilter) -> list[ColumnElement[bool]]:
    """Give the conditions that an appointment must meet to be listed."""
    found = [Appointment.deleted_at.is_(None), *_visible(wanted.reach)]
    if wanted.user_ids is not None:
        kinds = wanted.relationships or frozenset(Relationship)
        found.append(Appointment.id.in_(_related(wanted.user_ids, kinds)))
    if wanted.facilitator_ids is not None:
        found.append(Appointment.facilitator_id.in_(wanted.facilitator_ids))
    if wanted.statuses is not None:
        found.append(Appointment.status.in_(wanted.statuses))
    if wanted.interval is not None:
        found.append(_within(wanted.interval, wanted.interval_condition))
    if wanted.completion_interval is not None:
        span = wanted.completion_interval
        found.append(Appointment.completed_at >= span.starts_at)
        found.append(Appointment.completed_at < span.ends_at)
    if wanted.is_overdue is not None:
        overdue = is_overdue(wanted.now)
        found.append(overdue if wanted.is_overdue else not_(overdue))
    return found


def ordering(wanted: AppointmentFilter) -> list[UnaryExpression[Any]]:
    """Order by start; the id makes the order the same on every page."""
    columns: tuple[Any, ...] = (Appointment.starts_at, Appointment.id)
    return [each.asc() if wanted.ascending else each.desc() for each in columns]


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Say in SQL what `records.Appointment.is_overdue` says in Python."""
    return and_(Appointment.status.in_(OPEN_STATUSES), Appointment.ends_at < now)


def _within(interval: Interval, condition: IntervalCondition) -> ColumnElement[bool]:
    if condition is IntervalCondition.OVERLAPS:
        return and_(
            Appointment.starts_at < interval.ends_at, Appointment.ends_at > interval.starts_at
        )
    return and_(
        Appointment.starts_at >= interval.starts_at, Appointment.starts_at < interval.ends_at
    )


def _related(user_ids: Collection[str], kinds: Collection[Relationship]) -> Select[tuple[str]]:
    ways = {
        Relationship.ATTENDEE: select(Attendee.appointment_id).where(
            Attendee.person_id.in_(user_ids)
        ),
        Relationship.FACILITATOR: select(Appointment.id).where(
            Appointment.facilitator_id.in_(user_ids)
        ),
        Relationship.CREATOR: select(Appointment.id).where(Appointment.creator_id.in_(user_ids)),
    }
    found = union(*(ways[each] for each in sorted(set(kinds)))).subquery()
    return select(found.c[0])


def _visible(reach: Reach) -> list[ColumnElement[bool]]:
    if reach.division_ids is None:
        return []
    theirs = Appointment.id.in_(_related([reach.person_id], frozenset(Relationship)))
    if not reach.division_ids:
        return [or_(theirs, false())]
    outside = (
        select(Attendee.appointment_id)
        .join(Person, Person.id == Attendee.person_id)
        .where(
            Attendee.appointment_id == Appointment.id,
            Person.division_id.not_in(reach.division_ids),
        )
        .exists()
    )
    return [or_(theirs, not_(outside))]
