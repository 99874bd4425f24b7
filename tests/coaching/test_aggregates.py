"""Counts: against a count by hand of every session, for every filter and every caller."""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import (
    AggregateQuery,
    AggregateResult,
    Appointment,
    Clause,
    Denied,
    Interval,
    Invalid,
    Metric,
    Predicate,
    Status,
)
from storage import models
from tests.coaching.workplace import Workplace

HOME: Final = ("Dana", "Grace", "Priya", "Jonas", "Alex")
SALES: Final = ("Omar", "Sam")
EVERYBODY: Final = HOME + SALES
FILTER = "aggregate.query.filter.missing.or.invalid"
HOURS: Final = (-100, 40)
"""From when to when there are sessions, seen from now."""

KINDS: Final = {
    Status.SCHEDULED: Metric.PLANNED,
    Status.IN_PROGRESS: Metric.IN_PROGRESS,
    Status.COMPLETED: Metric.COMPLETE,
    Status.INVALID_SCHEDULE: Metric.INVALID_SCHEDULE,
}
Counts = dict[str | None, Counter[Metric]]


@pytest.fixture(scope="module")
def office(shared: Workplace) -> Workplace:
    """Sessions of every status and make-up, in the past and ahead; some of them deleted."""
    people = itertools.cycle(EVERYBODY)
    statuses = itertools.cycle(Status)
    with shared.store.begin() as tx:
        for number, hours in enumerate(range(*HOURS)):
            facilitator = next(people) if number % 3 else None
            attendees = {next(people) for _ in range(number % 4 + 1)} - {facilitator}
            starts_at = shared.clock() + timedelta(hours=hours)
            row = models.Appointment(
                name="Review",
                description="",
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=30),
                length_minutes=30,
                creator_id=shared.ids[next(people)],
                facilitator_id=shared.ids[facilitator] if facilitator else None,
                created_at=starts_at,
                modified_by=shared.ids["Dana"],
                modified_at=starts_at,
                status=next(statuses),
                deleted_at=starts_at if number % 11 == 0 else None,
            )
            tx.appointments.add(row, [shared.ids[each] for each in attendees or {"Sam"}])
            next(people)
    shared.hire("Vera", division="Home", roles=("Supervisor",))
    return shared


def count(office: Workplace, who: str, query: AggregateQuery) -> tuple[AggregateResult, ...]:
    return coaching.aggregate(office.context, office.caller(who), query)


def within(office: Workplace, start: int = HOURS[0], end: int = HOURS[1]) -> Interval:
    now = office.clock()
    return Interval(starts_at=now + timedelta(hours=start), ends_at=now + timedelta(hours=end))


def every_session(office: Workplace) -> list[Appointment]:
    with office.store.read() as tx:
        ids = [row.id for row in tx.session.query(models.Appointment.id)]
        return [each for each in tx.appointments.many(ids).values() if each.deleted_at is None]


def junction(kind: str) -> Callable[[Sequence[bool]], bool]:
    return all if kind.lower() == "and" else any


def meets(query: AggregateQuery, session: Appointment) -> bool:
    def holds(predicate: Predicate) -> bool:
        match predicate.dimension:
            case "attendeeId":
                return predicate.value in session.attendee_ids
            case "facilitatorId":
                return predicate.value == session.facilitator_id
        return predicate.value.lower() == session.status.value.lower()

    starts = query.interval.starts_at <= session.starts_at < query.interval.ends_at
    clauses = [junction(each.type)([holds(p) for p in each.predicates]) for each in query.clauses]
    return starts and junction(query.filter_type)(clauses)


def kinds_of(session: Appointment, now: datetime) -> list[Metric]:
    unfinished = session.status in {Status.SCHEDULED, Status.IN_PROGRESS}
    overdue = [Metric.OVERDUE] if unfinished and session.ends_at < now else []
    return [Metric.ACTIVITIES, KINDS[session.status], *overdue]


def count_by_hand(office: Workplace, who: str, query: AggregateQuery) -> Counts:
    seen = EVERYBODY if who == "Alex" else SALES if who == "Omar" else (*HOME, "Vera")
    ids, me = {office.ids[each] for each in seen}, office.ids[who]
    found: Counts = {} if query.group_by_attendee else {None: Counter()}
    for session in every_session(office):
        mine = me in session.related_ids
        if (mine or set(session.attendee_ids) <= ids) and meets(query, session):
            groups = [each for each in session.attendee_ids if each in ids or each == me]
            for group in groups if query.group_by_attendee else [None]:
                found.setdefault(group, Counter()).update(kinds_of(session, office.clock()))
    return found


JUNCTIONS: Final = st.sampled_from(["And", "Or", "AND", "or"])


@st.composite
def clauses(draw: st.DrawFn, ids: dict[str, str], people: Sequence[str]) -> Clause:
    person = st.sampled_from([ids[each] for each in people])
    status = st.sampled_from([*(each.value for each in Status), "completed", "INPROGRESS"])
    predicate = st.one_of(
        st.builds(Predicate, st.just("attendeeId"), person),
        st.builds(Predicate, st.just("facilitatorId"), person),
        st.builds(Predicate, st.just("status"), status),
    )
    return Clause(draw(JUNCTIONS), draw(st.lists(predicate, min_size=1, max_size=4)))


