"""Requests to schedule that are refused: the code, the field, and nothing changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.coaching import Conflict, Denied, Invalid, Standing
from tests.coaching.workplace import Workplace

START = ("invalid.date", "starts_at")
SHAPE = "constraint.validation"
REACH = "no.permission.for.requested.users"
PARTICIPATE = "participate.permission.missing"

VALUES: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, SHAPE, "name"),
    ({"name": " \t\n"}, SHAPE, "name"),
    ({"name": "x" * 201}, SHAPE, "name"),
    ({"name": "a\x00b"}, SHAPE, "name"),
    ({"name": "a\udfffb"}, SHAPE, "name"),
    ({"description": ""}, SHAPE, "description"),
    ({"description": "  "}, SHAPE, "description"),
    ({"description": "x" * 3001}, SHAPE, "description"),
    ({"location": "x" * 501}, SHAPE, "location"),
    ({"length_minutes": 0}, SHAPE, "length_minutes"),
    ({"length_minutes": 61}, SHAPE, "length_minutes"),
    ({"length_minutes": -1}, SHAPE, "length_minutes"),
    ({"external_links": ["http://example.com/"]}, "invalid.value", "external_links"),
    ({"external_links": ["javascript:alert(1)"]}, "invalid.value", "external_links"),
    ({"external_links": ["https://e.com/"] * 51}, SHAPE, "external_links"),
    ({"conversation_ids": ["https://e.com/none"]}, "invalid.value", "conversation_ids"),
    ({"document_ids": [""]}, "invalid.value", "document_ids"),
    ({"attendee_ids": []}, "validation.error", "attendee_ids"),
    ({"attendee_ids": ["nobody"]}, REACH, "attendee_ids"),
    ({"attendee_ids": ["\x00"]}, REACH, "attendee_ids"),
    ({"attendee_ids": [""]}, REACH, "attendee_ids"),
    ({"facilitator_id": "nobody"}, REACH, "facilitator_id"),
    ({"facilitator_id": ""}, REACH, "facilitator_id"),
    ({"facilitator_id": "\x00"}, REACH, "facilitator_id"),
]


@pytest.mark.parametrize(("changes", "code", "field"), VALUES)
def test_a_value_that_cannot_be(
    shared: Workplace, changes: dict[str, Any], code: str, field: str
) -> None:
    with shared.refuses(Invalid, code, field):
        shared.schedule("Dana", "Priya", **changes)


@pytest.mark.parametrize(
    "ahead",
    [
        timedelta(0),
        timedelta(seconds=59),
        timedelta(minutes=-1),
        timedelta(days=-400),
        timedelta(days=42, minutes=1),
        timedelta(days=4000),
    ],
)
def test_a_time_that_cannot_be(shared: Workplace, ahead: timedelta) -> None:
    with shared.refuses(Invalid, *START):
        shared.schedule("Dana", starts_at=shared.clock() + ahead)


@pytest.mark.parametrize("end", [(1, 1, 1), (9999, 12, 31, 23, 59)])
@pytest.mark.parametrize("hours", [-12, 0, 12])
def test_the_ends_of_the_calendar(shared: Workplace, end: Sequence[int], hours: int) -> None:
    there = timezone(timedelta(hours=hours))
    with shared.refuses(Invalid, *START):
        shared.schedule("Dana", starts_at=datetime(*end, tzinfo=there))  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("attendees", "facilitator", "field"),
    [
        (("Priya", "Priya"), None, "attendee_ids"),
        (("Priya", "Jonas"), "Jonas", "facilitator_id"),
    ],
)
def test_nobody_takes_part_twice(
    shared: Workplace, attendees: tuple[str, ...], facilitator: str | None, field: str
) -> None:
    with shared.refuses(Invalid, "validation.error", field):
        shared.schedule("Dana", *attendees, facilitator=facilitator)


@pytest.mark.parametrize(
    ("attendees", "facilitator", "field"),
    [
        (("Sam",), None, "attendee_ids"),
        (("Priya", "Sam"), None, "attendee_ids"),
        (("Priya",), "Omar", "facilitator_id"),
        (("Priya",), "Sam", "facilitator_id"),
    ],
)
def test_people_of_another_division_are_as_if_not_there(
    shared: Workplace, attendees: tuple[str, ...], facilitator: str | None, field: str
) -> None:
    with shared.refuses(Invalid, REACH, field) as refused:
        shared.schedule("Dana", *attendees, facilitator=facilitator)
    with shared.refuses(Invalid, REACH, field) as unknown:
        nobody = {field: ["nobody"] if field == "attendee_ids" else "nobody"}
        shared.schedule("Dana", **nobody)
    assert refused.value.message == unknown.value.message


STANDINGS = [each for each in Standing if each is not Standing.MEMBER]


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("field", ["attendee_ids", "facilitator_id"])
def test_only_members_take_part(desk: Workplace, standing: Standing, field: str) -> None:
    desk.hire("Robin", division="Home", roles=("Supervisor",), standing=standing)
    who = {"attendee_ids": ["Robin"], "facilitator_id": "Robin"}
    with desk.refuses(Invalid, PARTICIPATE, field) as refused:
        if field == "attendee_ids":
            desk.schedule("Dana", *who[field])
        else:
            desk.schedule("Dana", "Priya", facilitator="Robin")
    assert refused.value.message.startswith("Robin")


@pytest.mark.parametrize("field", ["attendee_ids", "facilitator_id"])
def test_only_those_who_may_participate_take_part(desk: Workplace, field: str) -> None:
    desk.hire("Robin", division="Home", roles=())
    with desk.refuses(Invalid, PARTICIPATE, field):
        if field == "attendee_ids":
            desk.schedule("Dana", "Priya", "Robin")
        else:
            desk.schedule("Dana", "Priya", facilitator="Robin")


def test_one_who_may_not_schedule_learns_nothing_of_people(shared: Workplace) -> None:
    for attendee in ("Jonas", "Sam"):
        with shared.refuses(Denied, "missing.permissions"):
            shared.schedule("Priya", attendee)
    with shared.refuses(Denied, "missing.permissions"):
        shared.schedule("Priya", attendee_ids=["nobody"])


def test_more_people_than_the_policy_allows(shared: Workplace) -> None:
    with shared.refuses(Invalid, "validation.error", "attendee_ids"):
        shared.schedule("Dana", attendee_ids=[str(number) for number in range(101)])


def test_a_taken_time_changes_nothing_either(workplace: Workplace) -> None:
    workplace.schedule("Dana", "Priya")
    with workplace.refuses(Conflict, "appointment.conflict", "starts_at"):
        workplace.schedule("Dana", "Priya", submission="form-1")
