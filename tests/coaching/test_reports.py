"""Reports: their numbers are those of the aggregates, for everybody who may ask and any days."""

import csv
import io
import itertools
import random
from datetime import date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import (
    AggregateQuery,
    Clause,
    Denied,
    Interval,
    Invalid,
    Metric,
    Predicate,
    Report,
    ReportQuery,
    Status,
    Tally,
    Whose,
)
from storage import models
from tests.coaching.workplace import Workplace, assert_for_people

HOME: Final = ("Dana", "Grace", "Priya", "Jonas", "Alex")
SALES: Final = ("Omar", "Sam")
TEAMS: Final = {
    "Dana": ("Grace", "Priya", "Jonas", "Alex"),
    "Omar": ("Sam",),
    "Alex": ("Dana", "Grace", "Priya", "Jonas", "Omar", "Sam"),
}
DAYS: Final = (-40, 40)
NUMBERS: Final = {
    "sessions": Metric.ACTIVITIES,
    "planned": Metric.PLANNED,
    "in_progress": Metric.IN_PROGRESS,
    "completed": Metric.COMPLETE,
    "overdue": Metric.OVERDUE,
    "invalid": Metric.INVALID_SCHEDULE,
}


def add(office: Workplace, status: Status, starts_at: datetime, *names: str, led: str) -> None:
    ids = office.ids
    row = models.Appointment(
        name="Review",
        description="",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        length_minutes=30,
        creator_id=ids[led],
        facilitator_id=ids[led],
        created_at=starts_at,
        modified_by=ids[led],
        modified_at=starts_at,
        status=status,
        deleted_at=starts_at if starts_at.minute == 7 else None,
    )
    with office.store.begin() as tx:
        tx.appointments.add(row, [ids[each] for each in names])


@pytest.fixture(scope="module")
def office(shared: Workplace) -> Workplace:
    """Sessions at any hour for weeks, alone and together, within divisions and across them."""
    chance = random.Random(4)  # the same on both databases
    statuses = itertools.cycle(Status)
    for _ in range(250):
        minutes = chance.randrange(DAYS[0] * 1440, DAYS[1] * 1440)
        starts_at = shared.clock() + timedelta(minutes=minutes)
        led, *attendees = chance.sample(HOME + SALES, chance.randint(2, 4))
        add(shared, next(statuses), starts_at, *attendees, led=led)
    return shared


def report(office: Workplace, who: str, **query: object) -> Report:
    return coaching.report(office.context, office.caller(who), ReportQuery(**query))  # type: ignore[arg-type]


def aggregated(office: Workplace, who: str, ids: list[str], interval: Interval) -> Tally:
    """Ask the aggregates for the same people and moments."""
    query = AggregateQuery(
        interval=interval,
        filter_type="And",
        clauses=[Clause("Or", [Predicate("attendeeId", each) for each in ids])],
    )
    [found] = coaching.aggregate(office.context, office.caller(who), query)
    return Tally(**{name: found.counts[metric] for name, metric in NUMBERS.items()})


def assert_agrees(office: Workplace, who: str, found: Report, ids: list[str]) -> None:
    assert found.total == aggregated(office, who, ids, found.period.interval)
    for week in found.weeks:
        assert week.tally == aggregated(office, who, ids, week.period.interval)
    for person in found.people:
        one = aggregated(office, who, [person.person_id], found.period.interval)
        assert person.tally == one


PERIODS: Final = st.one_of(
    st.sampled_from(["", "this week", "last month", "last 30 days", "next 2 weeks", "year"]),
    st.tuples(st.dates(date(2026, 1, 20), date(2026, 4, 20)), st.integers(0, 90)).map(
        lambda drawn: f"{drawn[0]}..{drawn[0] + timedelta(days=drawn[1])}"
    ),
)


@given(who=st.sampled_from(sorted(TEAMS)), period=PERIODS)
@settings(max_examples=15)
def test_the_team_s_numbers_are_those_of_the_aggregates(
    office: Workplace, who: str, period: str
) -> None:
    found = report(office, who, period=period)
    team = [office.ids[each] for each in TEAMS[who]]
    assert_agrees(office, who, found, team)
    named = {office.name_of(each.person_id) for each in found.people}
    assert named <= set(TEAMS[who])
    for each in set(TEAMS[who]) - named:
        nothing = aggregated(office, who, [office.ids[each]], found.period.interval)
        assert nothing == Tally()


