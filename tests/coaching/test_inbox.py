"""The inbox: what belongs to it, in which order, and reading (contract, section 7)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import coaching
from bot.coaching import ActionType, AppointmentChanges, Invalid, Policy, Status
from storage import models
from tests.coaching.sending import send_all
from tests.coaching.workplace import Workplace

MINUTE = timedelta(minutes=1)


def read_inbox(desk: Workplace, who: str) -> tuple[list[tuple[str, str, bool]], int]:
    found = coaching.inbox(desk.context, desk.caller(who), page_size=100)
    entries = [
        (each.action_type.value, each.card.name, each.is_read) for each in found.page.entities
    ]
    assert found.page.total == len(entries)
    return entries, found.unread


def fill(desk: Workplace) -> list[str]:
    """Three entries for Priya, a minute apart; answers their ids, oldest first."""
    made = desk.schedule("Dana", "Priya", "Jonas", name="Review")
    for name in ("Second", "Third"):
        desk.clock.advance(MINUTE)
        changes = AppointmentChanges(name=name)
        coaching.change(desk.context, desk.caller("Dana"), made.id, changes)
    entries = sorted(desk.notifications("Priya"), key=lambda each: each.created_at)
    return [each.id for each in entries]


def test_unread_first_then_newest_first(workplace: Workplace) -> None:
    ids = fill(workplace)
    priya = workplace.caller("Priya")
    assert [each.id for each in workplace.notifications("Priya")] == ids[::-1]
    for number in (1, 2):
        coaching.mark_as_read(workplace.context, priya, ids[number])
    assert [each.id for each in workplace.notifications("Priya")] == [ids[0], ids[2], ids[1]]
    assert read_inbox(workplace, "Priya") == (
        [("Create", "Third", False), ("Update", "Third", True), ("Update", "Third", True)],
        1,
    )
    assert read_inbox(workplace, "Jonas")[1] == 3


def test_pages_cut_the_same_order(desk: Workplace) -> None:
    ids = fill(desk)[::-1]
    pages = [
        coaching.inbox(desk.context, desk.caller("Priya"), page_number=number, page_size=2)
        for number in (1, 2, 3)
    ]
    assert [[each.notification_id for each in page.page.entities] for page in pages] == [
        ids[:2],
        ids[2:],
        [],
    ]
    assert {(page.page.total, page.unread) for page in pages} == {(3, 3)}
    with desk.refuses(Invalid, "pagination.bad.request", "page_size"):
        coaching.inbox(desk.context, desk.caller("Priya"), page_size=101)
    with desk.refuses(Invalid, "pagination.bad.request", "page_number"):
        coaching.notifications(desk.context, desk.caller("Priya"), page_number=0)


def test_reading_is_undone_and_written_down_once(workplace: Workplace) -> None:
    [entry, *_] = fill(workplace)
    priya = workplace.caller("Priya")
    for state in (True, True, False, False):
        found = coaching.mark_as_read(workplace.context, priya, entry, marked_as_read=state)
        assert found.is_read is state
        assert coaching.notification(workplace.context, priya, entry).marked_as_read is state
    assert [(each.action, each.after) for each in workplace.audit("notification", entry)] == [
        ("read", {"marked_as_read": True}),
        ("unread", {"marked_as_read": False}),
    ]


def test_all_are_read_at_once_and_only_ones_own(workplace: Workplace) -> None:
    ids = fill(workplace)
    context, priya = workplace.context, workplace.caller("Priya")
    coaching.mark_as_read(context, priya, ids[0])
    assert coaching.mark_all_as_read(context, priya) == 2
    assert (read_inbox(workplace, "Priya")[1], read_inbox(workplace, "Jonas")[1]) == (0, 3)
    before = workplace.everything()
    assert coaching.mark_all_as_read(context, priya) == 0
    assert workplace.everything() == before


def test_completing_reads_everything_about_the_session(workplace: Workplace) -> None:
    fill(workplace)
    other = workplace.schedule("Dana", "Priya", name="Other", starts_at=workplace.clock() + MINUTE)
    [made] = coaching.my_appointments(
        workplace.context, workplace.caller("Jonas"), coaching.AppointmentQuery()
    ).entities
    coaching.change_status(workplace.context, workplace.caller("Dana"), made.id, Status.COMPLETED)
    assert read_inbox(workplace, "Priya") == ([("Create", "Other", False)], 1)
    with workplace.store.read() as tx:
        rows = tx.session.query(models.Notification).all()
    open_ones = {row.action_type.value for row in rows if not row.marked_as_read}
    assert {row.appointment_id for row in rows} == {made.id, other.id}
    assert open_ones == {"Create", "StatusChange"}


@pytest.mark.parametrize(
    ("shift", "shown"),
    [(timedelta(0), True), (timedelta(microseconds=1), False), (timedelta(days=-120), False)],
)
def test_the_inbox_reaches_sixty_days_back_and_ahead(
    desk: Workplace, shift: timedelta, shown: bool
) -> None:
    far = replace(desk.context, policy=Policy(horizon_days=200))
    made = coaching.schedule(
        far, desk.caller("Dana"), desk.request(starts_at=desk.clock() + timedelta(days=100))
    )
    desk.clock.moment = made.starts_at + timedelta(days=60) + shift
    assert (read_inbox(desk, "Priya")[1] == 1) is shown
    desk.clock.moment = made.starts_at - timedelta(days=60)
    assert read_inbox(desk, "Priya")[1] == 0
    desk.clock.advance(timedelta(microseconds=1))
    assert read_inbox(desk, "Priya")[1] == 1


def test_programs_are_told_of_reminders_only_when_they_ask(workplace: Workplace) -> None:
    workplace.schedule("Dana", "Priya", facilitator="Grace")
    send_all(workplace)
    workplace.clock.advance(timedelta(days=3))
    workplace.clock.moment = workplace.clock() - timedelta(days=1, minutes=10)
    send_all(workplace)
    workplace.clock.advance(timedelta(hours=2))
    send_all(workplace)
    context, grace = workplace.context, workplace.caller("Grace")
    published = coaching.notifications(context, grace)
    assert [each.action_type.value for each in published.entities] == ["Create"]
    asked = coaching.notifications(
        context, grace, action_types={ActionType.REMINDER, ActionType.OVERDUE}
    )
    found = [each.action_type.value for each in asked.entities]
    assert (found.count("Overdue"), set(found)) == (1, {"Reminder", "Overdue"})
    assert (published.total, asked.total) == (1, len(found))
    shown = [each[0] for each in read_inbox(workplace, "Grace")[0]]
    assert sorted(shown) == sorted(["Create", *found])


def test_the_latest_reminder_alone_is_unread(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", facilitator="Grace")
    send_all(desk)
    for before in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=10)):
        desk.clock.moment = made.starts_at - before
        assert [each[1] for each in send_all(desk)] == ["Reminder", "Reminder"]
        unread = [
            each
            for each in desk.notifications("Priya")
            if each.action_type == "Reminder" and not each.marked_as_read
        ]
        assert [each.created_at for each in unread] == [desk.clock()]


def test_an_overdue_notice_stands_for_the_reminders(desk: Workplace) -> None:
    made, other = (
        desk.schedule(
            "Dana", who, facilitator="Grace", starts_at=desk.clock() + timedelta(days=2, hours=hour)
        )
        for hour, who in enumerate(("Priya", "Jonas"))
    )
    send_all(desk)
    desk.clock.moment = made.ends_at - timedelta(minutes=40)
    send_all(desk)
    desk.clock.moment = made.ends_at + timedelta(minutes=15)
    send_all(desk)
    unread = {
        (each.appointment_id, each.action_type.value)
        for each in desk.notifications("Grace")
        if not each.marked_as_read and each.action_type != "Create"
    }
    assert unread == {(made.id, "Overdue"), (other.id, "Reminder")}


@pytest.mark.parametrize("use_case", [coaching.notice, coaching.mark_as_read])
def test_an_unknown_entry_is_not_there(desk: Workplace, use_case: object) -> None:
    assert callable(use_case)
    with desk.refuses(coaching.NotFound, "notification.not.found"):
        use_case(desk.context, desk.caller("Priya"), "no-such-entry")


def test_anothers_entry_is_shown_to_nobody(desk: Workplace) -> None:
    [entry, *_] = fill(desk)
    assert coaching.notice(desk.context, desk.caller("Priya"), entry).notification_id == entry
    for who in ("Jonas", "Dana", "Alex"):
        with desk.refuses(coaching.NotFound, "notification.not.found"):
            coaching.notice(desk.context, desk.caller(who), entry)


def test_a_stranger_has_no_inbox(desk: Workplace) -> None:
    stranger = coaching.Caller("nobody", coaching.Source.SLACK)
    for use_case in (coaching.inbox, coaching.home, coaching.help_for):
        with desk.refuses(coaching.Denied, "authentication.required"):
            use_case(desk.context, stranger)
