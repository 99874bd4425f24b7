"""Moments and spans of time as the contract writes them (contract, section 2)."""

import re
from datetime import UTC, datetime
from typing import Final

from bot.coaching import Interval, Invalid

# A "+" that nobody encoded has become a blank by the time a query string is read.
MOMENT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})"
    r"(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(Z|z|[+\- ]\d{2}:?\d{2})?)?",
    re.ASCII,
)
NOT_A_MOMENT: Final = "Please write a date and time like 2026-03-02T15:30:00.000Z."
NOT_AN_INTERVAL: Final = (
    "Please write an interval like 2026-03-02T00:00:00.000Z/2026-03-09T00:00:00.000Z."
)


def write_instant(moment: datetime) -> str:
    """Write a moment in UTC with milliseconds: `2026-03-02T15:30:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def write_interval(interval: Interval) -> str:
    """Write a span as `start/end`."""
    return f"{write_instant(interval.starts_at)}/{write_instant(interval.ends_at)}"


def read_instant(text: str, field: str) -> datetime:
    """Read a moment; without a zone it is in UTC. Raises Invalid `invalid.date`."""
    found = MOMENT.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        day, time, zone = found.groups()
        moment = datetime.fromisoformat(f"{day}T{time or '00:00'}{_offset(zone)}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(NOT_A_MOMENT, code="invalid.date", field=field) from None


def read_interval(text: str, field: str, *, code: str = "invalid.value") -> Interval:
    """Read `start/end`. Raises Invalid: `invalid.date`, or the code for what is no interval."""
    start, slash, end = text.partition("/")
    if not slash:
        raise Invalid(NOT_AN_INTERVAL, code=code, field=field)
    return Interval(starts_at=read_instant(start, field), ends_at=read_instant(end, field))


def _offset(zone: str | None) -> str:
    if zone is None or zone in "Zz":
        return "+00:00"
    return zone.replace(" ", "+")
