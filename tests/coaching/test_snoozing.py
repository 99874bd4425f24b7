"""A reminder that is put off comes again at its moment, while what it says is still true."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Conflict, NotFound, Snooze, Status
from bot.coaching.promises.snoozing import moment_of
from tests.coaching.acts import Act, complete, delete, move, start
from tests.coaching.sending import claim, finish, send_all
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")


@pytest.fixture
def reminded(workplace: Workplace, clock: FrozenClock) -> tuple[coaching.Appointment, int]:
    """A session of Priya's in two days, of which she was reminded a day before."""
    made = workplace.schedule("Dana", "Priya", facilitator="Dana")
    send_all(workplace)
    clock.advance(DAY)
    told = finish(workplace, claim(workplace))
    [reminder] = [each.id for each, _ in told if each.person_id == workplace.ids["Priya"]]
    return made, reminder


def put_off(workplace: Workplace, reminder: int, choice: Snooze, by: str = "Priya") -> None:
    coaching.snooze(workplace.context, workplace.caller(by), reminder, choice)


def test_it_comes_again_once_at_its_moment(
    workplace: Workplace, clock: FrozenClock, reminded: tuple[coaching.Appointment, int]
) -> None:
    made, reminder = reminded
    put_off(workplace, reminder, Snooze.AN_HOUR)
    put_off(workplace, reminder, Snooze.AN_HOUR)
    clock.advance(HOUR - 2 * MINUTE)
    assert send_all(workplace) == []
    clock.advance(2 * MINUTE)
    assert [(who, kind) for who, kind, _ in send_all(workplace)] == [("Priya", "Reminder")]
    clock.advance(HOUR)
    assert send_all(workplace) == []
    assert "snooze" in [each.action for each in workplace.audit("appointment", made.id)]


def test_a_wish_heard_twice_is_one_though_the_minute_turns(
    workplace: Workplace, clock: FrozenClock, reminded: tuple[coaching.Appointment, int]
) -> None:
    made, reminder = reminded
    put_off(workplace, reminder, Snooze.TEN_MINUTES)
    clock.advance(MINUTE)
    put_off(workplace, reminder, Snooze.TEN_MINUTES)
    found = [each.action for each in workplace.audit("appointment", made.id)]
    assert found.count("snooze") == 1
    clock.advance(9 * MINUTE)
    assert len(send_all(workplace)) == 1


def test_the_message_says_when_and_offers_no_more(
    workplace: Workplace, reminded: tuple[coaching.Appointment, int]
) -> None:
    _, reminder = reminded
    priya = workplace.caller("Priya")
    before = coaching.message(workplace.context, priya, reminder)
    assert before.snoozes == ("10m", "1h", "tomorrow")[: len(before.snoozes)]
    assert before.snoozes[:2] == ("10m", "1h")
    put_off(workplace, reminder, Snooze.TEN_MINUTES)
    after = coaching.message(workplace.context, priya, reminder)
    assert (after.snoozes, after.is_read) == ((), True)
    assert after.snoozed_until
    assert after.snoozed_until.startswith("at "), "a message stays, so it says no “today”"


@pytest.mark.parametrize("act", [move, start, complete, delete])
def test_a_message_promises_no_reminder_that_will_not_come(
    workplace: Workplace, reminded: tuple[coaching.Appointment, int], act: Act
) -> None:
    made, reminder = reminded
    put_off(workplace, reminder, Snooze.AN_HOUR)
    act(workplace, "Dana", made)
    after = coaching.shown_anew(workplace.context, [reminder])[reminder]
    assert after
    assert (after.snoozed_until, after.snoozes) == (None, ())


def test_what_was_read_offers_no_second_menu(
    workplace: Workplace, reminded: tuple[coaching.Appointment, int]
) -> None:
    _, reminder = reminded
    priya = workplace.caller("Priya")
    before = coaching.message(workplace.context, priya, reminder)
    coaching.mark_as_read(workplace.context, priya, before.notification_id or "")
    after = coaching.message(workplace.context, priya, reminder)
    assert (bool(before.snoozes), after.snoozes) == (True, ())


