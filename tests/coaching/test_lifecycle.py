"""The life of a session, written out again from the contract, section 6."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import coaching
from bot.coaching import Appointment, AppointmentChanges, CoachingError, Conflict, Invalid, Status
from bot.coaching.ground import lifecycle
from tests.coaching.workplace import Workplace, assert_for_people

ALLOWED = {
    ("Scheduled", "InProgress"),
    ("InProgress", "Completed"),
    ("Scheduled", "Completed"),
    ("InProgress", "Scheduled"),
}
PAIRS = list(itertools.product(Status, Status))


def outcome(old: Status, new: Status) -> type[CoachingError] | None:
    if new == "InvalidSchedule":
        return Invalid
    return None if (old.value, new.value) in ALLOWED else Conflict


CODES = {Invalid: "validation.failure", Conflict: "appointment.state.conflict"}


def brought_to(desk: Workplace, status: Status, **given: Any) -> Appointment:
    """A session that has come to a status."""
    made = desk.schedule("Dana", "Priya", facilitator="Grace", **given)
    match status:
        case Status.SCHEDULED:
            return made
        case Status.INVALID_SCHEDULE:
            return coaching.invalidate(desk.context, made.id)
    return coaching.change_status(desk.context, desk.caller("Grace"), made.id, status)


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_status_follows_another_or_does_not(old: Status, new: Status) -> None:
    expected = outcome(old, new)
    assert lifecycle.may_become(old, new) is (expected is None)
    if expected is None:
        lifecycle.ensure_transition(old, new)
        return
    with pytest.raises(expected) as refused:
        lifecycle.ensure_transition(old, new)
    assert (refused.value.code, refused.value.field) == (CODES[expected], "status")
    assert_for_people(refused.value.message)


def test_every_pair_through_the_use_case(desk: Workplace) -> None:
    for number, (old, new) in enumerate(PAIRS):
        made = brought_to(desk, old, starts_at=desk.clock() + timedelta(hours=number + 1))
        expected = outcome(old, new)
        if expected is None:
            changed = coaching.change_status(desk.context, desk.caller("Grace"), made.id, new)
            assert changed.status is new
            continue
        with desk.refuses(expected, CODES[expected], "status"):
            coaching.change_status(desk.context, desk.caller("Grace"), made.id, new)


TEXT = AppointmentChanges(name="Another name", description="Other", location="Room 4")
ATTACHED = AppointmentChanges(external_links=["https://example.com/"], document_ids=["d"])
LONGER = AppointmentChanges(length_minutes=45)
MAY = {
    # what each status allows: text, attachments, time, deleting
    Status.SCHEDULED: (True, True, True, True),
    Status.INVALID_SCHEDULE: (True, True, True, True),
    Status.IN_PROGRESS: (True, True, False, False),
    Status.COMPLETED: (False, False, False, False),
}


@pytest.mark.parametrize("status", Status)
def test_what_each_status_allows(desk: Workplace, status: Status) -> None:
    made = brought_to(desk, status)
    dana = desk.caller("Dana")
    for changes, allowed in zip((TEXT, ATTACHED, LONGER), MAY[status], strict=False):
        if allowed:
            coaching.change(desk.context, dana, made.id, changes)
            continue
        time_field = "length_minutes" if changes is LONGER and status != "Completed" else None
        with desk.refuses(Conflict, "appointment.state.conflict", time_field):
            coaching.change(desk.context, dana, made.id, changes)
    if MAY[status][3]:
        coaching.delete(desk.context, dana, made.id)
    else:
        with desk.refuses(Conflict, "appointment.state.conflict"):
            coaching.delete(desk.context, dana, made.id)


@pytest.mark.parametrize("old", Status)
def test_needing_a_new_time_is_never_accepted_in_a_request(desk: Workplace, old: Status) -> None:
    made = brought_to(desk, old)
    asked = AppointmentChanges(status=Status.INVALID_SCHEDULE)
    if old is Status.INVALID_SCHEDULE:
        assert coaching.change(desk.context, desk.caller("Dana"), made.id, asked) == made
        return
    with desk.refuses(Invalid, "validation.failure", "status"):
        coaching.change(desk.context, desk.caller("Dana"), made.id, asked)


@pytest.mark.parametrize("old", [each for each in Status if each is not Status.SCHEDULED])
def test_only_a_scheduled_session_comes_to_need_a_new_time(desk: Workplace, old: Status) -> None:
    made = brought_to(desk, old)
    with desk.refuses(Conflict, "appointment.state.conflict", "status"):
        coaching.invalidate(desk.context, made.id)


def test_the_history_keeps_every_status_in_order(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    context, clock = workplace.context, workplace.clock
    steps = (
        ("Grace", Status.IN_PROGRESS),
        ("Dana", Status.SCHEDULED),
        (None, Status.INVALID_SCHEDULE),
        ("Dana", Status.SCHEDULED),
        ("Grace", Status.COMPLETED),
    )
    expected: list[tuple[str, str | None, datetime]] = [
        ("Scheduled", workplace.ids["Dana"], clock())
    ]
    for who, status in steps:
        clock.advance(timedelta(minutes=1))
        if who is None:
            coaching.invalidate(context, made.id)
        elif coaching.find(context, workplace.caller("Dana"), made.id).status == "InvalidSchedule":
            moved = AppointmentChanges(starts_at=made.starts_at + timedelta(hours=1))
            coaching.change(context, workplace.caller(who), made.id, moved)
        else:
            coaching.change_status(context, workplace.caller(who), made.id, status)
        expected.append((status.value, workplace.ids[who] if who else None, clock()))
    page = coaching.status_history(context, workplace.caller("Priya"), made.id)
    assert [(each.status.value, each.created_by, each.created_at) for each in page.entities] == (
        expected
    )
    done = coaching.find(context, workplace.caller("Dana"), made.id)
    assert (done.completed_at, done.completed_by) == (clock(), workplace.ids["Grace"])
    second = coaching.status_history(
        context, workplace.caller("Priya"), made.id, page_number=2, page_size=4
    )
    assert (list(second.entities), second.total) == (list(page.entities)[4:], 6)
