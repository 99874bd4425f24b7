"""Nobody is booked twice, and a refusal tells no more of the other session than one may see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot import coaching
from bot.coaching import AppointmentChanges, Conflict, Status
from tests.coaching.workplace import Workplace

CONFLICT = (Conflict, "appointment.conflict", "starts_at")
HALF = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"attendees": ["Priya"]}, {"attendees": ["Priya"]}),
        ({"attendees": ["Priya"]}, {"attendees": ["Jonas", "Priya"]}),
        ({"attendees": ["Priya"]}, {"attendees": ["Jonas"], "facilitator": "Priya"}),
        ({"attendees": ["Jonas"], "facilitator": "Priya"}, {"attendees": ["Priya"]}),
        (
            {"attendees": ["Jonas"], "facilitator": "Grace"},
            {"attendees": ["Priya"], "facilitator": "Grace"},
        ),
    ],
)
def test_no_participant_is_booked_twice(
    desk: Workplace, first: dict[str, Any], second: dict[str, Any]
) -> None:
    desk.schedule("Dana", *first["attendees"], facilitator=first.get("facilitator"))
    with desk.refuses(*CONFLICT):
        desk.schedule("Alex", *second["attendees"], facilitator=second.get("facilitator"))


@pytest.mark.parametrize(
    ("shift", "length", "free"),
    [
        (-HALF, 30, True),
        (HALF, 30, True),
        (-HALF, 31, False),
        (HALF - MINUTE, 30, False),
        (timedelta(minutes=10), 5, False),
        (-10 * MINUTE, 60, False),
    ],
)
def test_back_to_back_is_fine(
    workplace: Workplace, shift: timedelta, length: int, free: bool
) -> None:
    made = workplace.schedule("Dana", "Priya")
    times = {"starts_at": made.starts_at + shift, "length_minutes": length}
    if free:
        workplace.schedule("Dana", "Priya", **times)
        return
    with workplace.refuses(*CONFLICT):
        workplace.schedule("Dana", "Priya", **times)


@pytest.mark.parametrize(
    ("how", "blocks"),
    [
        ("scheduled", True),
        ("started", True),
        ("reset", True),
        ("completed", False),
        ("invalid", False),
        ("deleted", False),
        ("moved", False),
    ],
)
def test_only_what_will_take_place_blocks(workplace: Workplace, how: str, blocks: bool) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    context, dana = workplace.context, workplace.caller("Dana")
    later = AppointmentChanges(starts_at=made.starts_at + HALF)
    steps: dict[str, Callable[[], object]] = {
        "scheduled": lambda: None,
        "started": lambda: coaching.change_status(context, dana, made.id, Status.IN_PROGRESS),
        "reset": lambda: [
            coaching.change_status(context, dana, made.id, each)
            for each in (Status.IN_PROGRESS, Status.SCHEDULED)
        ],
        "completed": lambda: coaching.change_status(context, dana, made.id, Status.COMPLETED),
        "invalid": lambda: coaching.invalidate(context, made.id),
        "deleted": lambda: coaching.delete(context, dana, made.id),
        "moved": lambda: coaching.change(context, dana, made.id, later),
    }
    steps[how]()
    if not blocks:
        workplace.schedule("Dana", "Priya", facilitator="Grace")
        return
    with workplace.refuses(*CONFLICT):
        workplace.schedule("Dana", "Priya")


def test_organizing_alone_takes_no_time(desk: Workplace) -> None:
    desk.schedule("Dana", "Priya")
    desk.schedule("Dana", "Jonas")
    desk.schedule("Grace", "Dana")


def test_a_session_does_not_stand_in_its_own_way(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya")
    other = workplace.schedule("Dana", "Priya", starts_at=made.ends_at)
    dana = workplace.caller("Dana")
    earlier = AppointmentChanges(starts_at=made.starts_at - 5 * MINUTE)
    coaching.change(workplace.context, dana, made.id, earlier)
    longer = AppointmentChanges(length_minutes=36)
    with workplace.refuses(*CONFLICT) as refused:
        coaching.change(workplace.context, dana, made.id, longer)
    assert other.name in refused.value.message


def test_an_invalid_session_comes_back_only_to_a_free_time(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya")
    coaching.invalidate(workplace.context, made.id)
    taken = workplace.schedule("Dana", "Priya")
    dana = workplace.caller("Dana")
    with workplace.refuses(*CONFLICT):
        changes = AppointmentChanges(starts_at=taken.starts_at + MINUTE)
        coaching.change(workplace.context, dana, made.id, changes)
    after = AppointmentChanges(starts_at=taken.ends_at)
    assert coaching.change(workplace.context, dana, made.id, after).status is Status.SCHEDULED
    with workplace.refuses(*CONFLICT):
        workplace.schedule("Dana", "Priya", starts_at=taken.ends_at)


SECRET = "Salary dispute"


def said_to(desk: Workplace, who: str, *attendees: str, **given: Any) -> str:
    with desk.refuses(*CONFLICT) as refused:
        desk.schedule(who, *attendees, **given)
    return refused.value.message


def test_one_who_may_see_the_other_session_is_told_of_it(desk: Workplace) -> None:
    desk.schedule("Grace", "Priya", name="Call review", length_minutes=45)
    assert said_to(desk, "Dana", "Priya", "Jonas") == (
        "Priya already has “Call review” from 4:00 am to 4:45 am. Please pick another time."
    )


def test_one_who_takes_part_is_addressed(desk: Workplace) -> None:
    desk.schedule("Grace", "Priya", facilitator="Dana", name="Call review")
    assert said_to(desk, "Dana", "Jonas", facilitator="Dana") == (
        "You already have “Call review” from 4:00 am to 4:30 am. Please pick another time."
    )


@pytest.mark.parametrize(
    ("attendees", "facilitator", "tried"),
    [
        (("Sam",), "Grace", {"attendees": ("Jonas",), "facilitator": "Grace"}),
        (("Sam",), "Grace", {"attendees": ("Grace",), "facilitator": None}),
        (("Priya", "Sam"), "Omar", {"attendees": ("Priya",), "facilitator": None}),
    ],
)
def test_of_a_session_that_one_may_not_see_only_the_time_is_told(
    desk: Workplace, attendees: tuple[str, ...], facilitator: str, tried: dict[str, Any]
) -> None:
    starts_at = desk.clock() + timedelta(days=2) - 20 * MINUTE
    desk.schedule("Alex", *attendees, facilitator=facilitator, name=SECRET, starts_at=starts_at)
    said = said_to(desk, "Dana", *tried["attendees"], facilitator=tried["facilitator"])
    who = "Priya" if "Priya" in attendees else "Grace"
    assert said == f"{who} is busy then. Please pick another time."


def test_among_several_sessions_none_that_is_hidden_is_told(desk: Workplace) -> None:
    """The first in time is one that Dana may not see; the second she may."""
    start = desk.clock() + timedelta(days=2)
    desk.schedule("Alex", "Priya", "Sam", name=SECRET, starts_at=start, length_minutes=10)
    desk.schedule("Dana", "Priya", starts_at=start + HALF)
    assert said_to(desk, "Dana", "Priya", starts_at=start, length_minutes=60) == (
        "Priya is busy then. Please pick another time."
    )


def test_several_busy_people_are_only_named(desk: Workplace) -> None:
    desk.schedule("Alex", "Priya", "Sam", name=SECRET)
    desk.schedule("Dana", "Jonas", name="Call review")
    said = said_to(desk, "Dana", "Jonas", "Priya")
    assert said in {
        f"{first} and {second} are busy then. Please pick another time."
        for first, second in (("Jonas", "Priya"), ("Priya", "Jonas"))
    }


def test_moving_tells_no_more_than_scheduling(desk: Workplace) -> None:
    desk.schedule("Alex", "Priya", "Sam", name=SECRET)
    later = desk.clock() + timedelta(days=3)
    made = desk.schedule("Dana", "Priya", starts_at=later)
    with desk.refuses(*CONFLICT) as refused:
        changes = AppointmentChanges(starts_at=desk.clock() + timedelta(days=2))
        coaching.change(desk.context, desk.caller("Dana"), made.id, changes)
    assert refused.value.message == "Priya is busy then. Please pick another time."