def test_another_wish_takes_the_place_of_the_first(
    workplace: Workplace, clock: FrozenClock, reminded: tuple[coaching.Appointment, int]
) -> None:
    _, reminder = reminded
    put_off(workplace, reminder, Snooze.AN_HOUR)
    put_off(workplace, reminder, Snooze.TEN_MINUTES)
    clock.advance(10 * MINUTE)
    assert len(send_all(workplace)) == 1
    clock.advance(HOUR)
    assert send_all(workplace) == []


def test_a_wish_that_comes_back_holds_again(
    workplace: Workplace, clock: FrozenClock, reminded: tuple[coaching.Appointment, int]
) -> None:
    _, reminder = reminded
    for choice in (Snooze.TEN_MINUTES, Snooze.AN_HOUR, Snooze.TEN_MINUTES):
        put_off(workplace, reminder, choice)
    clock.advance(10 * MINUTE)
    assert [(who, kind) for who, kind, _ in send_all(workplace)] == [("Priya", "Reminder")]
    clock.advance(HOUR)
    assert send_all(workplace) == []


@pytest.mark.parametrize("what", ["moved", "begun", "deleted"])
def test_what_is_no_longer_true_is_not_said(
    workplace: Workplace,
    clock: FrozenClock,
    reminded: tuple[coaching.Appointment, int],
    what: str,
) -> None:
    made, reminder = reminded
    put_off(workplace, reminder, Snooze.AN_HOUR)
    dana = workplace.caller("Dana")
    if what == "moved":
        changes = coaching.AppointmentChanges(starts_at=made.starts_at + 3 * DAY)
        coaching.change(workplace.context, dana, made.id, changes)
    elif what == "begun":
        coaching.change_status(workplace.context, dana, made.id, Status.IN_PROGRESS)
    else:
        coaching.delete(workplace.context, dana, made.id)
    clock.advance(HOUR)
    assert "Reminder" not in [kind for _, kind, _ in send_all(workplace)]


def test_choosing_other_lead_times_leaves_it_standing(
    workplace: Workplace, clock: FrozenClock, reminded: tuple[coaching.Appointment, int]
) -> None:
    _, reminder = reminded
    put_off(workplace, reminder, Snooze.AN_HOUR)
    none = coaching.SettingsChanges(attendee_leads=())
    coaching.change_settings(workplace.context, workplace.caller("Priya"), none)
    clock.advance(HOUR)
    assert [who for who, _, _ in send_all(workplace)] == ["Priya"]


def test_it_is_not_put_off_beyond_the_start_nor_by_others(
    workplace: Workplace, clock: FrozenClock, reminded: tuple[coaching.Appointment, int]
) -> None:
    made, reminder = reminded
    clock.advance(made.starts_at - clock() - 30 * MINUTE)
    with workplace.refuses(Conflict, "appointment.state.conflict"):
        put_off(workplace, reminder, Snooze.AN_HOUR)
    with workplace.refuses(NotFound, "appointment.not.found"):
        put_off(workplace, reminder, Snooze.TEN_MINUTES, by="Dana")
    clock.advance(31 * MINUTE)
    with workplace.refuses(Conflict, "appointment.state.conflict"):
        put_off(workplace, reminder, Snooze.TEN_MINUTES)


@given(
    st.integers(0, 700 * 24 * 60).map(lambda minutes: NEW_YEAR + minutes * MINUTE),
    st.sampled_from(ZONES),
    st.sampled_from(Snooze),
)
def test_the_moment_lies_ahead_and_within_two_days(
    now: datetime, zone: str, choice: Snooze
) -> None:
    assert timedelta(0) < moment_of(choice, now, zone) - now < 2 * DAY


@pytest.mark.parametrize("mark", ["another", None])
def test_a_menu_of_before_a_restore_puts_off_nobody_s_reminder(
    workplace: Workplace, reminded: tuple[coaching.Appointment, int], mark: str | None
) -> None:
    """The number on it may be another reminder's by now; what has no mark has no number either."""
    _, reminder = reminded
    priya = workplace.caller("Priya")
    with workplace.refuses(NotFound, "appointment.not.found"):
        coaching.snooze(workplace.context, priya, reminder, Snooze.AN_HOUR, mark=mark)
