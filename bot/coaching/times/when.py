"""Typed times, understood or asked about, and never guessed: `fri 3pm`, `in 2 hours`, `9 est`.

A time is understood on the clocks of the person who typed it, unless a place is named. What can be
meant in two ways is asked; a word that is not understood is named, and nothing is read past it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final

from bot.coaching.times.places import Place, take_city, take_zone
from bot.coaching.times.spoken import (
    LENGTH,
    LONGEST_TEXT,
    SpokenDay,
    StrangeWordError,
    Words,
    ensure_nothing_left,
    length_of,
    plain,
    take_bare_hour,
    take_clock,
    take_day,
    take_part,
)
from bot.coaching.times.wording import Clocks, say_time, zone_of

MOST_CHOICES: Final = 4

_UNTIMED: Final = "At what time? Try “{} 3pm”."
_NO_TIME: Final = "I see no time in that. Try “tomorrow 3pm”, “fri 14:30” or “in 2 hours”."
_TOO_MANY: Final = "That can mean too many times. Try a date and a time, like “1 dec 3pm”."


@dataclass(frozen=True)
class Understood:
    """One moment, and how it is said back."""

    starts_at: datetime
    words: str


@dataclass(frozen=True)
class Ambiguous:
    """Two to four moments that may be meant, and the question that settles it."""

    question: str
    choices: tuple[Understood, ...]


@dataclass(frozen=True)
class NotUnderstood:
    """What could not be understood, said to the person who typed it."""

    message: str


When = Understood | Ambiguous | NotUnderstood


@dataclass(frozen=True)
class _Reading:
    """One moment that may be meant, and the day and clock on which it was asked for."""

    starts_at: datetime
    asked: datetime
    zone: str
    note: str = ""
    exact: bool = False


def read_when(text: str, *, zone: str | Clocks, now: datetime) -> When:
    """Understand a typed time for a person in a zone; ask where it can be meant in two ways."""
    clocks = zone if isinstance(zone, Clocks) else Clocks(zone)
    try:
        if len(text) > LONGEST_TEXT:
            return NotUnderstood(_NO_TIME)
        words = plain(text)
        waiting = _read_distance(words.left)
        if waiting is not None:
            starts_at = (now.astimezone(UTC) + waiting).replace(second=0, microsecond=0)
            reading = _Reading(starts_at, starts_at, clocks.zone)
            return Understood(starts_at, _say(reading, clocks, now))
        return _answer(_read_clocks(words, clocks.zone, now), clocks, now)
    except StrangeWordError as strange:
        return NotUnderstood(str(strange))
    except (OverflowError, ValueError):  # the calendar ends in the years 1 and 9999
        return NotUnderstood("That date is beyond the calendar.")


def _read_distance(said: str) -> timedelta | None:
    found = re.fullmatch(rf"(?P<lead>in )?{LENGTH}(?P<tail> from now)?", said, re.ASCII)
    if found is None or bool(found["lead"]) == bool(found["tail"]):
        return None
    return timedelta(minutes=length_of(found))


def _read_clocks(words: Words, zone: str, now: datetime) -> list[_Reading]:
    clock = take_clock(words)
    places = take_zone(words) if clock else ()
    rest = words.left
    day = take_day(words, now.astimezone(zone_of(zone)).date())
    if clock is None and day is not None:
        clock = take_bare_hour(words)
    minutes = take_part(words, clock)
    places = places or take_city(words)
    ensure_nothing_left(words)
    if not minutes:
        take_part(timeless := Words(rest), None)
        raise StrangeWordError(_UNTIMED.format(timeless.left) if day else _NO_TIME)
    readings: list[_Reading] = []
    for place in places or (Place(zone),):
        days = _days_for(place, day, Words(rest), zone, now)
        readings += [each for minute in minutes for each in _read_at(place, days, minute, now)]
    return readings


def _days_for(
    place: Place, day: SpokenDay | None, rest: Words, zone: str, now: datetime
) -> SpokenDay | None:
    """Give the days meant; where the place's calendar is on another day, by either calendar."""
    if day is None or place.zone == zone:
        return day
    there = take_day(rest, now.astimezone(_clocks_of(place)).date())
    dates = {*day.dates, *(there.dates if there else ())}
    return replace(day, dates=tuple(sorted(dates)))


def _clocks_of(place: Place) -> tzinfo:
    return zone_of(place.zone) if place.hours is None else timezone(timedelta(hours=place.hours))


