"""Free time: against a look at every single minute, in every zone, and through the use case."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Denied, Interval, Invalid, Person, Slot, SlotQuery, Standing
from bot.coaching.slots.availability import availability
from bot.coaching.times.free_time import common, merged, on_steps, starts, without
from bot.coaching.times.shifts import minute_of, moment_of, shift_of, working_spans
from storage.bookings import TakenTime
from tests.coaching.workplace import Workplace

MINUTE: Final = timedelta(minutes=1)
MONDAY: Final = datetime(2026, 3, 2, tzinfo=UTC)
ZONES: Final = (
    "UTC America/New_York Europe/London Asia/Kolkata Asia/Kathmandu Australia/Lord_Howe "
    "Pacific/Kiritimati Pacific/Pago_Pago America/St_Johns Pacific/Chatham America/Santiago"
).split()

spans = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=8)


def minutes_of(found: Sequence[tuple[int, int]]) -> set[int]:
    return {minute for start, end in found for minute in range(start, end)}


def tidy(found: Sequence[tuple[int, int]]) -> bool:
    edges = [edge for span in found for edge in span]
    return edges == sorted(set(edges))


@given(spans, spans)
def test_the_arithmetic_is_that_of_sets_of_minutes(
    a: list[tuple[int, int]], b: list[tuple[int, int]]
) -> None:
    first, second = merged(a), merged(b)
    assert minutes_of(first) == minutes_of(a)
    assert minutes_of(common(first, second)) == minutes_of(a) & minutes_of(b)
    assert minutes_of(without(first, second)) == minutes_of(a) - minutes_of(b)
    assert all(tidy(each) for each in (first, common(first, second), without(first, second)))
    assert list(starts(first, 30)) == [
        minute for minute in range(0, 100, 15) if set(range(minute, minute + 30)) <= minutes_of(a)
    ]
    steps = [set(range(start, start + 15)) for start in range(0, 100, 15)]
    whole = [step for step in steps if step <= minutes_of(a)]
    assert minutes_of(on_steps(first)) == set().union(*whole)


def works_at(minute: int, hours: dict[str, Any] | None, zone: str) -> bool:
    """What the clock on the wall says."""
    wall = moment_of(minute).astimezone(ZoneInfo(zone))
    hours = hours or {"days": [0, 1, 2, 3, 4], "from": "09:00", "to": "17:00"}
    return wall.weekday() in hours["days"] and hours["from"] <= f"{wall:%H:%M}" < hours["to"]


times = st.tuples(st.integers(0, 23 * 4 + 3), st.integers(0, 14)).map(
    lambda each: f"{each[0] // 4:02}:{each[0] % 4 * 15 + each[1]:02}"
)
working_hours = st.none() | st.builds(
    lambda days, ends: {"days": sorted(days), "from": min(ends), "to": max(ends)},
    st.sets(st.integers(0, 6), min_size=1),
    st.lists(times, min_size=2, max_size=2, unique=True),
)
EVERY_DAY: Final = list(range(7))


@settings(max_examples=60)
@given(st.sampled_from(ZONES), working_hours, st.integers(0, 400), st.integers(0, 1440))
@example("America/New_York", {"days": EVERY_DAY, "from": "00:30", "to": "03:00"}, 5, 0)
@example("America/New_York", {"days": EVERY_DAY, "from": "02:10", "to": "02:50"}, 5, 0)
@example("America/New_York", {"days": EVERY_DAY, "from": "01:30", "to": "04:00"}, 243, 0)
@example("America/New_York", {"days": EVERY_DAY, "from": "00:00", "to": "01:30"}, 243, 0)
@example("America/New_York", {"days": EVERY_DAY, "from": "01:10", "to": "01:50"}, 243, 0)
@example("Australia/Lord_Howe", {"days": EVERY_DAY, "from": "01:45", "to": "02:15"}, 32, 0)
@example("Australia/Lord_Howe", {"days": EVERY_DAY, "from": "01:45", "to": "02:15"}, 214, 0)
@example("America/Santiago", {"days": EVERY_DAY, "from": "00:00", "to": "23:59"}, 186, 0)
def test_working_time_is_what_the_wall_clock_says_through_every_change_of_clocks(
    zone: str, hours: dict[str, Any] | None, day: int, minute: int
) -> None:
    start = minute_of(MONDAY) + day * 1440 + minute
    span = (start, start + 2 * 1440)
    found = working_spans(shift_of(hours, zone), span)
    assert tidy(found)
    assert minutes_of(found) == {each for each in range(*span) if works_at(each, hours, zone)}


def person(number: int, zone: str, hours: dict[str, Any] | None) -> Person:
    return Person(
        id=str(number),
        name="Ann",
        division_id="",
        timezone=zone,
        email=None,
        slack_user_id=None,
        standing=Standing.MEMBER,
        manager_id=None,
        working_hours=hours,
        slack_channel=None,
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Person], list[TakenTime], Interval]:
    number = itertools.count()
    near = st.sampled_from(["Europe/London", "Europe/Paris", "Africa/Lagos", "Asia/Kolkata"])
    people = draw(
        st.lists(
            st.builds(lambda z, h: person(next(number), z, h), near, working_hours),
            min_size=1,
            max_size=3,
        )
    )
    minute = st.integers(0, 2 * 1440)
    starts_at = MONDAY + draw(st.integers(0, 300)) * timedelta(days=1) + draw(minute) * MINUTE
    interval = Interval(
        starts_at=starts_at, ends_at=starts_at + draw(st.integers(1, 2 * 1440)) * MINUTE
    )
    taken = draw(
        st.lists(
            st.builds(
                lambda who, at, length: TakenTime(
                    person_id=who.id,
                    appointment_id="",
                    starts_at=interval.starts_at + at * MINUTE,
                    ends_at=interval.starts_at + (at + length) * MINUTE,
                ),
                st.sampled_from(people),
                st.integers(-60, 2 * 1440),
                st.integers(1, 60),
            ),
            max_size=8,
        )
    )
    return people, taken, interval


@settings(max_examples=80)
@given(situations(), st.sampled_from([15, 30, 45, 60]), st.integers(-100, 1440))
def test_slots_are_where_nobody_has_a_minute_that_is_not_free(
    situation: tuple[list[Person], list[TakenTime], Interval], length: int, passed: int
) -> None:
    people, taken, interval = situation
    now = interval.starts_at + passed * MINUTE
    found = availability({each.id: each for each in people}, taken, interval)

    def is_free(who: Person, minute: int) -> bool:
        at = moment_of(minute)
        busy = any(
            each.person_id == who.id and each.starts_at <= at < each.ends_at for each in taken
        )
        return not busy and works_at(minute, who.working_hours, who.timezone)

    inside = range(minute_of(interval.starts_at), minute_of(interval.ends_at))
    free = {who.id: {minute for minute in inside if is_free(who, minute)} for who in people}
    assert {who: minutes_of(each) for who, each in found.free.items()} == free
    everybody = set(inside).intersection(*free.values())
    assert found.free_slots(length, now) == [
        Slot(moment_of(minute), length)
        for minute in inside
        if minute % 15 == 0
        and moment_of(minute) > now
        and set(range(minute, minute + length)) <= everybody
    ]


def tuesday(*hours: float) -> list[datetime]:
    """Moments of the day after the clock of the tests, in UTC."""
    return [MONDAY + timedelta(days=1, hours=each) for each in hours]


def ask(office: Workplace, who: str, *attendees: str, **changes: Any) -> coaching.SlotAnswer:
    start, end = tuesday(9, 17)
    facilitators = changes.pop("facilitators", ())
    values: dict[str, Any] = {
        "interval": Interval(starts_at=start, ends_at=end),
        "length_minutes": 30,
        "attendee_ids": [office.ids.get(each, each) for each in attendees],
        "facilitator_ids": [office.ids.get(each, each) for each in facilitators],
    }
    return coaching.find_slots(office.context, office.caller(who), SlotQuery(**(values | changes)))


def shown(schedule: coaching.PersonSchedule) -> list[tuple[datetime, int, str]]:
    return [(each.starts_at, each.length_minutes, each.activity) for each in schedule.available]


def test_slots_are_found_around_what_is_booked(workplace: Workplace) -> None:
    # Jonas works 9 to 17 in London, Priya until 11:30 as London sees it, Dana from 14:00.
    booked = workplace.schedule("Grace", "Jonas", starts_at=tuesday(10 + 10 / 60)[0])
    found = ask(workplace, "Grace", "Priya", "Jonas", facilitators=["Grace"])
    assert [each.starts_at for each in found.suggested] == tuesday(9, 9.25, 9.5, 10.75, 11)
    assert {each.length_minutes for each in found.suggested} == {30}
    assert [each.person_id for each in found.attendees] == [
        workplace.ids[each] for each in ("Priya", "Jonas")
    ]
    assert [shown(each) for each in found.attendees] == [
        [(tuesday(9)[0], 150, "OnQueueWork")],
        [(tuesday(9)[0], 60, "OnQueueWork"), (tuesday(10.75)[0], 375, "OnQueueWork")],
    ]
    assert [shown(each) for each in found.facilitators] == [[(tuesday(9)[0], 480, "OnQueueWork")]]
    assert not ask(workplace, "Grace", "Priya", "Dana").suggested
    moved = ask(workplace, "Grace", "Jonas", interruptible_ids=[booked.id, "a\x00b", "unknown"])
    assert [each.starts_at for each in moved.suggested][:6] == tuesday(
        9, 9.25, 9.5, 9.75, 10, 10.25
    )


def test_every_suggestion_can_be_scheduled_and_nothing_before_it(workplace: Workplace) -> None:
    workplace.schedule("Grace", "Jonas", starts_at=tuesday(9)[0], length_minutes=20)
    workplace.schedule("Grace", "Priya", starts_at=tuesday(9.5)[0], length_minutes=15)
    found = ask(workplace, "Grace", "Priya", "Jonas", facilitators=["Grace"], length_minutes=15)
    first = found.suggested[0]
    assert [each.starts_at for each in found.suggested[:2]] == tuesday(9.75, 10)
    workplace.schedule(
        "Grace", "Priya", "Jonas", facilitator="Grace", starts_at=first.starts_at, length_minutes=15
    )
    again = ask(workplace, "Grace", "Priya", "Jonas", facilitators=["Grace"], length_minutes=15)
    assert again.suggested == found.suggested[1:]


def test_only_slots_ahead_are_suggested(desk: Workplace) -> None:
    desk.clock.moment = tuesday(16)[0]
    found = ask(desk, "Grace", "Jonas")
    assert [each.starts_at for each in found.suggested] == tuesday(16.25, 16.5)


def test_a_session_that_may_not_be_seen_cannot_be_asked_away(desk: Workplace) -> None:
    hidden = desk.schedule("Omar", "Sam", starts_at=tuesday(10)[0])
    desk.hire("Otto", division="Home", roles=("Supervisor",))
    with desk.store.begin() as tx:
        tx.appointments.book(hidden.id, [desk.ids["Grace"]], hidden.starts_at, hidden.ends_at)
    found = ask(desk, "Otto", "Grace", interruptible_ids=[hidden.id])
    assert tuesday(10)[0] not in [each.starts_at for each in found.suggested]
    seen = ask(desk, "Alex", "Grace", interruptible_ids=[hidden.id])
    assert tuesday(10)[0] in [each.starts_at for each in seen.suggested]


@pytest.mark.parametrize(
    ("who", "attendees", "facilitators", "code"),
    [
        ("Priya", ["Priya"], [], "missing.permissions"),
        ("Dana", ["Priya", "Sam"], [], "no.permission.for.requested.users"),
        ("Dana", ["Priya"], ["Omar"], "no.permission.for.requested.users"),
        ("Dana", ["nobody"], [], "no.permission.for.requested.users"),
        ("Omar", ["a\x00b"], [], "no.permission.for.requested.users"),
    ],
)
def test_only_the_time_of_people_within_reach_is_told(
    shared: Workplace, who: str, attendees: list[str], facilitators: list[str], code: str
) -> None:
    with shared.refuses(Denied, code):
        ask(shared, who, *attendees, facilitators=facilitators)


def test_one_may_ask_about_oneself_beside_those_elsewhere(desk: Workplace) -> None:
    desk.grant("Omar", ("Supervisor", "Home"))
    assert ask(desk, "Omar", "Jonas", facilitators=["Omar"]).suggested


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"length_minutes": 20}, "length_minutes"),
        ({"length_minutes": 0}, "length_minutes"),
        ({"length_minutes": 75}, "length_minutes"),
        ({"attendee_ids": []}, "attendee_ids"),
        ({"attendee_ids": ["x"] * 101}, "attendee_ids"),
        ({"facilitator_ids": ["x"] * 101}, "facilitator_ids"),
        ({"interruptible_ids": ["x"] * 101}, "interruptible_ids"),
        ({"interval": Interval(starts_at=MONDAY, ends_at=MONDAY)}, "interval"),
        ({"interval": Interval(starts_at=MONDAY + MINUTE, ends_at=MONDAY)}, "interval"),
        (
            {
                "interval": Interval(
                    starts_at=MONDAY, ends_at=MONDAY + timedelta(days=42, minutes=1)
                )
            },
            "interval",
        ),
        (
            {"interval": Interval(starts_at=datetime.min.replace(tzinfo=UTC), ends_at=MONDAY)},
            "interval",
        ),
        (
            {
                "interval": Interval(
                    starts_at=datetime.max.replace(tzinfo=UTC) - MINUTE,
                    ends_at=datetime.max.replace(tzinfo=UTC),
                )
            },
            "interval",
        ),
    ],
)
def test_a_search_that_cannot_be_made_is_refused(
    shared: Workplace, changes: dict[str, Any], field: str
) -> None:
    with shared.refuses(Invalid, "constraint.validation", field):
        ask(shared, "Dana", "Priya", **changes)
