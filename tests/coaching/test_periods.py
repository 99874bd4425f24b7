"""Typed spans of days: what is understood, what is asked for in figures, and where days begin."""

import itertools
import string
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import NotUnderstood, Period, read_period
from bot.coaching.times.periods import weeks_of
from tests.coaching.workplace import assert_for_people

NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
"""A Saturday morning in Europe, and still Friday in New York until then."""
ZONES = (
    *("America/New_York", "America/Sao_Paulo", "Europe/London", "Asia/Beirut", "Asia/Kolkata"),
    *("America/Havana", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia", "Asia/Amman"),
)


def read(text: str, zone: str = "Europe/London", now: datetime = NOW) -> Period | NotUnderstood:
    return read_period(text, zone=zone, now=now)


@pytest.mark.parametrize(
    ("text", "days", "words"),
    [
        ("today", "2026-11-21..2026-11-21", "Sat 21 Nov"),
        ("Tomorrow", "2026-11-22..2026-11-22", "Sun 22 Nov"),
        ("yesterday", "2026-11-20..2026-11-20", "Fri 20 Nov"),
        ("week", "2026-11-16..2026-11-22", "Mon 16 – Sun 22 Nov"),
        ("this week", "2026-11-16..2026-11-22", "Mon 16 – Sun 22 Nov"),
        ("next week", "2026-11-23..2026-11-29", "Mon 23 – Sun 29 Nov"),
        ("last week", "2026-11-09..2026-11-15", "Mon 9 – Sun 15 Nov"),
        ("month", "2026-11-01..2026-11-30", "Sun 1 – Mon 30 Nov"),
        ("next month", "2026-12-01..2026-12-31", "Tue 1 – Thu 31 Dec"),
        ("last month", "2026-10-01..2026-10-31", "Thu 1 – Sat 31 Oct"),
        ("last 30 days", "2026-10-23..2026-11-21", "Fri 23 Oct – Sat 21 Nov"),
        ("next 2 weeks", "2026-11-21..2026-12-04", "Sat 21 Nov – Fri 4 Dec"),
        ("next 3 months", "2026-11-21..2027-02-20", "Sat 21 Nov 2026 – Sat 20 Feb 2027"),
        ("2026-12-01", "2026-12-01..2026-12-01", "Tue 1 Dec"),
        ("1 dec", "2026-12-01..2026-12-01", "Tue 1 Dec"),
        ("dec 1st", "2026-12-01..2026-12-01", "Tue 1 Dec"),
        ("1 dec - 12 dec", "2026-12-01..2026-12-12", "Tue 1 – Sat 12 Dec"),
        ("from 1 dec to 12 dec", "2026-12-01..2026-12-12", "Tue 1 – Sat 12 Dec"),
        ("1-12 dec", "2026-12-01..2026-12-12", "Tue 1 – Sat 12 Dec"),
        ("dec 1 – dec 12", "2026-12-01..2026-12-12", "Tue 1 – Sat 12 Dec"),
        ("2026-12-01..2026-12-12", "2026-12-01..2026-12-12", "Tue 1 – Sat 12 Dec"),
        ("2026-12-01 .. 2026-12-12", "2026-12-01..2026-12-12", "Tue 1 – Sat 12 Dec"),
        ("28 dec - 3 jan", "2026-12-28..2027-01-03", "Mon 28 Dec 2026 – Sun 3 Jan 2027"),
        ("1 jan - 31 dec", "2027-01-01..2027-12-31", "Fri 1 Jan – Fri 31 Dec 2027"),
        ("december 2027", "2027-12-01..2027-12-31", "Wed 1 – Fri 31 Dec 2027"),
        ("monday", "2026-11-23..2026-11-23", "Mon 23 Nov"),
        ("sat", "2026-11-21..2026-11-21", "Sat 21 Nov"),
        ("last fri", "2026-11-20..2026-11-20", "Fri 20 Nov"),
        ("fri to mon", "2026-11-27..2026-11-30", "Fri 27 – Mon 30 Nov"),
        ("13/4/2026", "2026-04-13..2026-04-13", "Mon 13 Apr"),
    ],
)
def test_what_is_typed_is_understood_and_said_back(text: str, days: str, words: str) -> None:
    found = read(text)
    assert isinstance(found, Period)
    assert (found.text, found.words) == (days, words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("03/04/2026", "like 2026-03-04 or 2026-04-03."),
        ("3/4", "like 2027-03-04 or 2027-04-03."),
        ("xyzzy", "“xyzzy” means there. Try “last week”"),
        ("", "Try “last week”"),
        ("5", "Try “last week”"),
        ("last 0 days", "Try “last week”"),
        ("12 dec - 1 dec", "That ends before it begins."),
        ("2026-12-12..2026-12-01", "That ends before it begins."),
        ("31 feb", "There is no date “31 feb”."),
        ("9999-12-31", "beyond the calendar"),
        ("next 999 months", "beyond the calendar"),
    ],
)
def test_what_cannot_be_understood_is_answered(text: str, said: str) -> None:
    found = read(text)
    assert isinstance(found, NotUnderstood)
    assert said in found.message
    assert_for_people(found.message)


def test_a_day_is_the_one_on_the_clocks_of_who_asks() -> None:
    in_kolkata, in_new_york = (
        read("today", zone, datetime(2026, 11, 21, 3, tzinfo=UTC))
        for zone in ("Asia/Kolkata", "America/New_York")
    )
    assert isinstance(in_kolkata, Period)
    assert isinstance(in_new_york, Period)
    assert (in_kolkata.first, in_new_york.first) == (date(2026, 11, 21), date(2026, 11, 20))


SINCE = datetime(2005, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=11_000)).map(lambda span: SINCE + span)
PHRASES = st.sampled_from(
    ["today", "tomorrow", "this week", "next week", "last month", "last 30 days", "next 2 weeks"]
)


@given(
    start=st.dates(date(2005, 1, 1), date(2035, 1, 1)),
    days=st.integers(0, 400),
    zone=st.sampled_from(ZONES),
    around=st.timedeltas(timedelta(days=-2), timedelta(days=2)),
    at_end=st.booleans(),
)
def test_a_moment_lies_in_a_range_when_its_day_does(
    start: date, days: int, zone: str, around: timedelta, at_end: bool
) -> None:
    end = start + timedelta(days=days)
    found = read(f"{start}..{end}", zone)
    assert isinstance(found, Period)
    interval = found.interval
    moment = (interval.ends_at if at_end else interval.starts_at) + around
    inside = interval.starts_at <= moment < interval.ends_at
    assert inside == (start <= moment.astimezone(ZoneInfo(zone)).date() <= end)


@given(phrase=PHRASES, zone=st.sampled_from(ZONES), now=MOMENTS)
def test_weeks_make_up_their_period_and_begin_on_mondays(
    phrase: str, zone: str, now: datetime
) -> None:
    found = read(phrase, zone, now)
    assert isinstance(found, Period)
    again = read(found.text, zone, now)
    assert again == found
    weeks = weeks_of(found, now)
    assert weeks[0].interval.starts_at == found.interval.starts_at
    assert weeks[-1].interval.ends_at == found.interval.ends_at
    for before, after in itertools.pairwise(weeks):
        assert before.interval.ends_at == after.interval.starts_at
        assert after.first.weekday() == 0


@given(st.one_of(st.text(max_size=60), st.text(string.digits + "-/. adetfmnoswk", max_size=30)))
def test_anything_at_all_is_understood_or_answered(text: str) -> None:
    found = read(text)
    if isinstance(found, Period):
        assert found.first <= found.last
        assert found.words
    else:
        assert 0 < len(found.message) < 250
