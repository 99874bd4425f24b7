"""How times, lengths and names are said to people: short, warm, plain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage.records import Person


def zone_of(name: str) -> tzinfo:
    """Give the zone of an IANA name; UTC for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_zone(name: str) -> bool:
    """Answer whether there is a zone of that IANA name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks that somebody reads: their zone, and whether they show 12 hours or 24."""

    zone: str
    hours: int | None = None


def clocks_of(person: Person) -> Clocks:
    """Give the clocks that a person reads, as they chose."""
    return Clocks(person.timezone, person.hours)


def local_time(moment: datetime, zone: str | Clocks) -> datetime:
    """Give the moment on the clocks of a zone; unchanged at the very ends of the calendar."""
    try:
        return moment.astimezone(zone_of(zone.zone if isinstance(zone, Clocks) else zone))
    except OverflowError:
        return moment


def say_time(moment: datetime, zone: str | Clocks) -> str:
    """Say the time of day: `3:05 pm`, or `15:05` to those who chose it."""
    local = local_time(moment, zone)
    if isinstance(zone, Clocks) and zone.hours == 24:
        return f"{local:%H:%M}"
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def say_day(moment: datetime, zone: str | Clocks, now: datetime) -> str:
    """Say the day: `today`, `tomorrow`, `Mon 23 Nov`, with the year when it is another."""
    day, today = local_time(moment, zone).date(), local_time(now, zone).date()
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    return say_date(moment, zone, now) if near is None else near


def say_date(moment: datetime, zone: str | Clocks, now: datetime) -> str:
    """Say the date, however near: `Mon 23 Nov`, with the year when it is another."""
    day, today = local_time(moment, zone).date(), local_time(now, zone).date()
    said = f"{day:%a} {day.day} {day:%b}"
    return said if day.year == today.year else f"{said} {day.year}"


def say_when(moment: datetime, zone: str | Clocks, now: datetime) -> str:
    """Say a moment: `tomorrow at 3:05 pm`."""
    return f"{say_day(moment, zone, now)} at {say_time(moment, zone)}"


def say_length(minutes: int) -> str:
    """Say a length: `30 minutes`, `1 hour`."""
    if minutes % 60 == 0:
        return counted(minutes // 60, "hour")
    return counted(minutes, "minute")


def say_until(span: timedelta) -> str:
    """Say how long until something: `in 10 minutes`, `in 1 hour`, `in 2 days`."""
    minutes = max(round(span.total_seconds() / 60), 0)
    if minutes == 0:
        return "now"
    if minutes < 90:
        return f"in {say_length(minutes)}"
    hours = round(minutes / 60)
    return f"in {counted(hours, 'hour')}" if hours < 48 else f"in {counted(hours // 24, 'day')}"


def counted(number: int, noun: str) -> str:
    """Say a number of things: `1 hour`, `2 hours`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def joined(names: Sequence[str]) -> str:
    """Say a list of names: `Ann`, `Ann and Bo`, `Ann, Bo and Cy`, and from five on a count."""
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def quoted(name: str, limit: int = 60) -> str:
    """Quote a session's name, clipped to what reads well inside a sentence."""
    return f"“{name}”" if len(name) <= limit else f"“{name[: limit - 1].rstrip()}…”"