@settings(max_examples=80)
@given(data=st.data())
def test_the_counts_are_those_made_by_hand(office: Workplace, data: st.DataObject) -> None:
    who = data.draw(st.sampled_from(["Dana", "Omar", "Alex", "Vera"]))
    people = EVERYBODY if who == "Alex" else SALES if who == "Omar" else HOME
    ends = st.integers(*HOURS)
    start, end = sorted([data.draw(ends), data.draw(ends)])
    query = AggregateQuery(
        interval=within(office, start, end),
        filter_type=data.draw(JUNCTIONS),
        clauses=data.draw(st.lists(clauses(office.ids, people), min_size=1, max_size=3)),
        metrics=data.draw(st.none() | st.lists(st.sampled_from(Metric), min_size=1)),
        group_by_attendee=data.draw(st.booleans()),
    )
    wanted = set(query.metrics or Metric)
    by_hand = {
        group: {metric: counts[metric] for metric in wanted}
        for group, counts in count_by_hand(office, who, query).items()
    }
    found = count(office, who, query)
    assert {each.attendee_id: dict(each.counts) for each in found} == by_hand
    assert len(found) == len(by_hand)


def anything(office: Workplace, *predicates: Predicate) -> AggregateQuery:
    said = predicates or tuple(Predicate("status", each.value) for each in Status)
    return AggregateQuery(
        interval=within(office), filter_type="And", clauses=[Clause("Or", said)], metrics=[]
    )


def test_the_test_has_something_to_count(office: Workplace) -> None:
    [everything] = count(office, "Alex", anything(office))
    [some] = count(office, "Omar", anything(office))
    assert all(number > 5 for number in everything.counts.values())
    assert 0 < some.counts[Metric.ACTIVITIES] < everything.counts[Metric.ACTIVITIES]
    assert sum(1 for each in every_session(office) if len(each.attendee_ids) > 1) > 20


@pytest.mark.parametrize(
    ("filter_type", "clauses"),
    [
        ("And", []),
        ("And", [Clause("And", [])]),
        ("Nor", [Clause("And", [Predicate("status", "Completed")])]),
        ("And", [Clause("", [Predicate("status", "Completed")])]),
        ("And", [Clause("Or", [Predicate("creatorId", "x")])]),
        ("And", [Clause("Or", [Predicate("status", "Done")])]),
        ("And", [Clause("Or", [Predicate("status", "")])]),
        ("And", [Clause("Or", [Predicate("attendeeId", "")])]),
        ("Or", [Clause("Or", [Predicate("status", "Completed")])] * 101),
    ],
)
def test_a_filter_that_says_nothing_is_refused(
    office: Workplace, filter_type: str, clauses: list[Clause]
) -> None:
    query = AggregateQuery(
        interval=within(office), filter_type=filter_type, clauses=clauses, metrics=None
    )
    with office.refuses(Invalid, FILTER, "filter"):
        count(office, "Alex", query)


@pytest.mark.parametrize("dimension", ["attendeeId", "facilitatorId"])
def test_more_than_a_hundred_people_are_refused(office: Workplace, dimension: str) -> None:
    named = [Predicate(dimension, f"somebody-{number}") for number in range(101)]
    with office.refuses(Invalid, "aggregate.too.many.users", "filter"):
        count(office, "Alex", anything(office, *named))
    known = [Predicate(dimension, office.ids["Dana"])] * 200
    assert count(office, "Alex", anything(office, *known))


def test_an_interval_that_ends_before_it_starts_is_refused(office: Workplace) -> None:
    query = AggregateQuery(
        interval=within(office, 5, 4),
        filter_type="And",
        clauses=[Clause("Or", [Predicate("status", "Completed")])],
    )
    with office.refuses(Invalid, "validation.failure", "interval"):
        count(office, "Alex", query)


@pytest.mark.parametrize(
    ("who", "named", "code"),
    [
        ("Priya", "Priya", "missing.permissions"),
        ("Dana", "Sam", "no.permission.for.requested.users"),
        ("Dana", "nobody", "no.permission.for.requested.users"),
        ("Dana", "a\x00b", "no.permission.for.requested.users"),
        ("Omar", "Dana", "no.permission.for.requested.users"),
    ],
)
@pytest.mark.parametrize("dimension", ["attendeeId", "facilitatorId"])
def test_only_people_within_reach_may_be_named(
    office: Workplace, who: str, named: str, code: str, dimension: str
) -> None:
    one = Predicate(dimension, office.ids.get(named, named))
    with office.refuses(Denied, code) as refused:
        count(office, who, anything(office, one, Predicate("status", "Completed")))
    assert named not in refused.value.message


def test_a_supervisor_of_elsewhere_may_name_oneself(office: Workplace) -> None:
    office.hire("Wanda", division="Sales", roles=())
    office.grant("Wanda", ("Supervisor", "Home"))
    [found] = count(office, "Wanda", anything(office, Predicate("attendeeId", office.ids["Wanda"])))
    assert set(found.counts.values()) == {0}
