"""Searches for the best slots: what is best, that the answer is kept, and for whom."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from bot import coaching
from bot.coaching import (
    Denied,
    Interval,
    Invalid,
    JobSlot,
    NotFound,
    Slot,
    SlotJob,
    SlotJobRequest,
    SlotJobStatus,
)
from tests.coaching.workplace import Workplace

TUESDAY: Final = datetime(2026, 3, 3, tzinfo=UTC)


def at(hours: float) -> datetime:
    return TUESDAY + timedelta(hours=hours)


def between(start: float, end: float) -> Interval:
    return Interval(starts_at=at(start), ends_at=at(end))


def leave(office: Workplace, who: str, *intervals: Interval, **changes: Any) -> SlotJob:
    values: dict[str, Any] = {
        "attendee_ids": [office.ids["Jonas"]],
        "facilitator_ids": [office.ids["Grace"]],
        "length_minutes": 30,
        "activity_code_id": "coaching",
        "intervals": intervals or (between(9, 17),),
    }
    request = SlotJobRequest(**(values | changes))
    return coaching.add_slot_job(office.context, office.caller(who), request)


def test_the_best_slot_is_the_earliest_free_else_one_in_conflict_else_none(
    workplace: Workplace,
) -> None:
    workplace.schedule("Grace", "Jonas", starts_at=at(9), length_minutes=50)
    wanted = [between(8, 17), between(9, 9.75), between(17, 24), between(-24, 0), between(9, 9.25)]
    left = leave(workplace, "Dana", *wanted)
    best = [
        JobSlot(wanted[0], Slot(at(10), 30), has_conflict=False),
        JobSlot(wanted[1], Slot(at(9), 30), has_conflict=True),
        JobSlot(wanted[2], None, has_conflict=False),
        JobSlot(wanted[3], Slot(at(-14.75), 30), has_conflict=False),
        JobSlot(wanted[4], None, has_conflict=False),
    ]
    assert list(left.results) == best
    assert left.status is SlotJobStatus.COMPLETE
    assert left.created_at == workplace.clock()
    found = coaching.find_slot_job(workplace.context, workplace.caller("Dana"), left.id)
    assert found == left
    [entry] = workplace.audit("slot job", left.id)
    assert (entry.action, entry.actor_id) == ("search", workplace.ids["Dana"])


def test_an_answer_is_for_whoever_left_the_search(workplace: Workplace) -> None:
    left = leave(workplace, "Dana")
    for who in ("Grace", "Alex"):
        with workplace.refuses(NotFound, "not.found"):
            coaching.find_slot_job(workplace.context, workplace.caller(who), left.id)
    with workplace.refuses(NotFound, "not.found"):
        coaching.find_slot_job(workplace.context, workplace.caller("Dana"), "unknown")
    with workplace.refuses(Denied, "missing.permissions"):
        coaching.find_slot_job(workplace.context, workplace.caller("Jonas"), left.id)


def test_an_answer_is_kept_for_a_week(desk: Workplace) -> None:
    left = leave(desk, "Dana")
    desk.clock.advance(timedelta(days=7))
    later = leave(desk, "Dana", Interval(starts_at=desk.clock(), ends_at=at(24 * 9)))
    assert coaching.find_slot_job(desk.context, desk.caller("Dana"), left.id) == left
    desk.clock.advance(timedelta(minutes=1))
    leave(desk, "Dana", Interval(starts_at=desk.clock(), ends_at=at(24 * 9)))
    with desk.refuses(NotFound, "not.found"):
        coaching.find_slot_job(desk.context, desk.caller("Dana"), left.id)
    assert coaching.find_slot_job(desk.context, desk.caller("Dana"), later.id) == later


@pytest.mark.parametrize(
    ("who", "attendee", "code"),
    [
        ("Jonas", "Jonas", "missing.permissions"),
        ("Dana", "Sam", "no.permission.for.requested.users"),
        ("Omar", "Jonas", "no.permission.for.requested.users"),
    ],
)
def test_only_the_time_of_people_within_reach_is_searched(
    shared: Workplace, who: str, attendee: str, code: str
) -> None:
    with shared.refuses(Denied, code):
        leave(shared, who, attendee_ids=[shared.ids[attendee]], facilitator_ids=[])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"length_minutes": 25}, "length_minutes"),
        ({"attendee_ids": []}, "attendee_ids"),
        ({"intervals": []}, "intervals"),
        ({"intervals": [between(9, 17)] * 51}, "intervals"),
        ({"intervals": [between(9, 17), between(9, 9)]}, "intervals"),
        ({"intervals": [between(0, 24 * 42 + 1)]}, "intervals"),
        ({"slots_type": "WorstTime"}, "slots_type"),
        ({"activity_code_id": "x" * 256}, "activity_code_id"),
        ({"activity_code_id": "a\x00b"}, "activity_code_id"),
    ],
)
def test_a_search_that_cannot_be_made_is_refused(
    shared: Workplace, changes: dict[str, Any], field: str
) -> None:
    with shared.refuses(Invalid, "constraint.validation", field):
        leave(shared, "Dana", **changes)
