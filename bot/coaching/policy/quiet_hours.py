"""When nothing that can wait is said: hours of the night on a person's own clocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.coaching.times.wording import zone_of

MOST_STEPS = 30
"""Clocks that skip the hours between two nights, or a whole day, make a night longer."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day to another, past midnight where the second is the earlier."""

    begins: time
    ends: time

    def covers(self, clock: time) -> bool:
        """Answer whether it is quiet when the wall clock shows this time."""
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


def first_loud(moment: datetime, quiet: QuietHours | None, zone: str) -> datetime:
    """Give the moment itself, or the end of the quiet hours in which it lies."""
    where = zone_of(zone)
    for _ in range(MOST_STEPS):
        if quiet is None or not quiet.covers(moment.astimezone(where).time()):
            break
        moment = _end_after(moment, quiet.ends, where)
    return moment


def on_clocks(day_and_time: datetime, zone: tzinfo) -> datetime:
    """Give the moment at which clocks show this; the first of two, and one skipped just after."""
    return day_and_time.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _end_after(moment: datetime, ends: time, zone: tzinfo) -> datetime:
    """Give the next moment at which quiet may end: clocks show its end, or are put to another time.

    An end that is shown twice counts both times.
    """
    today = moment.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in (0, 1, 2)]
    shown = (
        datetime.combine(day, ends, zone).replace(fold=fold).astimezone(UTC)
        for day in days
        for fold in (0, 1)
    )
    changes = (each for day in days for each in _change_on(day, zone))
    return min(each for each in (*shown, *changes) if each > moment)


def _change_on(day: date, zone: tzinfo) -> Iterator[datetime]:
    """Give the second of a day at which the clocks of a zone are put forward or back."""
    before = datetime.combine(day, time(0), zone).astimezone(UTC)
    after = before + timedelta(hours=25)
    offset = before.astimezone(zone).utcoffset()
    if after.astimezone(zone).utcoffset() == offset:
        return
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    yield after.replace(microsecond=0)
