"""What a message says, decided when it leaves."""

from datetime import timedelta

import pytest

from bot import coaching
from tests.coaching.acts import (
    Act,
    complete,
    delete,
    invalidate,
    move,
    rename,
    reset,
    session,
    start,
)
from tests.coaching.sending import claim, finish, send_all
from tests.coaching.workplace import Workplace

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


@pytest.mark.parametrize(
    ("act", "told"),
    [(rename, ["Create", "Update"]), (move, ["Create", "Update"]), (delete, ["Delete"])],
)
def test_what_is_in_hand_may_have_been_put_into_words_already(
    desk: Workplace, act: Act, told: list[str]
) -> None:
    """Somebody to whom an older message may be on its way needs one about the change."""
    made = session(desk)
    taken = claim(desk)
    act(desk, "Grace", made)
    said = [*finish(desk, taken), *finish(desk, claim(desk))]
    to_priya = [each.kind.value for each, _ in said if each.person_id == desk.ids["Priya"]]
    assert to_priya == told
