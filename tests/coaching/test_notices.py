"""Who hears of what (contract, section 7): inbox entries, promises, and their words."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import coaching
from bot.coaching import Source
from storage import models
from tests.coaching.acts import (
    LATER,
    Act,
    complete,
    delete,
    invalidate,
    move,
    rename,
    reset,
    reset_with_a_name,
    session,
    start,
)
from tests.coaching.sending import send_all
from tests.coaching.workplace import Workplace

RELATED = {"Dana": "Creator", "Grace": "Facilitator", "Priya": "Attendee", "Jonas": "Attendee"}
EVENTS: list[tuple[Act, list[Act], str]] = [
    (rename, [], "Update"),
    (move, [], "Update"),
    (delete, [], "Delete"),
    (start, [], "StatusChange"),
    (complete, [], "StatusChange"),
    (reset, [start], "StatusChange"),
    (complete, [start], "StatusChange"),
    (move, [invalidate], "Update"),
    (invalidate, [], "StatusChange"),
]


@pytest.mark.parametrize("who", ["Dana", "Grace", "Alex"])
@pytest.mark.parametrize(("act", "first", "kind"), EVENTS)
def test_an_event_is_told_once_to_everybody_but_its_causer(
    desk: Workplace, who: str, act: Act, first: list[Act], kind: str
) -> None:
    if (act, who) == (delete, "Grace"):
        desk.grant("Grace", ("Quality Manager", "Home"))
    made = session(desk)
    for each in first:
        each(desk, "Alex", made)
    send_all(desk)
    before = entries(desk)
    desk.clock.advance(timedelta(minutes=1))
    act(desk, who, made)
    hears = {name for name in RELATED if name != who or act is invalidate}
    assert entries(desk) - before == Counter((name, kind, RELATED[name]) for name in hears)
    assert {told[:2] for told in send_all(desk)} == {(name, kind) for name in hears}


def entries(desk: Workplace) -> Counter[tuple[str, str, str]]:
    """Count the entries that each person has of each kind, and as what they hear of it."""
    with desk.store.read() as tx:
        rows = tx.session.scalars(select(models.Notification)).all()
    return Counter(
        (desk.name_of(each.person_id), each.action_type.value, each.relationship.value)
        for each in rows
    )


def test_somebody_who_is_several_things_is_told_once_as_the_first_of_them(desk: Workplace) -> None:
    desk.schedule("Dana", "Priya", facilitator="Dana")
    desk.schedule("Dana", "Dana", starts_at=desk.clock() + timedelta(days=4), facilitator="Grace")
    for made in coaching.my_appointments(
        desk.context, desk.caller("Dana"), coaching.AppointmentQuery()
    ).entities:
        rename(desk, "Alex", made)
    updates = {each: count for each, count in entries(desk).items() if each[1] == "Update"}
    assert updates == {
        ("Dana", "Update", "Facilitator"): 1,
        ("Dana", "Update", "Attendee"): 1,
        ("Priya", "Update", "Attendee"): 1,
        ("Grace", "Update", "Facilitator"): 1,
    }


def test_an_entry_keeps_what_was_true_at_the_time(desk: Workplace) -> None:
    made = session(desk)
    desk.clock.advance(timedelta(minutes=1))
    move(desk, "Grace", made)
    start(desk, "Grace", made)
    kept = {each.action_type.value: each for each in desk.notifications("Priya")}
    assert {
        kind: (each.starts_at, each.status.value, each.caused_by, each.length_minutes, each.name)
        for kind, each in kept.items()
    } == {
        "Create": (made.starts_at, "Scheduled", desk.ids["Dana"], 30, "Call review"),
        "Update": (made.starts_at + LATER, "Scheduled", desk.ids["Grace"], 30, "Call review"),
        "StatusChange": (
            made.starts_at + LATER,
            "InProgress",
            desk.ids["Grace"],
            30,
            "Call review",
        ),
    }


@pytest.mark.parametrize(
    ("source", "confirmed"),
    [(Source.SLACK, True), (Source.REST, False), (Source.COMMAND_LINE, False)],
)
def test_whoever_schedules_in_slack_is_told_that_it_is_done(
    desk: Workplace, source: Source, confirmed: bool
) -> None:
    session(desk, source)
    told = [each for each in send_all(desk) if each[0] == "Dana"]
    said = "Scheduled: coaching with Priya and Jonas"
    assert told == ([("Dana", "Create", said)] if confirmed else [])
    assert [each for each in entries(desk) if each[0] == "Dana"] == []


# After creation, before anything was sent: what Priya and Dana, who confirmed, are then told.
UNSENT: list[tuple[list[Act], set[tuple[str, str]]]] = [
    ([rename], {("Priya", "Create"), ("Dana", "Create"), ("Dana", "Update")}),
    ([rename, rename, move], {("Priya", "Create"), ("Dana", "Create"), ("Dana", "Update")}),
    ([delete], {("Dana", "Delete")}),
    (
        [start],
        {
            ("Priya", "Create"),
            ("Dana", "Create"),
            ("Priya", "StatusChange"),
            ("Dana", "StatusChange"),
        },
    ),
    ([complete], {("Priya", "StatusChange"), ("Dana", "StatusChange")}),
    ([rename, complete], {("Priya", "StatusChange"), ("Dana", "StatusChange")}),
]


@pytest.mark.parametrize(("acts", "expected"), UNSENT)
def test_what_was_not_sent_in_time_is_told_as_it_is_now(
    desk: Workplace, acts: list[Act], expected: set[tuple[str, str]]
) -> None:
    made = session(desk, Source.SLACK)
    for act in acts:
        act(desk, "Grace", made)
    told = [each[:2] for each in send_all(desk) if each[0] in {"Priya", "Dana"}]
    assert (set(told), len(told)) == (expected, len(expected))


@pytest.mark.parametrize(
    ("acts", "told"),
    [
        ([start, reset], ["Grace set this session back to scheduled"]),
        ([start, reset, start], ["Grace started this session"]),
        ([invalidate, move], ["Grace moved this session to a new time"]),
        ([start, reset_with_a_name], ["Grace changed this session"]),
        ([rename, delete], ["Grace cancelled this session"]),
        ([rename, move], ["Grace changed this session"]),
    ],
)
def test_of_what_is_over_before_it_was_told_nothing_is_told(
    desk: Workplace, acts: list[Act], told: list[str]
) -> None:
    made = session(desk)
    send_all(desk)
    for act in acts:
        act(desk, "Grace", made)
    assert [each[2] for each in send_all(desk) if each[0] == "Priya"] == told
