"""Lists of sessions: whose, which, and in what order (contract, sections 3.1 and 3.2)."""

from datetime import timedelta
from typing import Any

import pytest

from bot import coaching
from bot.coaching import (
    Appointment,
    AppointmentQuery,
    Denied,
    Interval,
    Invalid,
    Page,
    Relationship,
)
from tests.coaching.workplace import Workplace

HOUR = timedelta(hours=1)


def fill(desk: Workplace) -> None:
    """Sessions named by creator, facilitator and attendees, an hour apart."""
    parties: list[tuple[str, tuple[str, ...], str | None]] = [
        ("Dana", ("Priya",), "Grace"),
        ("Dana", ("Grace",), "Dana"),
        ("Grace", ("Dana",), None),
        ("Alex", ("Sam",), "Dana"),
        ("Alex", ("Sam", "Priya"), "Omar"),
        ("Omar", ("Sam",), None),
    ]
    for number, (creator, attendees, facilitator) in enumerate(parties, start=1):
        desk.schedule(
            creator,
            *attendees,
            facilitator=facilitator,
            name=f"{number} {creator}>{facilitator}>{'+'.join(attendees)}",
            starts_at=desk.clock() + number * HOUR,
        )


def numbers(page: Page[Appointment]) -> list[int]:
    found = [int(each.name.split()[0]) for each in page.entities]
    assert page.total == len(found)
    return found


def mine(desk: Workplace, who: str, **query: Any) -> list[int]:
    wanted = AppointmentQuery(**query)
    return numbers(coaching.my_appointments(desk.context, desk.caller(who), wanted))


def test_ones_own_sessions_are_those_one_is_related_to(workplace: Workplace) -> None:
    fill(workplace)
    assert mine(workplace, "Dana") == [4, 3, 2, 1]
    assert mine(workplace, "Dana", ascending=True) == [1, 2, 3, 4]
    assert mine(workplace, "Sam") == [6, 5, 4]
    assert mine(workplace, "Jonas") == []


@pytest.mark.parametrize(
    ("relationships", "expected"),
    [
        ([Relationship.CREATOR], [2, 1]),
        ([Relationship.FACILITATOR], [4, 2]),
        ([Relationship.ATTENDEE], [3]),
        ([Relationship.ATTENDEE, Relationship.FACILITATOR], [4, 3, 2]),
    ],
)
def test_ones_own_sessions_by_what_one_is_to_them(
    workplace: Workplace, relationships: list[Relationship], expected: list[int]
) -> None:
    fill(workplace)
    assert mine(workplace, "Dana", relationships=relationships) == expected
    context, dana = workplace.context, workplace.caller("Dana")
    cards = coaching.list_cards(context, dana, AppointmentQuery(relationships=relationships))
    assert [int(each.name.split()[0]) for each in cards.entities] == expected


def test_ones_own_sessions_stay_ones_own_whoever_is_named(desk: Workplace) -> None:
    fill(desk)
    assert mine(desk, "Priya", user_ids=[desk.ids["Dana"]]) == [5, 1]


def test_the_sessions_of_people_are_those_that_one_may_see(workplace: Workplace) -> None:
    fill(workplace)
    ids = workplace.ids
    named = {
        ("Dana", "Priya"): [1],
        ("Dana", "Dana"): [4, 3, 2, 1],
        ("Grace", "Priya"): [1],
        ("Grace", "Dana"): [3, 2, 1],
        ("Omar", "Sam"): [6, 5, 4],
        ("Alex", "Priya"): [5, 1],
    }
    for (who, whose), expected in named.items():
        query = AppointmentQuery(user_ids=[ids[whose]])
        page = coaching.list_appointments(workplace.context, workplace.caller(who), query)
        assert numbers(page) == expected


@pytest.mark.parametrize("user_ids", [None, [], [str(number) for number in range(101)]])
def test_people_must_be_named_and_not_too_many(desk: Workplace, user_ids: list[str] | None) -> None:
    with desk.refuses(Invalid, "users.query.param", "user_ids"):
        query = AppointmentQuery(user_ids=user_ids)
        coaching.list_appointments(desk.context, desk.caller("Dana"), query)


def test_a_person_named_twice_counts_once(desk: Workplace) -> None:
    fill(desk)
    query = AppointmentQuery(user_ids=[desk.ids["Priya"]] * 150)
    assert numbers(coaching.list_appointments(desk.context, desk.caller("Dana"), query)) == [1]


def test_one_who_is_not_there_and_one_whom_one_may_not_see_are_alike(desk: Workplace) -> None:
    said = []
    for user_id in (desk.ids["Sam"], "nobody"):
        with desk.refuses(Denied, "no.appointment.view.permission", "user_ids") as refused:
            query = AppointmentQuery(user_ids=[desk.ids["Priya"], user_id])
            coaching.list_appointments(desk.context, desk.caller("Dana"), query)
        said.append(refused.value.message)
    assert said[0] == said[1]


def test_cards_show_nothing_of_those_whom_one_may_not_see(workplace: Workplace) -> None:
    fill(workplace)
    context, dana = workplace.context, workplace.caller("Dana")
    query = AppointmentQuery(user_ids=[workplace.ids["Sam"], workplace.ids["Priya"]])
    page = coaching.list_cards(context, dana, query)
    assert ([each.name for each in page.entities], page.total) == (
        ["4 Alex>Dana>Sam", "1 Dana>Grace>Priya"],
        2,
    )


@pytest.mark.parametrize("field", ["interval", "completion_interval"])
@pytest.mark.parametrize("use_case", [coaching.my_appointments, coaching.list_cards])
def test_an_interval_does_not_end_before_it_starts(
    desk: Workplace, field: str, use_case: object
) -> None:
    assert callable(use_case)
    backwards: Any = Interval(starts_at=desk.clock() + HOUR, ends_at=desk.clock())
    with desk.refuses(Invalid, "interval.query.param", field):
        use_case(desk.context, desk.caller("Dana"), AppointmentQuery(**{field: backwards}))
    fill(desk)
    nothing: Any = {field: Interval(starts_at=desk.clock() + HOUR, ends_at=desk.clock() + HOUR)}
    found = use_case(desk.context, desk.caller("Dana"), AppointmentQuery(**nothing))
    assert found.total == 0


def test_overdue_is_computed_from_the_clock(desk: Workplace) -> None:
    fill(desk)
    nine = desk.clock()
    for hours, overdue in ((1, []), (1.5, []), (1.51, [1]), (3, [2, 1])):
        desk.clock.moment = nine + hours * HOUR
        assert mine(desk, "Dana", is_overdue=True) == overdue
        assert sorted(mine(desk, "Dana", is_overdue=False) + overdue) == [1, 2, 3, 4]
