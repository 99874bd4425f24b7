"""What the words of a typed time say: every word is accounted for, or the first stranger is named.

Nothing is decided here. Where words can be meant in two ways, both are kept: `bot.coaching.when`
drops what cannot be meant and asks about the rest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from dateutil import parser

LONGEST_TEXT: Final = 200
DAY_MINUTES: Final = 24 * 60
CLOCK: Final = "§"  # stands where the time of day stood

_WEEKDAYS: Final = "mon tue wed thu fri sat sun".split()
_WEEKDAY: Final = (
    r"mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?"
)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY: Final = r"\d{1,2}(?:st|nd|rd|th)?"
_NAMED_DATE: Final = rf"(?:{_DAY} (?:of )?{_MONTH}|{_MONTH} (?:the )?{_DAY})\b(?: \d{{4}}\b)?"
_NUMERIC_DATE: Final = (
    r"(?P<iso>\d{4}([-/])\d{1,2}\2\d{1,2})(?=$|[ t])"
    r"|(?P<one>\d{1,2})([-/.])(?P<two>\d{1,2})\4(?P<year>\d{4}|\d{2})(?=$| )"
    r"|(?P<first>\d{1,2})/(?P<second>\d{1,2})(?=$| )"
)
_CLOCKS: Final = (
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap])\.?m\b\.?",
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?(?![\d:])",
    r"(?P<hour>\d{1,2}) ?o['’]?clock\b",
    r"(?<=\bat )(?P<hour>\d{1,2})(?=$| )",
    r"\b(?P<word>noon|midday|midnight)\b",
)
_PARTS: Final = {
    "morning": range(1, 12 * 60),
    "afternoon": range(12 * 60, 19 * 60),
    "evening": range(16 * 60, DAY_MINUTES),
    "night": range(18 * 60, DAY_MINUTES + 1),
}
_COUNT: Final = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0}
LENGTH: Final = (
    r"(?:(?P<half>(?:a )?half (?:an )?hour|half-hour)|(?P<more>an hour and a half)"
    r"|(?P<hours>\d{1,2}(?:\.\d{1,2})?|an?|one|two|three) ?(?:hours?|hrs?|h)(?![a-z])"
    r"(?:,? ?(?:and )?(?P<rest>\d{1,3}) ?(?:minutes?|mins?|m)(?![a-z]))?"
    r"|(?P<minutes>\d{1,4}) ?-?(?:minutes?|mins?|m)(?![a-z]))(?!\w)"
)
_FILLERS: Final = frozenset("at on the".split())


class StrangeWordError(ValueError):
    """A word, or words together, that say no time; the message is for people."""


@dataclass(frozen=True)
class SpokenDay:
    """The days that may be meant; `given` when the words fix them even if they have passed.

    `exact` when they are dates in figures, of which none is dropped for having passed.
    """

    dates: tuple[date, ...]
    given: bool
    exact: bool = False


@dataclass(frozen=True)
class SpokenClock:
    """The minutes after midnight that may be meant, and the one that is if nothing else is said."""

    minutes: tuple[int, ...]
    usual: int | None = None


@dataclass
class Words:
    """The words of a typed time, of which each reading takes its part away."""

    left: str

    def take(self, pattern: str, mark: str = " ") -> re.Match[str] | None:
        """Take away the first place where the pattern stands."""
        found = re.search(rf"(?<![\w:/.+-])(?:{pattern})", self.left, re.ASCII)
        if found:
            left = f"{self.left[: found.start()]}{mark}{self.left[found.end() :]}"
            self.left = " ".join(left.split())
        return found


def plain(text: str) -> Words:
    """Give the words of a text in one case, with single blanks and no punctuation around them."""
    text = text.replace(CLOCK, "?").casefold().replace("tonight", "today night")
    text = re.sub(r"[,;()]|[.:!?](?=\s|$)|(?<=\d)t(?=\d)", " ", text)
    return Words(" ".join(text.split()))


def take_clock(words: Words) -> SpokenClock | None:
    """Take the time of day away; none if unsaid."""
    found = next(filter(None, (words.take(clock, f" {CLOCK} ") for clock in _CLOCKS)), None)
    if found is None:
        return None
    groups = found.groupdict()
    if "word" in groups:
        midnight = groups["word"] == "midnight"
        return SpokenClock((0, DAY_MINUTES) if midnight else (DAY_MINUTES // 2,))
    return _clock(groups["hour"], groups.get("minute"), groups.get("half"))


def take_bare_hour(words: Words) -> SpokenClock | None:
    """Take a lone number away as the hour, as in `fri 3`; none if there is no number."""
    found = words.take(r"(?P<hour>\d{1,2})(?=$| )", f" {CLOCK} ")
    if found is None:
        return None
    if not 1 <= int(found["hour"]) <= 12:
        raise StrangeWordError(f"I do not know what “{found['hour']}” means there.")
    return _clock(found["hour"], None, None)


def _clock(hour: str, minute: str | None, half: str | None) -> SpokenClock:
    hours, rest = int(hour), int(minute or 0)
    if hours > (12 if half else 23) or rest > 59 or (half and not hours):
        raise StrangeWordError(f"There is no time {hour}{f':{minute}' if minute else ''}.")
    if half:
        return SpokenClock(((hours % 12 + (12 if half == "p" else 0)) * 60 + rest,))
    written = hours * 60 + rest
    if hours == 0 or hours > 12 or hour[0] == "0":
        return SpokenClock((written,))
    both = (hours % 12 * 60 + rest, (hours % 12 + 12) * 60 + rest)
    return SpokenClock(both, usual=written if hours >= 9 or (minute and hours >= 7) else None)


def take_part(words: Words, clock: SpokenClock | None) -> tuple[int, ...]:
    """Take `in the morning` and the like away, and give the minutes of the day still possible."""
    found = words.take(r"(?:in the |at )?(morning|afternoon|evening|night)\b")
    if clock is None:
        return ()
    if found is None:
        return clock.minutes if clock.usual is None else (clock.usual,)
    kept = tuple(each for each in clock.minutes if each in _PARTS[found[1]])
    if not kept:
        raise StrangeWordError(f"That time is not in the {found[1]}. Say it with am or pm.")
    return kept


def take_day(words: Words, today: date) -> SpokenDay | None:
    """Take away the day, as the dates it may be; none if unsaid."""
    dates = next(filter(None, (take(words, today) for take in _TAKES)), None)
    weekday = words.take(rf"(?:on )?(?:(?P<which>next|this|coming) )?(?P<name>{_WEEKDAY})\b")
    if weekday is None:
        return SpokenDay(dates, given=True, exact=len(dates) > 1) if dates else None
    number = _WEEKDAYS.index(weekday["name"][:3])
    if dates is None:
        return SpokenDay(_coming(number, today, weekday["which"]), given=False)
    agreed = tuple(each for each in dates if each.weekday() == number)
    if not agreed or weekday["which"]:
        raise StrangeWordError(f"{_say(dates[0])} is not “{weekday[0].strip()}”.")
    return SpokenDay(agreed, given=True)


def _coming(number: int, today: date, which: str | None) -> tuple[date, ...]:
    ahead = (number - today.weekday()) % 7
    first, week = today + timedelta(days=ahead), timedelta(days=7)
    if which != "next":
        return (first,) if ahead else (first, first + week)
    # Weeks begin on Monday for some and on Sunday for others.
    mondays = today + timedelta(days=7 - today.weekday() + number)
    sundays = today + timedelta(days=7 - (today.weekday() + 1) % 7 + (number + 1) % 7)
    return tuple(sorted({first if ahead else first + week, mondays, sundays}))


def _take_near(words: Words, today: date) -> tuple[date, ...]:
    found = words.take(
        r"(?:day after tomorrow|today|tomorrow|tmrw?|yesterday)\b"
        r"|this(?= (?:morning|afternoon|evening)\b)"
    )
    if found is None:
        return ()
    days = {"this": 0, "toda": 0, "day ": 2, "yest": -1}.get(found[0][:4], 1)
    return (today + timedelta(days=days),)


def _take_distance(words: Words, today: date) -> tuple[date, ...]:
    found = words.take(r"in (\d{1,3}|an?|two|three) (day|week)s?\b")
    if found is None:
        return ()
    number = {"a": 1, "an": 1, "two": 2, "three": 3}.get(found[1]) or int(found[1])
    return (today + timedelta(days=number * (7 if found[2] == "week" else 1)),)


def _take_named(words: Words, today: date) -> tuple[date, ...]:
    found = words.take(_NAMED_DATE)
    if found is None:
        return ()
    said = found[0].replace("the ", "")
    try:  # what differs between the two was filled in, not said
        one, two = (parser.parse(said, default=datetime(year, 1, 1)) for year in (2000, 2004))  # noqa: DTZ001
    except (ValueError, OverflowError):
        raise StrangeWordError(f"There is no date “{found[0]}”.") from None
    if one.year == two.year:
        return (one.date(),)
    return tuple(_nearest(one.month, one.day, today))


def _take_numeric(words: Words, today: date) -> tuple[date, ...]:
    found = words.take(_NUMERIC_DATE)
    if found is None:
        return ()
    if found["iso"]:
        years, months, days = map(int, re.split(r"[-/]", found["iso"]))
        dates = set(_existing(years, months, days))
    else:
        dates = set(_both_orders(found, today))
    if not dates:
        raise StrangeWordError(f"There is no date “{found[0]}”.")
    return tuple(sorted(dates))


def _both_orders(found: re.Match[str], today: date) -> Iterator[date]:
    one, two = int(found["one"] or found["first"]), int(found["two"] or found["second"])
    for month, day in ((one, two), (two, one)):
        if found["year"]:
            year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
            yield from _existing(year, month, day)
        else:
            yield from _nearest(month, day, today)


def _nearest(month: int, day: int, today: date) -> list[date]:
    years = range(today.year - 4, today.year + 5)
    found = [each for year in years for each in _existing(year, month, day)]
    return sorted(found, key=lambda each: abs(each - today))[:1]


def _existing(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _say(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


_TAKES: Final = (_take_numeric, _take_named, _take_near, _take_distance)


def ensure_nothing_left(words: Words) -> None:
    """Refuse the first word that said nothing about a time."""
    left = [each for each in words.left.split() if each not in _FILLERS and each != CLOCK]
    if left:
        raise StrangeWordError(f"I do not know what “{left[0][:40]}” means there.")


def read_length(text: str) -> int | None:
    """Understand a typed length, in minutes: `for 30m`, `1h`, `half an hour`."""
    if len(text) > LONGEST_TEXT:
        return None
    found = re.fullmatch(rf"(?:for )?{LENGTH}", plain(text).left, re.ASCII)
    return length_of(found) or None if found else None


def length_of(found: re.Match[str]) -> int:
    """Give the minutes of a length that was found."""
    if found["half"] or found["more"]:
        return 30 if found["half"] else 90
    if found["minutes"]:
        return int(found["minutes"])
    hours = _COUNT.get(found["hours"].casefold()) or float(found["hours"])
    return round(hours * 60) + int(found["rest"] or 0)
