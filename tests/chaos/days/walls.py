"""What clocks on people's walls say: the model's own arithmetic, one minute after the other."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Night:
    """When somebody wants to hear of nothing that can wait."""

    begins: time
    ends: time

    def covers(self, clock: time) -> bool:
        """Answer whether it is quiet when the wall clock shows this."""
        if self.begins < self.ends:
            return self.begins <= clock < self.ends
        return not self.ends <= clock < self.begins


@lru_cache(maxsize=100_000)
def loud(moment: datetime, night: Night | None, zone: str) -> datetime:
    """Wait minute by minute until it is quiet no more."""
    where = ZoneInfo(zone)
    while night and night.covers(moment.astimezone(where).time()):
        moment = moment.replace(second=0, microsecond=0) + MINUTE
    return moment


def local_day(moment: datetime, zone: str) -> date:
    """Give the date on somebody's calendar."""
    return moment.astimezone(ZoneInfo(zone)).date()


def shown(day: date, clock: time, zone: str) -> datetime:
    """Give the moment at which the clocks of a place show this."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def next_morning(after: datetime, workdays: Set[int], clock: time, zone: str) -> datetime:
    """Give this time of day on the next day of work."""
    day = local_day(after, zone) + DAY
    while day.weekday() not in workdays:
        day += DAY
    return shown(day, clock, zone)
