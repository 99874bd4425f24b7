"""When somebody is told, in every zone around every change of its clocks."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.coaching import Policy
from bot.coaching.policy.policies import Lead
from bot.coaching.policy.quiet_hours import QuietHours, first_loud
from bot.coaching.promises.ladder import (
    Habits,
    lead_named,
    next_working_morning,
    offered_leads,
    overdue_rungs,
    reminders_for,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
NAMES = st.lists(st.sampled_from(["3d", "24h", "4h", "1h", "30m", "15m", "10m", "5m"]), unique=True)
CLOCKS = st.times(max_value=time(23, 59)).map(lambda each: each.replace(second=0, microsecond=0))


@cache
def changes() -> list[tuple[str, datetime]]:
    """Every zone with the hour before each change of its clocks within two years, or any day."""
    return [each for zone in sorted(available_timezones()) for each in _changes_of(zone)]


def _changes_of(zone: str) -> Iterator[tuple[str, datetime]]:
    where = ZoneInfo(zone)
    found = False
    for day in range(730):
        moment = FIRST + timedelta(days=day)
        if (
            moment.astimezone(where).utcoffset()
            != (moment + 24 * HOUR).astimezone(where).utcoffset()
        ):
            found = True
            yield zone, moment
    if not found:
        yield zone, FIRST


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    zone, day = draw(st.sampled_from(changes()))
    return zone, day + MINUTE * draw(st.integers(-60 * 24, 60 * 72))


def quiet_at(moment: datetime, quiet: QuietHours | None, zone: str) -> bool:
    """What a wall clock and a card with the hours on it say."""
    if quiet is None:
        return False
    shown = moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    begins, ends = f"{quiet.begins:%H:%M}", f"{quiet.ends:%H:%M}"
    if begins <= ends:
        return begins <= shown < ends
    return shown >= begins or shown < ends


def first_loud_minute(moment: datetime, quiet: QuietHours | None, zone: str) -> datetime:
    while quiet_at(moment, quiet, zone):
        moment += MINUTE
    return moment


def habits(zone: str, quiet: QuietHours | None) -> Habits:
    return Habits(zone=zone, facilitator_leads=(), attendee_leads=(), quiet=quiet)


@st.composite
def quiet_hours(draw: st.DrawFn) -> QuietHours | None:
    begins, ends = draw(CLOCKS), draw(CLOCKS)
    return None if begins == ends else QuietHours(begins, ends)


@given(where=moments(), quiet=quiet_hours(), names=NAMES)
@example(
    where=("Europe/London", datetime(2025, 3, 30, 8, tzinfo=UTC)),
    quiet=QuietHours(time(20), time(1, 30)),
    names=["24h", "4h", "1h"],
)
@example(
    where=("America/New_York", datetime(2025, 11, 2, 6, 30, tzinfo=UTC)),
    quiet=QuietHours(time(22), time(1, 20)),
    names=["1h", "10m"],
)
@settings(max_examples=300)
def test_each_reminder_goes_once_never_at_night_and_never_late(
    where: tuple[str, datetime], quiet: QuietHours | None, names: list[str]
) -> None:
    zone, starts_at = where
    leads = [lead for lead in map(lead_named, names) if lead]
    expected: dict[datetime, Lead] = {}
    for lead in sorted(leads, key=lambda each: -each.before):
        moment = starts_at - lead.before
        loud = first_loud_minute(moment, quiet, zone)
        expected[loud if loud < starts_at else moment] = lead
    found = list(reminders_for(starts_at, leads, habits(zone, quiet)))
    assert [(each.due_at, each.occurrence) for each in found] == sorted(
        (due, lead.name) for due, lead in expected.items()
    )
    for each in found:
        assert each.due_at < starts_at
        wakes_after_the_start = first_loud_minute(each.due_at, quiet, zone) >= starts_at
        assert wakes_after_the_start or not quiet_at(each.due_at, quiet, zone)


@given(where=moments(), quiet=quiet_hours(), days=st.sets(st.integers(0, 6), min_size=1))
def test_what_is_overdue_is_asked_about_five_times_on_days_of_work(
    where: tuple[str, datetime], quiet: QuietHours | None, days: set[int]
) -> None:
    zone, ends_at = where
    mine = Habits(
        zone=zone,
        working_days=frozenset(days),
        facilitator_leads=(),
        attendee_leads=(),
        quiet=quiet,
    )
    found = list(overdue_rungs(ends_at, mine, Policy()))
    assert [each.occurrence for each in found] == ["1", "2", "3", "4", "5"]
    assert found[0].due_at == first_loud_minute(ends_at + 15 * MINUTE, quiet, zone)
    local = ZoneInfo(zone)
    for before, each in pairwise(found):
        shown = each.meant_at.astimezone(local)
        assert shown.weekday() in days
        assert shown.date() > before.due_at.astimezone(local).date()
        assert (each.meant_at - MINUTE).astimezone(local).time() < time(9) <= shown.time()
        assert each.due_at == first_loud_minute(each.meant_at, quiet, zone)


def test_an_end_that_clocks_skip_is_where_they_jump() -> None:
    nearly_always = QuietHours(time(3, 1), time(2, 1))
    evening = datetime(2025, 3, 9, 0, 15, tzinfo=UTC)
    jump = datetime(2025, 3, 9, 6, tzinfo=UTC)
    assert first_loud(evening, nearly_always, "America/Thule") == jump


def test_a_morning_is_the_next_day_of_work() -> None:
    friday = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)
    mine = habits("Europe/London", None)
    assert next_working_morning(friday, mine, time(9)) == datetime(2026, 3, 9, 9, tzinfo=UTC)
    there = habits("Australia/Sydney", None)  # Saturday there already
    assert next_working_morning(friday, there, time(9)) == datetime(2026, 3, 8, 22, tzinfo=UTC)


def test_the_policy_own_leads_are_always_offered() -> None:
    policy = Policy(leads=(Lead(name="2h", before=2 * HOUR), Lead(name="1h", before=HOUR)))
    offered = [each.name for each in offered_leads(policy)]
    assert offered == ["3d", "24h", "4h", "2h", "1h", "30m", "15m", "10m", "5m"]
    assert [lead_named(each) for each in ("x", "0h", "10s", "")] == [None] * 4
