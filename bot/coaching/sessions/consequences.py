"""What every change to a session ends with: who is told, what is promised, what is written down."""

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.lifecycle import TIME_FIELDS
from bot.coaching.ground.values import Caller
from bot.coaching.promises import notices, reminders
from storage.models import Appointment as AppointmentRow
from storage.records import Appointment
from storage.transaction import Transaction
from storage.types import ActionType, Status


def follow(
    context: Context, tx: Transaction, row: AppointmentRow, before: Appointment, caller: Caller
) -> Appointment:
    """Compare the session with what it was, and draw the consequences; answers what it is now."""
    appointment = tx.appointments.the(row.id)
    old, new = trail.difference(trail.facts(before), trail.facts(appointment))
    event = _event(before, appointment, frozenset(new), caller)
    tx.deliveries.outdate(row.id, at=event.at)
    if event.status is Status.COMPLETED:
        tx.notifications.mark_all_of(row.id)
    elif event.status is not None or event.moved:
        tx.notifications.mark_all_of(row.id, action_type=ActionType.REMINDER)
    notices.announce(tx, appointment, event)
    if event.moved or event.undone:
        reminders.plan(tx, appointment, before.completed_at or event.at, context.policy)
    elif event.status is Status.SCHEDULED:
        reminders.plan_reminders(tx, appointment, event.at, context.policy)
    deed = trail.Deed(
        action=event.kind.value, entity="appointment", entity_id=row.id, before=old, after=new
    )
    trail.record(tx, caller, event.at, deed)
    return appointment


def _event(
    before: Appointment, appointment: Appointment, changed: frozenset[str], caller: Caller
) -> notices.Event:
    only_status = changed == {"status"}
    return notices.Event(
        kind=ActionType.STATUS_CHANGE if only_status else ActionType.UPDATE,
        at=appointment.modified_at,
        caller=caller,
        previous_revision=before.revision,
        moved=bool(TIME_FIELDS & changed),
        moved_from=before.starts_at if "starts_at" in changed else None,
        status=appointment.status if "status" in changed else None,
        undone=before.status is Status.COMPLETED and "status" in changed,
    )