def _read_at(place: Place, day: SpokenDay | None, minute: int, now: datetime) -> list[_Reading]:
    """Read a time of day on the days meant; without a day, the next such time is meant."""
    if day is not None:
        found = [each for one in day.dates for each in _resolve(place, one, minute)]
        if day.exact:
            return [replace(each, exact=True) for each in found]
        ahead = [each for each in found if each.starts_at > now]
        return ahead if ahead or not day.given else found
    today = now.astimezone(_clocks_of(place)).date()
    for one in (today + timedelta(days=days) for days in range(-1, 3)):
        found = [each for each in _resolve(place, one, minute) if each.starts_at > now]
        if found:
            return found
    return []


def _resolve(place: Place, day: date, minute: int) -> Iterator[_Reading]:
    """Give the moments at which the place's clocks show that time: none, one or two of them."""
    asked = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    clocks, own = _clocks_of(place), zone_of(place.zone)
    yield from _on_clocks(asked, clocks, place.zone)
    there = asked.replace(tzinfo=clocks)
    if place.zone != "UTC" and there.astimezone(own).utcoffset() != there.utcoffset():
        # `9 est` in summer: the name says one time, the clocks of New York another.
        yield from _on_clocks(asked, own, place.zone)


def _on_clocks(asked: datetime, clocks: tzinfo, zone: str) -> Iterator[_Reading]:
    first, second = (asked.replace(tzinfo=clocks, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        yield _Reading(first.astimezone(UTC), asked, zone)
        return
    clock = say_time(asked.replace(tzinfo=UTC), "UTC")
    repeated = first.astimezone(UTC) < second.astimezone(UTC)
    before, after = (
        (
            f"the first {clock}, before the clocks go back",
            f"the second {clock}, after the clocks go back",
        )
        if repeated
        else ("before the clocks go forward", "after the clocks go forward")
    )
    moments = sorted((first.astimezone(UTC), second.astimezone(UTC)))
    yield _Reading(moments[0], asked, zone, before)
    yield _Reading(moments[1], asked, zone, after)


def _answer(readings: Sequence[_Reading], clocks: Clocks, now: datetime) -> When:
    by_moment = {each.starts_at: each for each in reversed(readings)}
    ahead = {at: each for at, each in by_moment.items() if at > now or each.exact} or by_moment
    left = [ahead[at] for at in sorted(ahead)]
    if not left:
        return NotUnderstood(_NO_TIME)
    if len(left) > MOST_CHOICES:
        return NotUnderstood(_TOO_MANY)
    choices = tuple(Understood(each.starts_at, _say(each, clocks, now)) for each in left)
    return choices[0] if len(choices) == 1 else Ambiguous(_question(left), choices)


def _question(readings: Sequence[_Reading]) -> str:
    if len({each.zone for each in readings}) > 1:
        return "Which time zone do you mean?"
    if len({each.asked for each in readings}) == 1:
        return _ask_about_clocks(readings[0])
    clocks = {each.asked.time() for each in readings}
    if len(clocks) == 1:
        return "Which day do you mean?"
    if len(clocks) == len(readings):
        return "In the morning or in the afternoon?"
    return "Which of these do you mean?"


def _ask_about_clocks(reading: _Reading) -> str:
    clock = say_time(reading.asked.replace(tzinfo=UTC), "UTC")
    if reading.note.endswith("forward"):
        return f"The clocks go forward past {clock} that day. Before or after?"
    if reading.note:
        return f"The clocks go back that day, so {clock} comes twice. Which one?"
    return "By the short name or by the clocks of the place?"


def _say(reading: _Reading, clocks: Clocks, now: datetime) -> str:
    """Say a moment on the person's clocks, then on the named place's where they differ."""
    local = reading.starts_at.astimezone(zone_of(clocks.zone))
    year = "" if local.year == now.astimezone(zone_of(clocks.zone)).year else f" {local.year}"
    said = f"{local:%a} {local.day} {local:%b}{year} at {say_time(reading.starts_at, clocks)}"
    there = reading.starts_at.astimezone(zone_of(reading.zone))
    notes = [reading.note] if reading.note else []
    if there.utcoffset() != local.utcoffset():
        clock = say_time(reading.starts_at, Clocks(reading.zone, clocks.hours))
        notes.insert(0, f"{clock} {_say_zone(reading.zone)}")
    aside = f" ({'; '.join(notes)})" if notes else ""
    return f"{said}, {_say_zone(clocks.zone)}{aside}"


def _say_zone(zone: str) -> str:
    name = str(zone_of(zone)).removeprefix("Etc/")
    return "UTC" if name == "UTC" else f"{name.rpartition('/')[2].replace('_', ' ')} time"
