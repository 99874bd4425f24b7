"""Who hears of what (contract, section 7): inbox entries, promises, and their words."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import coaching
from bot.coaching import Appointment, AppointmentChanges, Source, Status
from storage import models
from tests.coaching.sending import send_all
from tests.coaching.workplace import Workplace

Act = Callable[[Workplace, str, Appointment], object]
LATER = timedelta(hours=1)


def rename(desk: Workplace, who: str, made: Appointment) -> object:
    changes = AppointmentChanges(name="Other")
    return coaching.change(desk.context, desk.caller(who), made.id, changes)


def move(desk: Workplace, who: str, made: Appointment) -> object:
    changes = AppointmentChanges(starts_at=made.starts_at + LATER)
    return coaching.change(desk.context, desk.caller(who), made.id, changes)


def reset_with_a_name(desk: Workplace, who: str, made: Appointment) -> object:
    changes = AppointmentChanges(name="Third", status=Status.SCHEDULED)
    return coaching.change(desk.context, desk.caller(who), made.id, changes)


def delete(desk: Workplace, who: str, made: Appointment) -> object:
    coaching.delete(desk.context, desk.caller(who), made.id)
    return None


def become(status: Status) -> Act:
    return lambda desk, who, made: coaching.change_status(
        desk.context, desk.caller(who), made.id, status
    )


start, reset, complete = map(become, (Status.IN_PROGRESS, Status.SCHEDULED, Status.COMPLETED))


def invalidate(desk: Workplace, who: str, made: Appointment) -> object:
    return coaching.invalidate(desk.context, made.id)


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


def session(desk: Workplace, source: Source = Source.REST) -> Appointment:
    request = desk.request("Priya", "Jonas", facilitator="Grace")
    return coaching.schedule(desk.context, desk.caller("Dana", source), request)


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


HEADLINES: list[tuple[list[Act], dict[str, str]]] = [
    (
        [],
        {
            "Grace": "Dana asked you to coach Priya and Jonas",
            "Priya": "Dana scheduled coaching for you with Grace",
        },
    ),
    ([rename], {"Grace": "", "Priya": "Grace changed this session"}),
    ([move], {"Priya": "Grace moved this session to a new time"}),
    ([start], {"Priya": "Grace started this session"}),
    ([complete], {"Priya": "Grace completed this session"}),
    ([delete], {"Priya": "Grace cancelled this session"}),
    ([start, reset], {"Priya": "Grace set this session back to scheduled"}),
    (
        [invalidate],
        {"Priya": "This session needs a new time: somebody isn’t working then any more"},
    ),
]


@pytest.mark.parametrize(("acts", "expected"), HEADLINES)
def test_what_a_message_says(desk: Workplace, acts: list[Act], expected: dict[str, str]) -> None:
    made = session(desk)
    if acts:
        send_all(desk)
    for act in acts:
        act(desk, "Grace", made)
    told = {who: headline for who, _, headline in send_all(desk)}
    assert {who: told.get(who, "") for who in expected} == expected


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


def test_a_message_is_written_from_what_is_true_when_it_leaves(desk: Workplace) -> None:
    made = session(desk)
    rename(desk, "Grace", made)
    move(desk, "Grace", made)
    ids = [each.id for each in desk.deliveries(made.id) if each.person_id == desk.ids["Priya"]]
    said = [each for each in coaching.announce(desk.context, ids).values() if each]
    message = next(each for each in said if each.kind.value == "Create")
    assert message.text == (
        "Dana scheduled coaching for you with Grace. "
        "Other: Wed 4 Mar at 3:30 pm (30 minutes). Scheduled."
    )
    assert message.slack_user_id == "UPRIYA"


def test_announcing_twice_writes_one_entry(desk: Workplace) -> None:
    made = session(desk)
    desk.clock.advance(timedelta(days=1))
    due = [each for each in desk.deliveries(made.id) if each.occurrence == "24h"]
    first, second = (coaching.announce(desk.context, [each.id for each in due]) for _ in range(2))
    assert first == second
    assert {each.notification_id for each in first.values() if each} == {
        each.id
        for name in ("Grace", "Priya", "Jonas")
        for each in desk.notifications(name)
        if each.action_type == "Reminder"
    }


@pytest.mark.parametrize(
    ("who", "headline"),
    [
        ("Grace", "Your coaching session with Priya and Jonas starts in 10 minutes"),
        ("Priya", "Your coaching session with Grace starts in 10 minutes"),
    ],
)
def test_what_a_reminder_says(desk: Workplace, who: str, headline: str) -> None:
    session(desk)
    send_all(desk)
    desk.clock.advance(timedelta(days=2, minutes=-10))
    told = [each[2] for each in send_all(desk) if each[:2] == (who, "Reminder")]
    assert headline in told


@pytest.mark.parametrize(("late", "said"), [(0, True), (5, True), (6, False)])
def test_a_reminder_that_is_very_late_is_not_sent(desk: Workplace, late: int, said: bool) -> None:
    session(desk)
    send_all(desk)
    desk.clock.advance(timedelta(days=2, minutes=late))
    told = {each[2] for each in send_all(desk) if each[1] == "Reminder"}
    assert bool(told) is said


def test_what_was_started_is_not_reminded_of(desk: Workplace) -> None:
    made = session(desk)
    send_all(desk)
    start(desk, "Grace", made)
    desk.clock.advance(timedelta(days=3))
    assert [each[:2] for each in send_all(desk)] == [
        ("Dana", "Overdue"),
        ("Dana", "StatusChange"),
        ("Grace", "Overdue"),
        ("Jonas", "StatusChange"),
        ("Priya", "StatusChange"),
    ]


def test_what_was_due_already_when_a_session_is_reset_is_still_told(desk: Workplace) -> None:
    made = session(desk)
    send_all(desk)
    start(desk, "Grace", made)
    desk.clock.advance(timedelta(days=2, minutes=45))
    reset(desk, "Grace", made)
    told = [each[0] for each in send_all(desk) if each[1] == "Overdue"]
    assert told == ["Dana", "Grace"]
