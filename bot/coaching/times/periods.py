"""Typed spans of days, understood or answered by a sentence: `last week`, `1 dec - 12 dec`.

A period is whole days on the clocks of the person who typed it. Nothing is guessed: a date that
can be meant in two ways is asked for in figures, and a word that says no day is named.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from bot.coaching.times.spoken import (
    LONGEST_TEXT,
    StrangeWordError,
    Words,
    ensure_nothing_left,
    plain,
    take_day,
)
from bot.coaching.times.when import NotUnderstood
from bot.coaching.times.wording import local_time, zone_of
from storage.filters import Interval

EXAMPLES: Final = "Try “last week”, “this month”, “last 30 days” or “1 dec - 12 dec”."
_NO_PERIOD: Final = f"I see no days in that. {EXAMPLES}"
_UNKNOWN: Final = "I do not know"
_TWO_WAYS: Final = "I can read “{}” in two ways. Please write the date like {}."
_BACKWARDS: Final = "That ends before it begins. Please write the earlier day first."
_BEYOND: Final = "That is beyond the calendar."
_MOST_DAYS: Final = 3660

_WEEKDAYS: Final = "mon tue wed thu fri sat sun".split()
_WEEKDAY: Final = "mon|tue|wed|thu|fri|sat|sun"
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_SPAN: Final = (
    r"(?:(?P<which>this|next|last|previous|current) )?(?P<unit>week|month|year)"
    r"|(?:the )?(?P<way>next|last|past) (?P<count>\d{1,3}) (?P<units>day|week|month)s?"
)
_SHORT_RANGES: Final = (
    rf"(?P<one>\d{{1,2}}) ?- ?(?P<two>\d{{1,2}}) {_MONTH}(?: (?P<year>\d{{4}}))?",
    rf"{_MONTH} (?P<one>\d{{1,2}}) ?- ?(?P<two>\d{{1,2}})(?: (?P<year>\d{{4}}))?",
)
_BETWEEN: Final = r" (?:-|to|until|till|through) |(?<=[a-z])-(?=\d)|(?<=\d)-(?=[a-z])"
_DATES: Final = r"(\d{4}-\d{1,2}-\d{1,2}) ?[-/] ?(\d{4}-\d{1,2}-\d{1,2})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days, the first and the last among them, on the clocks of a zone."""

    first: date
    last: date
    zone: str
    words: str
    """The days as people say them: `Mon 23 – Sun 29 Nov`."""

    @property
    def interval(self) -> Interval:
        """The moments of these days, from midnight to midnight."""
        after = self.last + timedelta(days=1)
        return Interval(
            starts_at=_midnight(self.first, self.zone), ends_at=_midnight(after, self.zone)
        )

    @property
    def text(self) -> str:
        """The days in figures, as they can be read again: `2026-11-23..2026-11-29`."""
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


def read_period(text: str, *, zone: str, now: datetime) -> Period | NotUnderstood:
    """Understand typed days for a person in a zone; say what to write where that cannot be."""
    try:
        if len(text) > LONGEST_TEXT:
            return NotUnderstood(_NO_PERIOD)
        today = local_time(now, zone).date()
        first, last = _read(_plain(text), today)
        if first > last:
            return NotUnderstood(_BACKWARDS)
        return period_of(first, last, zone=zone, now=now)
    except StrangeWordError as strange:
        message = str(strange)
        return NotUnderstood(f"{message} {EXAMPLES}" if message.startswith(_UNKNOWN) else message)
    except (OverflowError, ValueError):  # the calendar ends in the years 1 and 9999
        return NotUnderstood(_BEYOND)


def period_of(first: date, last: date, *, zone: str, now: datetime) -> Period:
    """Give these days as a period. Raises OverflowError at the ends of the calendar."""
    if (last - first).days > _MOST_DAYS:
        raise OverflowError
    words = say_days(first, last, local_time(now, zone).year)
    period = Period(first=first, last=last, zone=zone, words=words)
    period.interval  # noqa: B018  one that has no midnights is no period
    return period


def weeks_of(period: Period, now: datetime) -> tuple[Period, ...]:
    """Divide a period into its weeks, Monday first; the outer ones may be shorter."""
    found, first = [], period.first
    while first <= period.last:
        last = min(first + timedelta(days=6 - first.weekday()), period.last)
        found.append(period_of(first, last, zone=period.zone, now=now))
        first = last + timedelta(days=1)
    return tuple(found)


def say_days(first: date, last: date, year: int) -> str:
    """Say days from the first to the last: `Mon 23 – Sun 29 Nov`, with a year that is another."""
    ending = "" if first.year == last.year == year else f" {last.year}"
    end = f"{last:%a} {last.day} {last:%b}{ending}"
    if first == last:
        return end
    start = f"{first:%a} {first.day}"
    if (first.year, first.month) != (last.year, last.month):
        start += f" {first:%b}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"{start} – {end}"


