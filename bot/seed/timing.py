"""When the story happens: on working days and in working hours of all who take part.

It is told around any moment, also at night and on a Sunday: what is past then lies in the last
working days, and what is ahead in the next ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Final

from bot.coaching import Person, zone_of
from bot.coaching.times import free_time
from bot.coaching.times.free_time import Span
from bot.coaching.times.shifts import minute_of, moment_of, shift_of, working_spans
from bot.seed.story import EARLIER, NOW, SOON, STORY, Ending, Part

FARTHEST: Final = timedelta(days=21)
LEAD: Final = timedelta(days=4)
"""How long before it begins a session is scheduled; a weekend may lie between."""
CANCELLED_BEFORE: Final = timedelta(hours=20)
INVALID_SINCE: Final = timedelta(hours=1)
PAST_BY: Final = 30
AHEAD_BY: Final = 65
"""Minutes: the reminder an hour before is due soon after the sandbox has started."""
PAST: Final = frozenset({Ending.COMPLETED, Ending.FORGOTTEN, Ending.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A part of the story with its moments, in UTC."""

    part: Part
    scheduled_at: datetime
    starts_at: datetime
    ends_at: datetime
    called_off_at: datetime
    """When it is cancelled, or comes to need a new time, where the story says so."""


def timed_story(people: Mapping[str, Person], now: datetime) -> list[Timed]:
    """Give every part of the story its moments around now; people are named by their handles."""
    calendar = Calendar(people, now)
    placed = [
        *calendar.place_now(NOW),
        calendar.place_soon(SOON),
        *(calendar.place_near(each) for each in (EARLIER, *STORY)),
    ]
    return [calendar.timed(part, start) for part, start in placed]


def last_together(
    people: Mapping[str, Person], handles: Sequence[str], now: datetime, *, minutes: int
) -> datetime:
    """Give the last moment up to now by which these had been at work together for so long."""
    calendar = Calendar(people, now)
    last = minute_of(now)
    spans = calendar.working_together(handles)
    return moment_of(
        max(min(end, last) for start, end in spans if min(end, last) - start >= minutes)
    )


class Calendar:
    """When people of the story work and are free, some weeks before and after a moment."""

    def __init__(self, people: Mapping[str, Person], now: datetime) -> None:
        self._now = now
        self._minute = minute_of(now)
        self._zones = {handle: zone_of(each.timezone) for handle, each in people.items()}
        self._shifts = {
            handle: shift_of(each.working_hours, each.timezone) for handle, each in people.items()
        }
        span = (minute_of(now - FARTHEST), minute_of(now + FARTHEST))
        self._working = {
            handle: working_spans(shift, span) for handle, shift in self._shifts.items()
        }
        self._free = dict(self._working)

    def place_now(self, parts: Sequence[Part]) -> list[tuple[Part, int]]:
        """Let the first part run whose people are at work now; at some hours there is none."""
        start = self._minute // free_time.STEP * free_time.STEP - free_time.STEP
        for part in parts:
            if start in free_time.starts(self._all_free(part), part.minutes):
                return [self._take(part, start)]
        return []

    def place_soon(self, parts: Sequence[Part]) -> tuple[Part, int]:
        """Let the part come next that can begin first."""
        first = {part: min(self._starts_ahead(part)) for part in parts}
        soonest = min(parts, key=lambda part: first[part])
        return self._take(soonest, first[soonest])

    def place_near(self, part: Part) -> tuple[Part, int]:
        """Put a part as near as can be to the day and hour that the story says."""
        day = self.working_day(part.facilitator, part.day)
        at = datetime.combine(day, time(0), self._zones[part.facilitator])
        wanted = minute_of(at + timedelta(hours=part.hour))
        starts = self._starts_past if part.ending in PAST else self._starts_ahead
        return self._take(part, min(starts(part), key=lambda start: abs(start - wanted)))

    def timed(self, part: Part, start: int) -> Timed:
        """Give a part that begins at this minute the rest of its moments."""
        starts_at = moment_of(start)
        lead = part.organizer or part.facilitator
        if part.ending is Ending.CANCELLED:
            called_off_at = self.last_at_work(lead, starts_at - CANCELLED_BEFORE)
        else:
            called_off_at = self.last_at_work(part.facilitator, self._now - INVALID_SINCE)
        return Timed(
            part=part,
            scheduled_at=self.last_at_work(lead, min(starts_at, self._now) - LEAD),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=part.minutes),
            called_off_at=called_off_at,
        )

    def working_day(self, handle: str, number: int) -> date:
        """Name a working day of somebody: 0 is today or the next one, -1 the last before it."""
        days = self._shifts[handle].days
        day = self._now.astimezone(self._zones[handle]).date()
        while day.weekday() not in days:
            day += timedelta(days=1)
        step = timedelta(days=1 if number > 0 else -1)
        for _ in range(abs(number)):
            day += step
            while day.weekday() not in days:
                day += step
        return day

    def last_at_work(self, handle: str, moment: datetime) -> datetime:
        """Give the moment itself, or the last minute before it at which somebody is at work."""
        minute = minute_of(moment)
        spans = (span for span in self._working[handle] if span[0] <= minute)
        return moment_of(min(minute, max(spans)[1] - 1))

    def working_together(self, handles: Sequence[str]) -> list[Span]:
        """List when all of these are at work."""
        return _common([self._working[each] for each in handles])

    def _all_free(self, part: Part) -> list[Span]:
        return _common([self._free[each] for each in part.people])

    def _starts_past(self, part: Part) -> list[int]:
        latest = self._minute - PAST_BY - part.minutes
        starts = free_time.starts(self._all_free(part), part.minutes)
        return [each for each in starts if each <= latest]

    def _starts_ahead(self, part: Part) -> list[int]:
        starts = free_time.starts(self._all_free(part), part.minutes)
        return [each for each in starts if each >= self._minute + AHEAD_BY]

    def _take(self, part: Part, start: int) -> tuple[Part, int]:
        for each in part.people:
            taken = [(start, start + part.minutes)]
            self._free[each] = free_time.without(self._free[each], taken)
        return part, start


def _common(lists: Sequence[list[Span]]) -> list[Span]:
    return reduce(free_time.common, lists[1:], lists[0])
