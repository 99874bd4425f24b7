"""When nothing that can wait is said: hours of the night on a person's own clocks."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from bot.coaching.wording import zone_of

LONGEST_WAIT_DAYS = 9
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
    for _ in range(LONGEST_WAIT_DAYS):
        if quiet is None or not quiet.covers(moment.astimezone(where).time()):
            break
        moment = _end_after(moment, quiet.ends, where)
    return moment


def on_clocks(day_and_time: datetime, zone: tzinfo) -> datetime:
    """Give the moment at which clocks show this; the first of two, and one skipped just after."""
    return day_and_time.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _end_after(moment: datetime, ends: time, zone: tzinfo) -> datetime:
    """Give the next moment at which clocks show the end, the second time too where it is passed."""
    today = moment.astimezone(zone).date()
    shown = (
        datetime.combine(today + timedelta(days=days), ends, zone).replace(fold=fold)
        for days in (0, 1, 2)
        for fold in (0, 1)
    )
    return min(each for each in (one.astimezone(UTC) for one in shown) if each > moment)
