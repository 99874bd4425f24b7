"""When somebody works, as spans of whole minutes since 1970: what their wall clock says, exactly.

Where clocks are put forward or back during working hours, a shift is shorter or longer by that.
"""

import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from bot.coaching.times.free_time import Span, common, merged
from bot.coaching.times.wording import zone_of

MINUTE = timedelta(minutes=1)
EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  wall clocks are counted from it as well
FARTHEST_WEST, FARTHEST_EAST = -15 * 60, 15 * 60


@dataclass(frozen=True, slots=True)
class Shift:
    """Days of the week, Monday is 0, and hours of the day, in a zone."""

    days: frozenset[int]
    opens: time
    closes: time
    zone: str


def shift_of(working_hours: Mapping[str, Any] | None, zone: str) -> Shift:
    """Read a person's working hours; who has none works Monday to Friday, 09:00 to 17:00."""
    hours = working_hours or {"days": range(5), "from": "09:00", "to": "17:00"}
    opens, closes = (time.fromisoformat(hours[each]) for each in ("from", "to"))
    return Shift(frozenset(hours["days"]), opens, closes, zone)


def minute_of(moment: datetime) -> int:
    """Count the whole minutes from 1970 to an aware moment."""
    return (moment.astimezone(UTC).replace(tzinfo=None) - EPOCH) // MINUTE


def minute_after(moment: datetime) -> int:
    """Count the minutes from 1970 to an aware moment; a minute that has begun counts whole."""
    return -((EPOCH - moment.astimezone(UTC).replace(tzinfo=None)) // MINUTE)


def moment_of(minute: int) -> datetime:
    """Give the moment, in UTC, that many minutes after 1970."""
    return (EPOCH + minute * MINUTE).replace(tzinfo=UTC)


def working_spans(shift: Shift, span: Span) -> list[Span]:
    """List when somebody works within a span."""
    zone = zone_of(shift.zone)
    worked = (
        each for day in _days(span) if day.weekday() in shift.days for each in _on(day, shift, zone)
    )
    return common(merged(worked), [span])


def _days(span: Span) -> Iterator[date]:
    """Name every day that some wall clock shows within a span."""
    day = moment_of(span[0] + FARTHEST_WEST).date()
    last = moment_of(span[1] + FARTHEST_EAST).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _on(day: date, shift: Shift, zone: tzinfo) -> list[Span]:
    opens, closes = (
        (datetime.combine(day, each) - EPOCH) // MINUTE for each in (shift.opens, shift.closes)
    )
    around = range(opens - FARTHEST_EAST, closes - FARTHEST_WEST)
    before, after = _offset(around[0], zone), _offset(around[-1], zone)
    if before == after:
        return [(opens - before, closes - before)]
    change = around[bisect.bisect(around, False, key=lambda each: _offset(each, zone) != before)]
    return [
        (opens - before, min(closes - before, change)),
        (max(opens - after, change), closes - after),
    ]


def _offset(minute: int, zone: tzinfo) -> int:
    """Tell by how many minutes a zone's clocks are ahead of UTC."""
    offset = moment_of(minute).astimezone(zone).utcoffset() or timedelta(0)
    return offset // MINUTE
