"""Coming in: what is overdue, what is today, what comes next, and what may be done with it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import coaching
from bot.coaching import Action, Agenda, Appointment, Status
from tests.coaching.workplace import Workplace

HOUR = timedelta(hours=1)


def look(desk: Workplace, who: str) -> Agenda:
    return coaching.home(desk.context, desk.caller(who))


def names(agenda: Agenda) -> tuple[list[str], list[str], list[str]]:
    found = (agenda.overdue, agenda.today, agenda.upcoming)
    overdue, today, upcoming = ([each.name for each in cards] for cards in found)
    return overdue, today, upcoming


def fill(desk: Workplace, *hours: float) -> list[Appointment]:
    """Sessions of Priya, coached by Grace, named by how many hours ahead they are."""
    return [
        desk.schedule(
            "Dana",
            "Priya",
            facilitator="Grace",
            name=f"{each:g}",
            starts_at=desk.clock() + each * HOUR,
        )
        for each in hours
    ]


def test_the_day_ends_at_the_readers_midnight(workplace: Workplace) -> None:
    """At 9:00 in London it is 14:30 in Kolkata, where midnight is nine and a half hours ahead."""
    fill(workplace, 9, 9.5, 14, 15, 24)
    assert names(look(workplace, "Priya")) == ([], ["9"], ["9.5", "14", "15", "24"])
    assert names(look(workplace, "Grace")) == ([], ["9", "9.5", "14"], ["15", "24"])
    assert names(look(workplace, "Dana")) == ([], ["9", "9.5", "14", "15"], ["24"])
    assert names(look(workplace, "Jonas")) == ([], [], [])


def test_what_is_overdue_is_only_there(workplace: Workplace) -> None:
    fill(workplace, 1, 2, 3)
    workplace.clock.advance(2.25 * HOUR)
    assert names(look(workplace, "Grace")) == (["1"], ["2", "3"], [])
    workplace.clock.advance(24 * HOUR)
    assert names(look(workplace, "Grace")) == (["1", "2", "3"], [], [])


def test_what_does_not_fit_is_counted(desk: Workplace) -> None:
    fill(desk, *range(24, 37))
    agenda = look(desk, "Priya")
    assert (len(agenda.upcoming), agenda.more_upcoming) == (10, 3)
    assert (agenda.unread, len(agenda.notices), agenda.may_schedule) == (13, 5, False)
    assert look(desk, "Dana").may_schedule


def actions(desk: Workplace, who: str, made: Appointment) -> set[Action]:
    """What is offered besides opening the form and deleting."""
    found = coaching.card(desk.context, desk.caller(who), made.id).actions
    return set(found) - {Action.OPEN, Action.DELETE}


@pytest.mark.parametrize(
    ("hours", "status", "offered"),
    [
        (25, Status.SCHEDULED, set()),
        (24, Status.SCHEDULED, {Action.START}),
        (1, Status.IN_PROGRESS, {Action.COMPLETE}),
        (0, Status.SCHEDULED, {Action.START, Action.COMPLETE}),
        (-5, Status.SCHEDULED, {Action.START, Action.COMPLETE}),
        (0, Status.COMPLETED, set()),
    ],
)
def test_only_what_may_be_done_is_offered(
    desk: Workplace, hours: int, status: Status, offered: set[Action]
) -> None:
    [made] = fill(desk, 30)
    desk.clock.moment = made.starts_at - hours * HOUR
    if status is not Status.SCHEDULED:
        coaching.change_status(desk.context, desk.caller("Grace"), made.id, status)
    undo = {Action.UNDO_COMPLETION} if status is Status.COMPLETED else set()
    assert actions(desk, "Grace", made) == offered | undo, "she completed it just now"
    assert actions(desk, "Dana", made) == offered
    assert actions(desk, "Priya", made) == set()


def test_a_card_is_in_the_readers_time_and_words(desk: Workplace) -> None:
    desk.clock.moment = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)  # two days before London's change
    made = desk.schedule("Dana", "Priya", "Jonas", facilitator="Grace", length_minutes=60)
    card = coaching.card(desk.context, desk.caller("Grace"), made.id)
    assert (card.when, card.status_words) == ("Sun 29 Mar at 10:00 am (1 hour)", "Scheduled")
    assert (card.facilitator, card.attendees, card.organizer) == (
        "Grace",
        ("Priya", "Jonas"),
        "Dana",
    )
    assert card.relationship is coaching.Relationship.FACILITATOR
    there = coaching.card(desk.context, desk.caller("Priya"), made.id)
    assert there.when == "Sun 29 Mar at 2:30 pm (1 hour)"
    desk.clock.moment = made.ends_at + timedelta(microseconds=1)
    late = coaching.card(desk.context, desk.caller("Priya"), made.id)
    assert (late.when, late.status_words) == ("Today at 2:30 pm (1 hour)", "Overdue")


def test_help_names_only_what_one_may_do(desk: Workplace) -> None:
    for who, schedules in (("Dana", True), ("Priya", False)):
        page = coaching.help_for(desk.context, desk.caller(who))
        assert any("schedule" in each.command for each in page.topics) is schedules
        assert who in page.greeting


def test_a_session_that_runs_past_midnight_is_still_todays(desk: Workplace) -> None:
    late = desk.clock().replace(hour=23, minute=45)
    made = desk.schedule("Grace", "Jonas", starts_at=late, length_minutes=30)
    desk.clock.moment = late + timedelta(minutes=20)
    home = coaching.home(desk.context, desk.caller("Jonas"))
    assert [each.appointment_id for each in home.today] == [made.id]
    assert home.upcoming == ()
