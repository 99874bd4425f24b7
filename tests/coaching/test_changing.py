"""Changing: what is absent stays, what is empty clears, what is the same is no change."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from bot import coaching
from bot.coaching import Appointment, AppointmentChanges, Invalid, Status
from tests.coaching.workplace import Workplace

EXTRAS: dict[str, Any] = {
    "location": "Room 4",
    "external_links": ["https://example.com/a", "https://example.com/b"],
    "conversation_ids": ["0f8fad5b-d9cb-469f-a165-70867728950e"],
    "document_ids": ["guide"],
    "share_insights_data": True,
    "wfm_schedule": {"id": "w1"},
}


def session(desk: Workplace, **given: Any) -> Appointment:
    return desk.schedule("Dana", "Priya", facilitator="Grace", **(EXTRAS | given))


def change(desk: Workplace, made: Appointment, who: str = "Dana", **changes: Any) -> Appointment:
    wanted = AppointmentChanges(**changes)
    return coaching.change(desk.context, desk.caller(who), made.id, wanted)


def test_what_is_not_mentioned_stays(workplace: Workplace) -> None:
    made = session(workplace)
    workplace.clock.advance(timedelta(minutes=1))
    assert change(workplace, made, "Grace", name=" New name ") == replace(
        made,
        name="New name",
        revision=made.revision + 1,
        modified_by=workplace.ids["Grace"],
        modified_at=workplace.clock(),
    )


CLEARED: list[tuple[str, Any, Any]] = [
    ("location", None, None),
    ("location", " ", None),
    ("external_links", [], ()),
    ("conversation_ids", [], ()),
    ("document_ids", [], ()),
    ("share_insights_data", None, None),
    ("wfm_schedule", None, None),
]


@pytest.mark.parametrize(("field", "value", "stored"), CLEARED)
def test_what_is_empty_clears(workplace: Workplace, field: str, value: Any, stored: Any) -> None:
    made = session(workplace)
    changed = change(workplace, made, **{field: value})
    assert changed == replace(made, revision=made.revision + 1, **{field: stored})
    [_, entry] = workplace.audit("appointment", made.id)
    before = getattr(made, field)
    before = list(before) if isinstance(before, tuple) else before
    after = list(stored) if isinstance(stored, tuple) else stored
    assert (entry.action, entry.before, entry.after) == ("Update", {field: before}, {field: after})


def test_a_list_replaces_the_list_in_its_order(desk: Workplace) -> None:
    made = session(desk)
    links = ["https://example.com/b", "https://example.com/c", "https://example.com/a"]
    assert change(desk, made, external_links=links).external_links == tuple(links)


def whole(made: Appointment) -> dict[str, Any]:
    """Everything that a request may mention, as a client sends it back."""
    names = {each.name for each in fields(AppointmentChanges)} - {"add_to_schedule"}
    found = {name: getattr(made, name) for name in names}
    found = {name: list(v) if isinstance(v, tuple) else v for name, v in found.items()}
    return found | {"starts_at": made.starts_at + timedelta(seconds=59), "add_to_schedule": True}


@pytest.mark.parametrize("status", Status)
def test_a_whole_session_sent_back_changes_nothing(workplace: Workplace, status: Status) -> None:
    made = session(workplace)
    if status is Status.INVALID_SCHEDULE:
        made = coaching.invalidate(workplace.context, made.id)
    elif status is not Status.SCHEDULED:
        caller = workplace.caller("Grace")
        made = coaching.change_status(workplace.context, caller, made.id, status)
    workplace.clock.advance(timedelta(days=50))
    before, woken = workplace.everything(), workplace.woken
    assert change(workplace, made, **whole(made)) == made
    assert (workplace.everything(), workplace.woken) == (before, woken)


def test_a_whole_session_sent_back_with_one_change_is_that_change(desk: Workplace) -> None:
    made = session(desk)
    desk.clock.advance(timedelta(days=50))
    change(desk, made, **(whole(made) | {"name": "Other"}))
    [_, entry] = desk.audit("appointment", made.id)
    assert (entry.before, entry.after) == ({"name": "Call review"}, {"name": "Other"})


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"name": " "}, "constraint.validation", "name"),
    ({"description": ""}, "constraint.validation", "description"),
    ({"length_minutes": 61}, "constraint.validation", "length_minutes"),
    ({"starts_at": timedelta(0)}, "invalid.date", "starts_at"),
    ({"starts_at": timedelta(days=43)}, "invalid.date", "starts_at"),
    ({"external_links": ["http://example.com/"]}, "invalid.value", "external_links"),
    ({"conversation_ids": [""]}, "invalid.value", "conversation_ids"),
    ({"document_ids": ["x"] * 51}, "constraint.validation", "document_ids"),
    ({"location": "x" * 501}, "constraint.validation", "location"),
]


@pytest.mark.parametrize(("changes", "code", "field"), BAD)
def test_a_bad_value_changes_nothing(
    shared: Workplace, changes: dict[str, Any], code: str, field: str
) -> None:
    hours = timedelta(hours=len(shared.everything()["appointments"]) + 1)
    made = session(shared, starts_at=shared.clock() + hours)
    if "starts_at" in changes:
        changes = {"starts_at": shared.clock() + changes["starts_at"]}
    with shared.refuses(Invalid, code, field):
        change(shared, made, **({"share_insights_data": False} | changes))


def test_a_session_that_has_begun_late_may_still_be_renamed_but_not_resized(
    desk: Workplace,
) -> None:
    made = session(desk)
    desk.clock.advance(timedelta(days=2, minutes=5))
    assert change(desk, made, name="Other").name == "Other"
    with desk.refuses(Invalid, "invalid.date", "starts_at"):
        change(desk, made, length_minutes=45)


def test_moving_plans_anew(workplace: Workplace) -> None:
    made = session(workplace)
    workplace.clock.advance(timedelta(days=1, hours=23, minutes=30))
    now, start = workplace.clock(), made.starts_at + timedelta(hours=20)
    moved = change(workplace, made, starts_at=start, length_minutes=60)
    assert (moved.starts_at, moved.ends_at) == (start, start + timedelta(hours=1))
    reminded = [
        ("Reminder", who, lead, start - before)
        for who in ("Grace", "Priya")
        for lead, before in (("1h", timedelta(hours=1)), ("10m", timedelta(minutes=10)))
    ]
    assert sorted(workplace.owed(made.id)) == sorted(
        [
            *reminded,
            *(("Overdue", who, "1", start + timedelta(minutes=75)) for who in ("Grace", "Dana")),
            # Not told of the session itself yet, so that they need no second message.
            *(("Create", who, "r1", made.created_at) for who in ("Grace", "Priya")),
        ]
    )
    assert now > made.created_at


def test_renaming_leaves_the_plan_alone(desk: Workplace) -> None:
    made = session(desk)
    before = desk.owed(made.id)
    change(desk, made, name="Other", external_links=[])
    assert desk.owed(made.id) == before


def test_a_longer_session_is_overdue_later(desk: Workplace) -> None:
    made = session(desk)
    change(desk, made, length_minutes=60)
    due = {each[3] for each in desk.owed(made.id) if each[0] == "Overdue"}
    assert due == {made.starts_at + timedelta(minutes=75)}


@pytest.mark.parametrize("field", ["starts_at", "length_minutes"])
def test_a_valid_time_ends_the_need_for_one(workplace: Workplace, field: str) -> None:
    made = session(workplace)
    invalid = coaching.invalidate(workplace.context, made.id)
    assert [each for each in workplace.owed(made.id) if each[0] in {"Reminder", "Overdue"}] == []
    values: dict[str, Any] = {
        "starts_at": made.starts_at + timedelta(hours=1),
        "length_minutes": 15,
    }
    back = change(workplace, invalid, **{field: values[field]})
    assert back.status is Status.SCHEDULED
    history = coaching.status_history(workplace.context, workplace.caller("Dana"), made.id)
    assert [each.status.value for each in history.entities] == [
        "Scheduled",
        "InvalidSchedule",
        "Scheduled",
    ]
    kinds = [each[0] for each in workplace.owed(made.id)]
    assert (kinds.count("Reminder"), kinds.count("Overdue")) == (6, 2)


def test_another_name_does_not_end_the_need_for_a_time(desk: Workplace) -> None:
    made = coaching.invalidate(desk.context, session(desk).id)
    assert change(desk, made, name="Other").status is Status.INVALID_SCHEDULE


def test_a_status_may_come_with_a_change(workplace: Workplace) -> None:
    made = session(workplace)
    workplace.clock.advance(timedelta(minutes=1))
    done = change(workplace, made, name="Other", status=Status.COMPLETED)
    now = workplace.clock()
    assert (done.name, done.status, done.completed_at) == ("Other", Status.COMPLETED, now)
    assert done.completed_by == workplace.ids["Dana"]
    [_, entry] = workplace.audit("appointment", made.id)
    assert (entry.action, entry.after) == ("Update", {"name": "Other", "status": "Completed"})
    assert sorted(each[:2] for each in workplace.owed(made.id)) == [
        ("Update", "Grace"),
        ("Update", "Priya"),
    ]


def test_a_status_alone_is_a_change_of_status(desk: Workplace) -> None:
    made = session(desk)
    change(desk, made, status=Status.IN_PROGRESS)
    [_, entry] = desk.audit("appointment", made.id)
    assert (entry.action, entry.before, entry.after) == (
        "StatusChange",
        {"status": "Scheduled"},
        {"status": "InProgress"},
    )


def test_a_session_is_started_and_renamed_at_once_but_not_moved_once_begun(desk: Workplace) -> None:
    made = session(desk)
    later = made.starts_at + timedelta(hours=1)
    begun = change(desk, made, status=Status.IN_PROGRESS, starts_at=later, name="Other")
    assert (begun.status, begun.starts_at, begun.name) == (Status.IN_PROGRESS, later, "Other")
    with desk.refuses(coaching.Conflict, "appointment.state.conflict", "starts_at"):
        change(desk, made, status=Status.SCHEDULED, starts_at=made.starts_at)


def test_deleting_leaves_the_trail_and_frees_everything_else(workplace: Workplace) -> None:
    made = session(workplace)
    workplace.clock.advance(timedelta(minutes=1))
    coaching.delete(workplace.context, workplace.caller("Dana"), made.id)
    [_, entry] = workplace.audit("appointment", made.id)
    assert (entry.action, entry.actor_id, entry.after) == ("delete", workplace.ids["Dana"], None)
    assert (entry.before or {})["name"] == "Call review"
    with workplace.store.read() as tx:
        row = tx.appointments.the(made.id)
    assert row == replace(
        made,
        deleted_at=workplace.clock(),
        modified_at=workplace.clock(),
        revision=made.revision + 1,
    )
    page = coaching.my_appointments(
        workplace.context, workplace.caller("Priya"), coaching.AppointmentQuery()
    )
    assert (page.total, workplace.owed(made.id)) == (0, [])
