"""When people work, and when they are free: what both searches for slots begin with."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Final

from bot.coaching.ground.errors import Invalid
from bot.coaching.policy.policies import Policy
from bot.coaching.times import free_time
from bot.coaching.times.free_time import Span
from bot.coaching.times.shifts import minute_after, minute_of, moment_of, shift_of, working_spans
from storage.bookings import TakenTime
from storage.filters import Interval
from storage.records import Person

LENGTHS = (15, 30, 45, 60)
YEARS: Final = range(1971, 9999)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a session could take place."""

    starts_at: datetime
    length_minutes: int


@dataclass(frozen=True, slots=True)
class Availability:
    """When each person works, and when they are free, within an interval."""

    working: Mapping[str, Sequence[Span]]
    free: Mapping[str, Sequence[Span]]

    def free_slots(self, minutes: int, now: datetime) -> list[Slot]:
        """List the slots ahead in which everybody is free for the whole length."""
        return _slots(self.free.values(), minutes, now)

    def working_slots(self, minutes: int, now: datetime) -> list[Slot]:
        """List the slots ahead in which everybody works for the whole length, free or not."""
        return _slots(self.working.values(), minutes, now)


def availability(
    people: Mapping[str, Person], taken: Iterable[TakenTime], interval: Interval
) -> Availability:
    """Work out when people are free: they work, and nothing that is taken is in the way."""
    span = (minute_after(interval.starts_at), minute_of(interval.ends_at))
    shifts = {each.id: shift_of(each.working_hours, each.timezone) for each in people.values()}
    spans = {shift: working_spans(shift, span) for shift in set(shifts.values())}
    working = {person_id: spans[shift] for person_id, shift in shifts.items()}
    busy = _busy(taken)
    free = {
        person_id: free_time.without(working[person_id], busy.get(person_id, []))
        for person_id in people
    }
    return Availability(working, free)


def ensure_search(
    attendee_ids: Sequence[str], facilitator_ids: Sequence[str], minutes: int, policy: Policy
) -> None:
    """Refuse a search for nobody, for too many, or for a length that is not offered (3.19).

    Raises Invalid.
    """
    if not attendee_ids:
        raise _invalid("Please name at least one person to coach.", "attendee_ids")
    for field, ids in (("attendee_ids", attendee_ids), ("facilitator_ids", facilitator_ids)):
        if len(ids) > policy.max_attendees:
            raise _invalid(f"Please name at most {policy.max_attendees} people.", field)
    if minutes not in LENGTHS or minutes > policy.max_length_minutes:
        raise _invalid("Please pick a length of 15, 30, 45 or 60 minutes.", "length_minutes")


def ensure_interval(interval: Interval, field: str, policy: Policy) -> None:
    """Refuse an interval that is empty, or longer than one may schedule ahead. Raises Invalid."""
    if not {interval.starts_at.year, interval.ends_at.year} <= set(YEARS):
        raise _invalid("That interval is too far away. Please pick another.", field)
    length = interval.ends_at - interval.starts_at
    if length <= timedelta(0):
        raise _invalid("The interval ends before it starts.", field)
    if length > timedelta(days=policy.horizon_days):
        raise _invalid(f"Please pick an interval of at most {policy.horizon_days} days.", field)


def _invalid(message: str, field: str) -> Invalid:
    return Invalid(message, code="constraint.validation", field=field)


def _busy(taken: Iterable[TakenTime]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    for each in taken:
        found[each.person_id].append((minute_of(each.starts_at), minute_after(each.ends_at)))
    return {person_id: free_time.merged(spans) for person_id, spans in found.items()}


def _slots(each_ones: Collection[Sequence[Span]], minutes: int, now: datetime) -> list[Slot]:
    shared = reduce(free_time.common, each_ones)
    moments = (moment_of(each) for each in free_time.starts(shared, minutes))
    return [Slot(each, minutes) for each in moments if each > now]
