"""Use case: take back the completion of a session within moments (contract, section 6, ours)."""

from datetime import datetime, timedelta

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Conflict, Denied
from bot.coaching.ground.lifecycle import ensure_transition, undo_ends_at
from bot.coaching.ground.lookup import access_of, find_for_change
from bot.coaching.ground.values import Caller
from bot.coaching.sessions.consequences import follow
from bot.coaching.sessions.statuses import become, ensure_may_change_status
from storage.records import Appointment
from storage.transaction import Transaction
from storage.types import Source, Status


def undo_completion(context: Context, caller: Caller, appointment_id: str) -> Appointment:
    """Put a session back to what it was before it was completed, and take its time again.

    Only in Slack, only by whoever completed it, and only for `undo_seconds`; the history keeps
    both steps. Raises NotFound, Denied, Conflict, Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        access = access_of(tx, caller)
        row, subject = find_for_change(tx, appointment_id)
        ensure_may_change_status(access, subject)
        before = subject.appointment
        _ensure_may_undo(caller, before, now, context.policy.undo_within)
        _ensure_still_free(tx, before)
        previous = tx.appointments.statuses(row.id)[-2].status
        become(tx, row, previous, caller, now)
        tx.appointments.book(row.id, before.participant_ids, before.starts_at, before.ends_at)
        return follow(context, tx, row, before, caller)


def _ensure_may_undo(
    caller: Caller, appointment: Appointment, now: datetime, within: timedelta
) -> None:
    ends_at = undo_ends_at(appointment, within)
    if ends_at is None:
        raise Conflict("This session isn’t completed, so there is nothing to undo.", field="status")
    if caller.source is not Source.SLACK:
        ensure_transition(appointment.status, Status.SCHEDULED)
    if appointment.completed_by != caller.person_id:
        raise Denied("Only whoever completed a session can undo that.", code="forbidden")
    if now >= ends_at:
        raise Conflict(
            "This session was completed too long ago to undo it, so it stays completed.",
            field="status",
        )


def _ensure_still_free(tx: Transaction, appointment: Appointment) -> None:
    people = appointment.participant_ids
    tx.people.hold(people)
    span = (appointment.starts_at, appointment.ends_at)
    if tx.appointments.overlapping(people, *span, except_id=appointment.id):
        raise Conflict(
            "Another session has taken that time since, so this one stays completed.",
            code="appointment.conflict",
            field="status",
        )
