"""The board of free time: what a search would find, each of which can be booked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import (
    Denied,
    Interval,
    Invalid,
    Prefill,
    SlotBoard,
    SlotOffer,
    SlotQuery,
    TypedChanges,
)
from tests.coaching.workplace import Workplace, assert_for_people

HORIZON: Final = timedelta(days=42)
ALL_DAY: Final = {"days": list(range(7)), "from": "00:00", "to": "23:59"}


def board(desk: Workplace, who: str, *attendees: str, **told: Any) -> SlotBoard:
    """Ask for the board of a new form of these people."""
    coaching.start_over(desk.context, desk.caller(who), "new")
    people = tuple(desk.ids[each] for each in attendees)
    facilitator = told.pop("facilitator", None)
    changes = TypedChanges(
        attendee_ids=people, facilitator_id=desk.ids[facilitator] if facilitator else None, **told
    )
    coaching.keep_typed(desk.context, desk.caller(who), "new", changes)
    return coaching.slot_board(desk.context, desk.caller(who), "new")


def offers_of(found: SlotBoard) -> Iterator[SlotOffer]:
    for day in found.days:
        yield from day.offers
    yield from found.beyond


@settings(max_examples=25)
@given(
    moment=st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 1)),  # noqa: DTZ001
    week=st.integers(-1, 8),
    minutes=st.sampled_from((15, 30, 45, 60)),
    busy=st.lists(st.integers(0, 160), max_size=6, unique=True),
    data=st.data(),
)
def test_whatever_is_offered_is_free_and_can_be_booked(
    desk: Workplace, moment: datetime, week: int, minutes: int, busy: list[int], data: st.DataObject
) -> None:
    desk.clock.moment = moment.replace(tzinfo=UTC)
    now = desk.clock.moment
    taken = [now + timedelta(hours=hours + 1) for hours in busy]
    made = [desk.schedule("Dana", "Priya", starts_at=each) for each in taken]
    asked = {"week": week, "length_minutes": minutes, "facilitator": "Dana"}
    found = board(desk, "Dana", "Priya", "Jonas", **asked)
    query = SlotQuery(
        interval=Interval(starts_at=now, ends_at=now + HORIZON),
        length_minutes=minutes,
        attendee_ids=[desk.ids["Priya"], desk.ids["Jonas"]],
        facilitator_ids=[desk.ids["Dana"]],
    )
    free = [
        (each.starts_at, each.length_minutes)
        for each in coaching.find_slots(desk.context, desk.caller("Dana"), query).suggested
    ]
    offered = [(each.starts_at, each.length_minutes) for each in offers_of(found)]
    assert set(offered) <= set(free)
    assert bool(offered) == bool(free)
    assert offered == sorted(offered)
    assert all(now < starts_at <= now + HORIZON for starts_at, _ in offered)
    assert bool(found.why_none) == (not found.days)
    assert not (found.days and found.beyond)
    assert len(found.beyond) <= 5
    if offered:
        starts_at, _ = data.draw(st.sampled_from(offered))
        coaching.keep_typed(
            desk.context,
            desk.caller("Dana"),
            "new",
            TypedChanges(name="Free", description="Found on the board", starts_at=starts_at),
        )
        made.append(coaching.save_form(desk.context, desk.caller("Dana"), "new"))
        assert made[-1].starts_at == starts_at
    for each in made:
        coaching.delete(desk.context, desk.caller("Dana"), each.id)


def test_a_week_is_shown_by_day_with_everybodys_time(desk: Workplace) -> None:
    found = board(desk, "Dana", "Priya", "Jonas", "Grace", week=1, length_minutes=60)
    assert [day.words for day in found.days] == [
        "Mon 9 Mar",
        "Tue 10 Mar",
        "Wed 11 Mar",
        "Thu 12 Mar",
        "Fri 13 Mar",
    ]
    first = found.days[0].offers[0]
    assert first.starts_at == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    assert first.words == "Mon 9 Mar at 5:00 am"
    assert first.local == (
        "2:30 pm for Priya, Kolkata",
        "9:00 am for Jonas and Grace, London",
    )


def test_another_day_is_named_where_it_is_another(desk: Workplace) -> None:
    with desk.store.begin() as tx:
        for name in ("Grace", "Priya"):
            row = tx.people.for_change(desk.ids[name])
            assert row is not None
            row.working_hours = ALL_DAY
    found = board(desk, "Grace", "Priya", week=1)
    evening = [each for each in found.days[0].offers if "8:00 pm" in each.words]
    assert [each.local for each in evening] == [("Tue 10 Mar at 1:30 am for Priya, Kolkata",)]


def test_the_session_that_is_moved_is_not_in_its_own_way(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", starts_at=datetime(2026, 3, 4, 10, 0, tzinfo=UTC))
    dana = desk.caller("Dana")
    coaching.open_form(desk.context, dana, made.id)
    own = coaching.slot_board(desk.context, dana, made.id)
    assert made.starts_at in {each.starts_at for each in offers_of(own)}
    other = board(desk, "Dana", "Priya")
    assert made.starts_at not in {each.starts_at for each in offers_of(other)}


SECRET: Final = "Salary dispute"


def fill_week(desk: Workplace, who: str, name: str) -> None:
    """Take all of somebody's time in the coming week."""
    opens = datetime(2026, 3, 9, 0, 0, tzinfo=UTC)
    for hour in range(24 * 7 + 4):
        desk.schedule(
            "Alex",
            who,
            "Sam",
            name=name,
            starts_at=opens + timedelta(hours=hour),
            length_minutes=60,
        )


