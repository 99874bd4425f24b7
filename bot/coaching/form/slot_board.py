"""Use case: when everybody in a form could meet, a week at a time, and why nobody can.

Nothing is told of what takes somebody's time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import groupby
from typing import Final

from bot.coaching.form.drafts import standing
from bot.coaching.form.forms import find_open
from bot.coaching.form.pages import Desk, desk_for, week_start, weeks_ahead
from bot.coaching.form.values import SlotBoard, SlotDay, SlotOffer, Typed
from bot.coaching.ground import rules
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied
from bot.coaching.ground.lookup import ensure_holds, find_people
from bot.coaching.ground.permissions import Permission
from bot.coaching.ground.values import Caller
from bot.coaching.slots.availability import Availability, Slot, availability
from bot.coaching.times.free_time import Span, common
from bot.coaching.times.shifts import minute_after, minute_of
from bot.coaching.times.wording import (
    Clocks,
    clocks_of,
    joined,
    local_time,
    say_day,
    say_time,
    say_when,
)
from storage.filters import Interval
from storage.records import Person
from storage.transaction import Transaction

MOST_BEYOND: Final = 5


def slot_board(context: Context, caller: Caller, subject: str) -> SlotBoard:
    """Show the free time that the people in a form share in the week that it looks at.

    Time is free as in a search for slots; a session that is moved does not stand in its own way.
    Raises Invalid, NotFound, Denied, Unavailable.
    """
    with context.read() as tx:
        desk = desk_for(tx, context, caller, subject)
        if not desk.may_edit:
            raise Denied(
                "Only the organizer or the facilitator of a session can change it.",
                code="forbidden",
            )
        ensure_holds(
            desk.access, Permission.SLOT_VIEW, "Your role doesn’t let you look for free time."
        )
        draft = find_open(tx, desk)
        typed = desk.blank() if draft is None else standing(draft, desk.current)
        search = _search(tx, desk, typed)
    return search.board()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """What is needed to say when people could meet."""

    reader: Person
    now: datetime
    minutes: int
    people: Mapping[str, Person]
    found: Availability
    week: Interval
    is_this_week: bool

    def board(self) -> SlotBoard:
        """Offer what is free in the week, or say why nothing is and what is free near it."""
        slots = self.found.free_slots(self.minutes, self.now)
        inside = [each for each in slots if self._is_inside(each)]
        if inside:
            return SlotBoard(days=tuple(self._days(inside)), why_none=(), beyond=())
        beyond = [self._offer(each) for each in self._nearest(slots)]
        return SlotBoard(days=(), why_none=tuple(self._why()), beyond=tuple(beyond))

    def _is_inside(self, slot: Slot) -> bool:
        return self.week.starts_at <= slot.starts_at < self.week.ends_at

    def _days(self, slots: Sequence[Slot]) -> Iterator[SlotDay]:
        zone = self.reader.timezone
        for _, each in groupby(slots, lambda slot: local_time(slot.starts_at, zone).date()):
            offers = tuple(self._offer(slot) for slot in each)
            said = say_day(offers[0].starts_at, zone, self.now)
            yield SlotDay(words=_opening(said), offers=offers)

    def _offer(self, slot: Slot) -> SlotOffer:
        return SlotOffer(
            starts_at=slot.starts_at,
            length_minutes=slot.length_minutes,
            words=_opening(say_when(slot.starts_at, clocks_of(self.reader), self.now)),
            local=tuple(local_times(slot.starts_at, self.reader, self.people.values(), self.now)),
        )

    def _nearest(self, slots: Iterable[Slot]) -> list[Slot]:
        """Pick the slots nearest to the week that do not overlap each other, in order."""
        picked: list[Slot] = []
        length = timedelta(minutes=self.minutes)
        for slot in sorted(slots, key=self._distance):
            if len(picked) < MOST_BEYOND and all(
                abs(slot.starts_at - each.starts_at) >= length for each in picked
            ):
                picked.append(slot)
        return sorted(picked, key=lambda each: each.starts_at)

    def _distance(self, slot: Slot) -> timedelta:
        return max(self.week.starts_at - slot.starts_at, slot.starts_at - self.week.ends_at)

    def _why(self) -> Iterator[str]:
        """Say for whom there is no time in the week, by name and no more."""
        working, free = self.found.working, self.found.free
        shared = reduce(common, working.values())
        idle = [each for each in self.people if not self._fits(working[each])]
        full = [each for each in self.people if not self._fits(common(free[each], shared))]
        if idle:
            left = "left this week" if self.is_this_week else "that week"
            yield f"{self._with(idle, 'has', 'have')} no working hours {left}."
        elif not self._fits(shared):
            yield f"There is no time {self._when} when everybody is at work."
        elif full:
            yield f"{self._with(full, 'is', 'are')} busy whenever everybody works {self._when}."
        else:
            yield "Everybody has some free time, but never at the same moment."

    def _fits(self, spans: Sequence[Span]) -> bool:
        ahead = (minute_after(max(self.week.starts_at, self.now)), minute_of(self.week.ends_at))
        return any(end - start >= self.minutes for start, end in common(spans, [ahead]))

    def _with(self, ids: Sequence[str], one: str, several: str) -> str:
        """Name people with the form of a verb that goes with them."""
        if list(ids) == [self.reader.id]:
            return f"You {several}"
        said = joined([self.people[each].name for each in ids])
        return f"{said} {one if len(ids) == 1 else several}"

    @property
    def _when(self) -> str:
        return "this week" if self.is_this_week else "that week"


def _search(tx: Transaction, desk: Desk, typed: Typed) -> _Search:
    """Look up whose time is asked for, and what takes it. Raises Invalid, Denied."""
    policy, zone = desk.context.policy, desk.reader.timezone
    rules.ensure_distinct(typed.facilitator_id, typed.attendee_ids, policy)
    minutes = rules.ensure_length(typed.length_minutes, policy)
    named = [each for each in (typed.facilitator_id, *typed.attendee_ids) if each]
    people = find_people(tx, desk.access, Permission.SLOT_VIEW, named)
    latest = desk.now + timedelta(days=policy.horizon_days)
    interval = Interval(starts_at=desk.now, ends_at=latest)
    taken = tx.bookings.taken(people, interval)
    kept = [each for each in taken if each.appointment_id != desk.key]
    number = max(0, min(typed.week, len(weeks_ahead(desk.now, latest, zone)) - 1))
    first, last = (week_start(desk.now, zone, each) for each in (number, number + 1))
    return _Search(
        reader=desk.reader,
        now=desk.now,
        minutes=minutes,
        people=people,
        found=availability(people, kept, interval),
        week=Interval(starts_at=first, ends_at=last),
        is_this_week=number == 0,
    )


def local_times(
    moment: datetime, reader: Person, people: Iterable[Person], now: datetime
) -> list[str]:
    """Say what the clocks of others show, each zone once: `7:30 pm for Priya, Kolkata`."""
    own = local_time(moment, reader.timezone)
    zones: dict[str, list[str]] = defaultdict(list)
    for each in people:
        if local_time(moment, each.timezone).utcoffset() != own.utcoffset():
            zones[each.timezone].append(each.name)
    return [
        f"{_clock(moment, Clocks(zone, reader.hours), own, now)} for {joined(names)}, {_city(zone)}"
        for zone, names in zones.items()
    ]


def _clock(moment: datetime, clocks: Clocks, own: datetime, now: datetime) -> str:
    if local_time(moment, clocks).date() == own.date():
        return say_time(moment, clocks)
    return _opening(say_when(moment, clocks, now))


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _opening(said: str) -> str:
    """Begin a line with what is said."""
    return f"{said[0].upper()}{said[1:]}"
