"""The sandbox's week is told on working days and hours, whenever the sandbox is started."""

import time as clock_of_the_machine
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.coaching import Person
from bot.coaching.times.working_hours import read_working_hours
from bot.sandbox.cast import northwind
from bot.seed.story import PEOPLE, STORY, Ending
from bot.seed.timing import Timed, timed_story
from storage.types import Standing

HOURS = {handle: hours or "Mon-Fri 09:00-17:00" for handle, _, _, hours in PEOPLE}
MOMENTS = st.integers(1_577_836_800, 2_840_140_800).map(
    lambda each: datetime.fromtimestamp(each, UTC)
)
"""From 2020 to 2060."""
LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


@pytest.fixture(params=["UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the machine itself into a zone."""
    monkeypatch.setenv("TZ", request.param)
    clock_of_the_machine.tzset()
    yield
    monkeypatch.undo()
    clock_of_the_machine.tzset()


def everybody() -> Mapping[str, Person]:
    """The people of the story, as they are after the sandbox has started."""
    people = {each.handle: each for each in northwind().people}
    return {
        handle: Person(
            id=handle,
            name=handle,
            division_id="home",
            timezone=people[handle].tz,
            email=None,
            slack_user_id=None,
            standing=Standing.MEMBER,
            manager_id=None,
            working_hours=read_working_hours(hours),
            slack_channel=None,
        )
        for handle, hours in HOURS.items()
    }


def is_at_work(handle: str, moment: datetime, *, until: datetime | None = None) -> bool:
    """Ask the clock on somebody's wall."""
    zone = ZoneInfo(everybody()[handle].timezone)
    opens, closes = (time.fromisoformat(each) for each in HOURS[handle].split()[1].split("-"))
    begins, ends = moment.astimezone(zone), (until or moment).astimezone(zone)
    is_one_day = begins.date() == ends.date() and begins.weekday() < 5
    return is_one_day and opens <= begins.time() and ends.time() <= closes


def ending(told: list[Timed], *endings: Ending) -> list[Timed]:
    return [each for each in told if each.part.ending in endings]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(now=MOMENTS)
@example(now=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
@example(now=datetime(2028, 2, 29, 12, 0, tzinfo=UTC))
@example(now=datetime(2027, 1, 17, 3, 0, tzinfo=UTC))  # a Sunday, and a holiday follows
@example(now=datetime(2027, 3, 14, 6, 59, 59, tzinfo=UTC))  # clocks go forward in New York
@example(now=datetime(2027, 3, 28, 1, 30, tzinfo=UTC))  # and in London
@example(now=datetime(2027, 10, 31, 0, 30, tzinfo=UTC))  # and back
@example(now=datetime(2027, 11, 7, 5, 30, tzinfo=UTC))
@example(now=datetime(2027, 4, 3, 15, 30, tzinfo=UTC))  # and in Sydney
@example(now=datetime(2027, 10, 2, 16, 30, tzinfo=UTC))
def test_every_session_lies_in_the_working_hours_of_all(machine: None, now: datetime) -> None:
    told = timed_story(everybody(), now)
    assert {each.part.name for each in told} >= {each.name for each in STORY}
    for each in told:
        for handle in each.part.people:
            assert is_at_work(handle, each.starts_at, until=each.ends_at), (handle, each)
        assert is_at_work(each.part.organizer or each.part.facilitator, each.scheduled_at)
        assert each.scheduled_at < min(now, each.starts_at) - timedelta(days=3)
    for one, other in combinations(told, 2):
        if set(one.part.people) & set(other.part.people):
            assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at


@settings(max_examples=60)
@given(now=MOMENTS)
@example(now=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
@example(now=datetime(2027, 1, 17, 3, 0, tzinfo=UTC))
def test_the_story_is_told_around_now(now: datetime) -> None:
    told = timed_story(everybody(), now)
    for each in ending(told, Ending.COMPLETED, Ending.FORGOTTEN, Ending.CANCELLED):
        assert each.ends_at <= now - timedelta(minutes=29)
    for each in ending(told, Ending.AHEAD, Ending.INVALID):
        assert each.starts_at >= now + timedelta(minutes=64)
    for each in ending(told, Ending.CANCELLED, Ending.INVALID):
        assert each.scheduled_at < each.called_off_at < min(now, each.starts_at)
    for each in ending(told, Ending.RUNNING):
        assert each.starts_at < now - timedelta(minutes=14) < now < each.ends_at
    here = now.astimezone(NEW_YORK)
    days = {
        each.starts_at.astimezone(NEW_YORK).date() for each in told if "dana" in each.part.people
    }
    if here.weekday() < 5:
        assert here.date() in days
    if here.weekday() < 5 and time(9, 15) <= here.time() < time(15):
        assert len(ending(told, Ending.RUNNING)) == 1
        ahead = min(each.starts_at for each in ending(told, Ending.AHEAD))
        assert ahead - now < timedelta(minutes=150)
    [missed] = ending(told, Ending.FORGOTTEN)
    assert now - missed.ends_at < timedelta(days=4, hours=3)


def test_a_session_runs_at_the_hours_of_an_office() -> None:
    at_ten = datetime(2027, 1, 12, 10, 0, tzinfo=LONDON)
    [running] = ending(timed_story(everybody(), at_ten), Ending.RUNNING)
    assert running.part.people == ("omar", "sam")
    at_night = datetime(2027, 1, 12, 3, 0, tzinfo=UTC)
    assert ending(timed_story(everybody(), at_night), Ending.RUNNING) == []