def _midnight(day: date, zone: str) -> datetime:
    """Give the moment at which a day begins; where clocks skip midnight, when they do."""
    return datetime.combine(day, time(0), zone_of(zone)).astimezone(UTC)


def _plain(text: str) -> str:
    said = plain(re.sub(r"\.{2,3}|…|–|—", " - ", text)).left
    return re.sub(r"^(?:from|in|during|for) (?!\d+ days)", "", said)


def _read(said: str, today: date) -> tuple[date, date]:
    if found := re.fullmatch(_SPAN, said, re.ASCII):
        if found["unit"]:
            return _whole(found["unit"], found["which"], today)
        return _counted(found["way"], int(found["count"]), found["units"], today)
    if found := re.fullmatch(rf"{_MONTH}(?: (?P<year>\d{{4}}))?", said, re.ASCII):
        return _named_month(found, today)
    ends = _ends(said)
    if len(ends) > 2:
        raise StrangeWordError(_NO_PERIOD)
    return _range(ends[0], ends[-1], today)


def _ends(said: str) -> list[str]:
    """Give the words for the first and for the last day; the same ones once for a single day."""
    if found := re.fullmatch(_DATES, said, re.ASCII):
        return [found[1], found[2]]
    for pattern in _SHORT_RANGES:
        if found := re.fullmatch(pattern, said, re.ASCII):
            rest = f"{found['month']} {found['year'] or ''}"
            return [f"{found['one']} {rest}", f"{found['two']} {rest}"]
    return re.split(_BETWEEN, said)


def _whole(unit: str, which: str | None, today: date) -> tuple[date, date]:
    step = {"next": 1, "last": -1, "previous": -1}.get(which or "", 0)
    if unit == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return first, first + timedelta(days=6)
    if unit == "month":
        return _month(today.year, today.month + step)
    return date(today.year + step, 1, 1), date(today.year + step, 12, 31)


def _month(year: int, month: int) -> tuple[date, date]:
    """Give the days of a month; the thirteenth is the first of the year after."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _counted(way: str, count: int, unit: str, today: date) -> tuple[date, date]:
    """Count whole days with today among them, backwards or forwards."""
    if not count:
        raise StrangeWordError(_NO_PERIOD)
    back = way != "next"
    end = _STEPS[unit](today, -count if back else count)
    one = timedelta(days=1)
    return (end + one, today) if back else (today, end - one)


def _months_away(today: date, count: int) -> date:
    first, last = _month(today.year, today.month + count)
    return first.replace(day=min(today.day, last.day))


def _named_month(found: re.Match[str], today: date) -> tuple[date, date]:
    """Give the month that was named: of the year that was named, or the nearest."""
    number = _MONTHS.index(found["month"][:3]) + 1
    if found["year"]:
        return _month(int(found["year"]), number)
    years = (today.year + each for each in (-1, 0, 1))
    year = min(years, key=lambda each: abs(date(each, number, 15) - today))
    return _month(year, number)


def _range(one: str, two: str, today: date) -> tuple[date, date]:
    """Give the days from one to the other; `dec - jan` and `fri - mon` go on past the turn."""
    first, last = _day(one, today), _day(two, today)
    if first > last and not re.search(r"\d{4}", two):
        if re.search(_MONTH, two) and (first.month != last.month or first.day <= last.day):
            last = _existing(last.year + 1, last)
        elif re.match(_WEEKDAY, two):
            last = _day(two, first)
    return first, last


def _existing(year: int, day: date) -> date:
    """Give the same day of another year; the last of February for one that is not there."""
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _day(said: str, today: date) -> date:
    if found := re.fullmatch(rf"(?:last|past) ({_WEEKDAY})\w*", said):
        back = (today.weekday() - _WEEKDAYS.index(found[1])) % 7 or 7
        return today - timedelta(days=back)
    words = Words(said.strip())
    day = take_day(words, today)
    if day is None:
        if re.search(r"[^\W\d_]", said):
            ensure_nothing_left(words)
        raise StrangeWordError(_NO_PERIOD)
    ensure_nothing_left(words)
    if len(day.dates) > 1 and (day.exact or "next" in said):
        raise StrangeWordError(_TWO_WAYS.format(said.strip()[:40], _in_figures(day.dates)))
    return day.dates[0]


def _in_figures(dates: tuple[date, ...]) -> str:
    shown = [each.isoformat() for each in dates]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


_STEPS: Final[Mapping[str, Callable[[date, int], date]]] = MappingProxyType(
    {
        "day": lambda today, count: today + timedelta(days=count),
        "week": lambda today, count: today + timedelta(weeks=count),
        "month": _months_away,
    }
)
