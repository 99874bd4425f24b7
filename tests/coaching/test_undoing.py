"""A completion can be taken back, by whoever completed it, in Slack, for a moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import coaching
from bot.coaching import Action, Appointment, Conflict, Denied, NotFound, Source, Status
from tests.coaching.acts import complete, rename, session, start
from tests.coaching.sending import send_all
from tests.coaching.workplace import Workplace

MOMENTS = timedelta(seconds=29, milliseconds=999)


def undo(desk: Workplace, who: str, made: Appointment, source: Source = Source.SLACK) -> None:
    coaching.undo_completion(desk.context, desk.caller(who, source), made.id)


@pytest.mark.parametrize("steps", [[], [start], [start, rename]])
def test_a_session_goes_back_to_what_it_was(
    workplace: Workplace, steps: list[Callable[..., object]]
) -> None:
    desk = workplace
    made = session(desk)
    for step in steps:
        step(desk, "Grace", made)
    before = coaching.find(desk.context, desk.caller("Grace"), made.id)
    owed = {each for each in desk.owed(made.id) if each[0] in ("Reminder", "Overdue")}
    complete(desk, "Grace", made)
    desk.clock.advance(MOMENTS)
    undo(desk, "Grace", made)
    after = coaching.find(desk.context, desk.caller("Grace"), made.id)
    assert after.status is before.status
    assert (after.completed_at, after.completed_by) == (None, None)
    assert {each for each in desk.owed(made.id) if each[0] in ("Reminder", "Overdue")} == owed
    history = coaching.status_history(desk.context, desk.caller("Grace"), made.id).entities
    assert [each.status for each in history][-3:] == [
        before.status,
        Status.COMPLETED,
        before.status,
    ]
    assert desk.audit("appointment", made.id)[-1].after == {"status": before.status.value}
    with desk.refuses(Conflict, "appointment.conflict", "starts_at"):
        desk.schedule("Dana", "Priya", starts_at=made.starts_at)


def test_others_hear_that_it_was_taken_back_and_nothing_else(desk: Workplace) -> None:
    made = session(desk)
    send_all(desk)
    complete(desk, "Grace", made)
    undo(desk, "Grace", made)
    said = "Grace took back the completion of this session"
    assert send_all(desk) == [(who, "StatusChange", said) for who in ("Dana", "Jonas", "Priya")]


def test_what_fell_due_while_it_was_completed_is_said(desk: Workplace) -> None:
    made = session(desk)
    desk.clock.advance(timedelta(days=1, hours=23, seconds=-10))
    send_all(desk)
    complete(desk, "Grace", made)
    desk.clock.advance(timedelta(seconds=20))
    undo(desk, "Grace", made)
    assert ("Priya", "Reminder") in {each[:2] for each in send_all(desk)}


@pytest.mark.parametrize(
    ("who", "source", "after", "refusal"),
    [
        ("Grace", Source.SLACK, timedelta(seconds=30), (Conflict, "appointment.state.conflict")),
        ("Grace", Source.REST, timedelta(0), (Conflict, "appointment.state.conflict")),
        ("Dana", Source.SLACK, timedelta(0), (Denied, "forbidden")),
        ("Priya", Source.SLACK, timedelta(0), (Denied, "agent.cannot.change.status")),
        ("Sam", Source.SLACK, timedelta(0), (Denied, "missing.permissions")),
    ],
)
def test_nobody_else_and_not_later_and_not_elsewhere(
    desk: Workplace,
    who: str,
    source: Source,
    after: timedelta,
    refusal: tuple[type[coaching.CoachingError], str],
) -> None:
    made = session(desk)
    complete(desk, "Grace", made)
    desk.clock.advance(after)
    kind, code = refusal
    field = "status" if kind is Conflict else None
    with desk.refuses(kind, code, field) as refused:
        undo(desk, who, made, source)
    assert isinstance(refused.value.concealed(), NotFound) is (who == "Sam")


def test_what_is_not_completed_has_nothing_to_undo(desk: Workplace) -> None:
    made = session(desk)
    with desk.refuses(Conflict, "appointment.state.conflict", "status"):
        undo(desk, "Grace", made)
    complete(desk, "Grace", made)
    undo(desk, "Grace", made)
    with desk.refuses(Conflict, "appointment.state.conflict", "status"):
        undo(desk, "Grace", made)


def test_time_that_another_session_took_meanwhile_stays_taken(workplace: Workplace) -> None:
    made = session(workplace)
    complete(workplace, "Grace", made)
    workplace.schedule("Omar", "Sam", starts_at=made.starts_at)
    workplace.schedule("Dana", "Priya", name="Hidden", starts_at=made.starts_at)
    with workplace.refuses(Conflict, "appointment.conflict", "status") as refused:
        undo(workplace, "Grace", made)
    assert "Hidden" not in refused.value.message


def test_it_is_offered_to_whoever_completed_it_for_as_long_as_it_works(desk: Workplace) -> None:
    made = session(desk)
    complete(desk, "Grace", made)

    def offered(who: str) -> bool:
        card = coaching.card(desk.context, desk.caller(who), made.id)
        return Action.UNDO_COMPLETION in card.actions

    assert [offered(who) for who in ("Grace", "Dana", "Priya")] == [True, False, False]
    desk.clock.advance(MOMENTS)
    assert offered("Grace")
    desk.clock.advance(timedelta(milliseconds=1))
    assert not offered("Grace")