@given(data=st.data(), who=st.sampled_from(sorted(TEAMS)), period=PERIODS)
@settings(max_examples=15)
def test_the_numbers_of_people_named_are_those_of_the_aggregates(
    office: Workplace, data: st.DataObject, who: str, period: str
) -> None:
    names = data.draw(st.lists(st.sampled_from((*TEAMS[who], who)), min_size=1, unique=True))
    ids = [office.ids[each] for each in names]
    found = report(office, who, person_ids=ids, period=period)
    assert_agrees(office, who, found, ids)
    assert {each.person_id for each in found.people} == set(ids)


def test_the_test_has_something_to_count(office: Workplace) -> None:
    found = report(office, "Alex", period="year")
    assert all(getattr(found.total, name) > 10 for name in NUMBERS)
    assert sum(1 for week in found.weeks if week.tally.sessions) > 8
    assert sum(each.tally.sessions for each in found.people) > found.total.sessions


@pytest.mark.parametrize("who", ["Priya", "Sam"])
def test_an_agent_s_report_is_of_oneself(office: Workplace, who: str) -> None:
    """An agent may not count, so an administrator counts in their place."""
    for asked in ({}, {"whose": Whose.ME}, {"person_ids": [office.ids[who]]}):
        found = report(office, who, period="year", **asked)
        seen = aggregated(office, "Alex", [office.ids[who]], found.period.interval)
        assert seen.sessions > 10
        assert found.total == seen
        assert [each.person_id for each in found.people] == [office.ids[who]]


@pytest.mark.parametrize(
    ("who", "named"),
    [("Priya", "Jonas"), ("Dana", "Sam"), ("Omar", "Priya"), ("Dana", "nobody")],
)
def test_nobody_else_is_reported_on(office: Workplace, who: str, named: str) -> None:
    ids = [office.ids.get(named, named)]
    with office.refuses(Denied, "no.permission.for.requested.users") as refused:
        report(office, who, person_ids=ids)
    assert named not in refused.value.message


def test_whoever_leads_nobody_has_no_team(office: Workplace) -> None:
    with office.refuses(Denied, "missing.permissions"):
        report(office, "Priya", whose=Whose.TEAM)


@pytest.mark.parametrize("period", ["xyzzy", "03/04/2026", "2024-01-01..2026-01-01"])
def test_days_that_cannot_be_reported_on_are_refused(office: Workplace, period: str) -> None:
    with office.refuses(Invalid, "validation.error", "period"):
        report(office, "Dana", period=period)


def test_nothing_said_means_this_month_and_it_is_named(office: Workplace) -> None:
    found = report(office, "Dana")
    assert found.title == "Your team, Sun 1 – Tue 31 Mar"
    assert [each.period.words for each in found.weeks][:2] == ["Sun 1 Mar", "Mon 2 – Sun 8 Mar"]


def test_an_empty_report_says_so(office: Workplace) -> None:
    found = report(office, "Dana", period="2026-06-01..2026-06-14")
    assert found.people == ()
    assert found.summary == "Nothing to count between Mon 1 and Sun 14 Jun."
    assert_for_people(found.summary)


def rows_of(found: Report) -> list[list[str]]:
    return list(csv.reader(io.StringIO(coaching.report_csv(found))))


def test_the_file_has_every_number_of_the_report(office: Workplace) -> None:
    found = report(office, "Alex", period="last 30 days")
    header, total, *others = rows_of(found)
    assert header[:4] == ["Counted by", "Name", "From", "To"]
    assert header[4:] == [
        *("Sessions", "Completed", "In progress", "Planned", "Needs a new time", "Overdue")
    ]
    assert total[0] == "Total"
    said = ("sessions", "completed", "in_progress", "planned", "invalid", "overdue")
    weeks, people = (each.tally for each in found.weeks), (each.tally for each in found.people)
    wanted = [found.total, *weeks, *people]
    for row, tally in zip([total, *others], wanted, strict=True):
        assert row[4:] == [str(getattr(tally, name)) for name in said]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "\t", "\r"])
def test_no_name_becomes_a_formula(desk: Workplace, start: str) -> None:
    name = f"{start}cmd|' /C calc'!A0, \"x\""
    desk.hire("Mallory", division="Home", email="m@example.com")
    with desk.store.begin() as tx:
        row = tx.people.for_change(desk.ids["Mallory"])
        assert row
        row.name = name
    add(desk, Status.COMPLETED, desk.clock(), "Mallory", led="Dana")
    found = report(desk, "Dana")
    [person] = [row for row in rows_of(found) if row[0] == "Person"]
    assert person[1] == f"'{name}"
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows_of(found) for cell in row)
