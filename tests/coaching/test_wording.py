"""Times, lengths and names as they are said to people."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.coaching.times import wording

ANY_MOMENT = st.datetimes(timezones=st.one_of(st.timezones(), st.just(UTC)))
ZONE_NAMES = st.one_of(st.timezone_keys(allow_prefix=False), st.text(max_size=12))
FAR_WEST, FAR_EAST = (timezone(timedelta(hours=each)) for each in (-14, 14))
USUAL = st.integers(0, 110 * 365 * 24 * 60).map(
    lambda minutes: datetime(1980, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type, misc]


@given(ANY_MOMENT, ZONE_NAMES, ANY_MOMENT)
@example(datetime.min.replace(tzinfo=FAR_EAST), "America/New_York", utc(2026, 3, 2))
@example(datetime.max.replace(tzinfo=FAR_WEST), "Asia/Kolkata", utc(2026, 3, 2))
@example(datetime.max.replace(tzinfo=UTC), "Nowhere/Land", datetime.max.replace(tzinfo=UTC))
@example(datetime.min.replace(tzinfo=UTC), "Europe/London", datetime.min.replace(tzinfo=UTC))
@example(utc(2026, 3, 2), "\ud800", utc(2026, 3, 2))
@example(utc(2026, 3, 2), "../../etc/passwd", utc(2026, 3, 2))
@example(utc(2026, 3, 2), "Europe", utc(2026, 3, 2))
@example(utc(2026, 3, 2), "", utc(2026, 3, 2))
def test_any_moment_in_any_zone_is_said(moment: datetime, zone: str, now: datetime) -> None:
    said = wording.say_when(moment, zone, now)
    assert re.fullmatch(
        r"(today|tomorrow|yesterday|\w{3} \d+ \w{3}( \d+)?) at \d+:\d\d [ap]m", said
    )


@given(USUAL, st.timezone_keys(allow_prefix=False))
def test_the_time_of_day_is_the_readers(moment: datetime, zone: str) -> None:
    read = datetime.strptime(wording.say_time(moment, zone), "%I:%M %p")  # noqa: DTZ007
    local = moment.astimezone(ZoneInfo(zone))
    assert (read.hour, read.minute) == (local.hour, local.minute)


@given(USUAL, st.integers(-800, 800), st.timezone_keys(allow_prefix=False))
def test_the_day_is_the_readers(now: datetime, hours: int, zone: str) -> None:
    moment = now + timedelta(hours=hours)
    today, day = (each.astimezone(ZoneInfo(zone)).date() for each in (now, moment))
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    expected = near.get((day - today).days, written(day, with_year=day.year != today.year))
    assert wording.say_day(moment, zone, now) == expected


def written(day: date, *, with_year: bool) -> str:
    weekday = "Mon Tue Wed Thu Fri Sat Sun".split()[day.weekday()]
    month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[day.month - 1]
    return f"{weekday} {day.day} {month}" + (f" {day.year}" if with_year else "")


@pytest.mark.parametrize(
    ("moment", "zone", "said"),
    [
        (utc(2026, 3, 8, 6, 59), "America/New_York", "1:59 am"),
        (utc(2026, 3, 8, 7, 0), "America/New_York", "3:00 am"),
        (utc(2026, 11, 1, 5, 30), "America/New_York", "1:30 am"),
        (utc(2026, 11, 1, 6, 30), "America/New_York", "1:30 am"),
        (utc(2026, 3, 29, 0, 59), "Europe/London", "12:59 am"),
        (utc(2026, 3, 29, 1, 0), "Europe/London", "2:00 am"),
        (utc(2026, 3, 2, 9, 0), "Asia/Kolkata", "2:30 pm"),
        (utc(2026, 3, 2, 18, 30), "Asia/Kolkata", "12:00 am"),
        (utc(2026, 3, 2, 6, 15), "Asia/Kathmandu", "12:00 pm"),
        (utc(2026, 3, 2, 9, 5), "No/Where", "9:05 am"),
    ],
)
def test_clocks_that_change_and_zones_between_hours(moment: datetime, zone: str, said: str) -> None:
    assert wording.say_time(moment, zone) == said


def test_midnight_in_kolkata_is_tomorrow_there_and_today_in_london() -> None:
    now, moment = utc(2026, 3, 2, 9, 0), utc(2026, 3, 2, 18, 30)
    assert wording.say_when(moment, "Asia/Kolkata", now) == "tomorrow at 12:00 am"
    assert wording.say_when(moment, "Europe/London", now) == "today at 6:30 pm"


@pytest.mark.parametrize(
    ("name", "there"),
    [("Europe/London", True), ("UTC", True), ("", False), ("Mars/Base", False), ("../UTC", False)],
)
def test_a_zone_is_there_or_not(name: str, there: bool) -> None:
    assert wording.is_zone(name) is there


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(1, "1 minute"), (15, "15 minutes"), (60, "1 hour"), (90, "90 minutes"), (120, "2 hours")],
)
def test_lengths(minutes: int, said: str) -> None:
    assert wording.say_length(minutes) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-5, "now"),
        (0, "now"),
        (0.4, "now"),
        (1, "in 1 minute"),
        (10, "in 10 minutes"),
        (60, "in 1 hour"),
        (89, "in 89 minutes"),
        (120, "in 2 hours"),
        (24 * 60, "in 24 hours"),
        (47 * 60, "in 47 hours"),
        (48 * 60, "in 2 days"),
        (42 * 24 * 60, "in 42 days"),
    ],
)
def test_how_long_until(minutes: float, said: str) -> None:
    assert wording.say_until(timedelta(minutes=minutes)) == said


@given(st.integers(1, 60 * 24 * 60))
def test_how_long_until_is_never_far_off(minutes: int) -> None:
    said = wording.say_until(timedelta(minutes=minutes))
    _, number, noun = said.split()
    unit = {"minute": 1, "hour": 60, "day": 24 * 60}[noun.rstrip("s")]
    assert abs(int(number) * unit - minutes) <= {1: 0, 60: 30, 1440: 1440}[unit]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Ann"], "Ann"),
        (["Ann", "Bo"], "Ann and Bo"),
        (["Ann", "Bo", "Cy"], "Ann, Bo and Cy"),
        (["Ann", "Bo", "Cy", "Di"], "Ann, Bo, Cy and Di"),
        (["Ann", "Bo", "Cy", "Di", "Ed"], "Ann, Bo, Cy and 2 others"),
    ],
)
def test_names_in_a_row(names: list[str], said: str) -> None:
    assert wording.joined(names) == said


@given(st.text(max_size=100))
def test_a_quoted_name_fits_in_a_sentence(name: str) -> None:
    said = wording.quoted(name)
    assert said[0] + said[-1] == "“”"
    assert said[1:-1] == name or (len(said) <= 62 and said[1:-2] == name[: len(said) - 3])
