"""Use case: find the time that people have in common (contract, section 3.19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Invalid
from bot.coaching.ground.lookup import access_of, ensure_holds, find_people, subject_of
from bot.coaching.ground.permissions import Access, Permission, may_view
from bot.coaching.ground.values import Caller
from bot.coaching.slots.availability import (
    Availability,
    Slot,
    availability,
    ensure_interval,
    ensure_search,
)
from bot.coaching.times.free_time import on_steps
from bot.coaching.times.shifts import moment_of
from storage.filters import Interval
from storage.transaction import Transaction

MOST_INTERRUPTIBLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotQuery:
    """Whose time, how much of it, and when."""

    interval: Interval
    length_minutes: int
    attendee_ids: Sequence[str]
    facilitator_ids: Sequence[str] = ()
    interruptible_ids: Sequence[str] = ()
    """Sessions that do not count as taking time, such as the one being moved."""


@dataclass(frozen=True, slots=True)
class AvailableTime:
    """A stretch of time in which somebody works and is free."""

    starts_at: datetime
    length_minutes: int
    activity: str = "OnQueueWork"
    """What they do then otherwise, an `activityCategory` of the contract."""


@dataclass(frozen=True, slots=True)
class PersonSchedule:
    """One person's free time."""

    person_id: str
    available: tuple[AvailableTime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotAnswer:
    """When everybody could meet, and each one's free time."""

    suggested: tuple[Slot, ...]
    attendees: tuple[PersonSchedule, ...]
    facilitators: tuple[PersonSchedule, ...]


def find_slots(context: Context, caller: Caller, query: SlotQuery) -> SlotAnswer:
    """Find the slots ahead in which all named are free, and the free time of each of them.

    Time is free within working hours, in each person's own zone, where no session takes it. Slots
    begin on a quarter hour, and lie wholly within the interval. Raises Invalid, Denied,
    Unavailable.
    """
    now = context.clock()
    _ensure_query(context, query)
    named = (*query.attendee_ids, *query.facilitator_ids)
    with context.read() as tx:
        access = access_of(tx, caller)
        ensure_holds(access, Permission.SLOT_VIEW, "Your role doesn’t let you look for free time.")
        people = find_people(tx, access, Permission.SLOT_VIEW, named)
        ignored = _may_be_ignored(tx, access, query.interruptible_ids)
        taken = tx.bookings.taken(people, query.interval)
    kept = [each for each in taken if each.appointment_id not in ignored]
    found = availability(people, kept, query.interval)
    return SlotAnswer(
        suggested=tuple(found.free_slots(query.length_minutes, now)),
        attendees=_schedules(query.attendee_ids, found),
        facilitators=_schedules(query.facilitator_ids, found),
    )


def _ensure_query(context: Context, query: SlotQuery) -> None:
    ensure_search(query.attendee_ids, query.facilitator_ids, query.length_minutes, context.policy)
    ensure_interval(query.interval, "interval", context.policy)
    if len(query.interruptible_ids) > MOST_INTERRUPTIBLE:
        raise Invalid(
            f"Please name at most {MOST_INTERRUPTIBLE} sessions.",
            code="constraint.validation",
            field="interruptible_ids",
        )


def _may_be_ignored(tx: Transaction, access: Access, ids: Iterable[str]) -> frozenset[str]:
    """Keep the sessions that the caller may see: the time of others is not theirs to ask about."""
    found = tx.appointments.many([each for each in ids if "\x00" not in each])
    return frozenset(each.id for each in found.values() if may_view(access, subject_of(tx, each)))


def _schedules(person_ids: Sequence[str], found: Availability) -> tuple[PersonSchedule, ...]:
    return tuple(
        PersonSchedule(
            person_id,
            tuple(
                AvailableTime(moment_of(start), end - start)
                for start, end in on_steps(found.free[person_id])
            ),
        )
        for person_id in dict.fromkeys(person_ids)
    )
