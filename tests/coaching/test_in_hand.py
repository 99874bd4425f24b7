"""A change that comes while a message is being sent: what still holds is not lost."""

from datetime import timedelta

from bot import coaching
from bot.coaching import AppointmentChanges, Status
from storage.types import ActionType
from tests.coaching.workplace import Workplace


def test_a_reminder_in_hand_outlives_a_new_name(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya")
    workplace.clock.advance(timedelta(days=1))
    with workplace.store.begin() as tx:
        taken = tx.deliveries.claim(
            now=workplace.clock(), limit=50, lease=timedelta(seconds=60), claim="ours"
        )
    [reminder] = [each for each in taken if each.kind is ActionType.REMINDER]
    renamed = AppointmentChanges(name="Call review, again")
    coaching.change(workplace.context, workplace.caller("Dana"), made.id, renamed)
    [announcement] = coaching.announce(workplace.context, [reminder.id]).values()
    assert announcement is not None
    assert announcement.card.name == "Call review, again"


def test_a_reminder_in_hand_does_not_outlive_a_new_time(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya")
    workplace.clock.advance(timedelta(days=1))
    with workplace.store.begin() as tx:
        taken = tx.deliveries.claim(
            now=workplace.clock(), limit=50, lease=timedelta(seconds=60), claim="ours"
        )
    [reminder] = [each for each in taken if each.kind is ActionType.REMINDER]
    moved = AppointmentChanges(starts_at=made.starts_at + timedelta(days=3))
    coaching.change(workplace.context, workplace.caller("Dana"), made.id, moved)
    assert coaching.announce(workplace.context, [reminder.id]) == {reminder.id: None}


def test_an_overdue_notice_that_a_fast_clock_took_is_early_and_not_untrue(
    workplace: Workplace,
) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Dana")
    workplace.clock.advance(timedelta(days=1))
    [asking] = [each for each in workplace.deliveries(made.id) if each.kind is ActionType.OVERDUE]
    assert coaching.announce(workplace.context, [asking.id])[asking.id] is not None
    coaching.change_status(workplace.context, workplace.caller("Dana"), made.id, Status.COMPLETED)
    assert coaching.announce(workplace.context, [asking.id]) == {asking.id: None}