def test_why_nothing_is_free_tells_names_and_no_more(desk: Workplace) -> None:
    fill_week(desk, "Priya", SECRET)
    found = board(desk, "Dana", "Priya", "Jonas", week=1)
    assert found.why_none == ("Priya is busy whenever everybody works that week.",)
    assert SECRET not in repr(found)
    assert "Sam" not in repr(found)
    assert [each.words for each in found.beyond] == [
        f"Mon 16 Mar at {each} am" for each in ("5:00", "5:30", "6:00", "6:30", "7:00")
    ]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (
            {"days": [], "from": "09:00", "to": "17:00"},
            "Priya has no working hours left this week.",
        ),
        (
            {"days": [0, 1], "from": "05:00", "to": "06:00"},
            "There is no time this week when everybody is at work.",
        ),
    ],
)
def test_who_does_not_work_is_named(desk: Workplace, hours: dict[str, Any], said: str) -> None:
    with desk.store.begin() as tx:
        row = tx.people.for_change(desk.ids["Priya"])
        assert row is not None
        row.working_hours = hours
    found = board(desk, "Dana", "Priya", "Jonas")
    assert (found.days, found.beyond, found.why_none) == ((), (), (said,))
    assert_for_people(said)


def test_who_asks_is_addressed(desk: Workplace) -> None:
    desk.clock.moment = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
    found = board(desk, "Dana", "Jonas", facilitator="Dana")
    assert found.why_none == ("Dana and Jonas have no working hours left this week.",)
    with desk.store.begin() as tx:
        row = tx.people.for_change(desk.ids["Jonas"])
        assert row is not None
        row.working_hours = ALL_DAY
    found = board(desk, "Dana", "Jonas", facilitator="Dana")
    assert found.why_none == ("You have no working hours left this week.",)


def test_who_may_not_look_is_refused(desk: Workplace) -> None:
    dana, priya = desk.caller("Dana"), desk.caller("Priya")
    made = desk.schedule("Dana", "Priya")
    with desk.refuses(Denied, "forbidden"):
        coaching.slot_board(desk.context, priya, made.id)
    coaching.open_form(desk.context, dana, "new")
    with desk.refuses(Invalid, "validation.error", "attendee_ids"):
        coaching.slot_board(desk.context, dana, "new")
    coaching.open_form(desk.context, dana, "new", prefill=Prefill(attendee_ids=(desk.ids["Sam"],)))
    with desk.refuses(Denied, "no.permission.for.requested.users"):
        coaching.slot_board(desk.context, dana, "new")
