"""Use cases: change a session's status, and read its history (contract, sections 4.5 and 6)."""

from datetime import datetime

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Conflict, Denied, no_appointment
from bot.coaching.ground.lifecycle import BLOCKING, ensure_transition
from bot.coaching.ground.lookup import access_of, find_for_change, lacking, refuse, subject_of
from bot.coaching.ground.paging import ensure_page
from bot.coaching.ground.permissions import (
    Access,
    Permission,
    Subject,
    may_change_status,
    may_see_statuses,
)
from bot.coaching.ground.trail import SYSTEM
from bot.coaching.ground.values import Caller, Page
from bot.coaching.sessions.consequences import follow
from storage import models
from storage.models import Appointment as AppointmentRow
from storage.records import Appointment, StatusChange
from storage.transaction import Transaction
from storage.types import Status


def change_status(
    context: Context, caller: Caller, appointment_id: str, status: Status
) -> Appointment:
    """Start, complete or reset a session, and tell everybody related.

    Raises NotFound, Denied, Invalid, Conflict, Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        access = access_of(tx, caller)
        row, subject = find_for_change(tx, appointment_id)
        ensure_may_change_status(access, subject)
        ensure_transition(row.status, status)
        become(tx, row, status, caller, now)
        return follow(context, tx, row, subject.appointment, caller)


def invalidate(context: Context, appointment_id: str) -> Appointment:
    """Mark a session as needing a new time: a participant's working time no longer holds it.

    Done by the system alone. Raises NotFound, Conflict, Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        row, subject = find_for_change(tx, appointment_id)
        if row.status is not Status.SCHEDULED:
            raise Conflict("Only a scheduled session can come to need a new time.", field="status")
        become(tx, row, Status.INVALID_SCHEDULE, SYSTEM, now)
        return follow(context, tx, row, subject.appointment, SYSTEM)


def status_history(
    context: Context,
    caller: Caller,
    appointment_id: str,
    *,
    page_number: int = 1,
    page_size: int = 25,
) -> Page[StatusChange]:
    """List every status that a session has had, oldest first.

    Raises NotFound, Denied, Invalid, Unavailable.
    """
    ensure_page(page_number, page_size)
    with context.read() as tx:
        access = access_of(tx, caller)
        appointment = tx.appointments.get(appointment_id)
        if appointment is None:
            raise no_appointment()
        _ensure_may_see(access, subject_of(tx, appointment))
        changes = tx.appointments.statuses(appointment_id)
    start = (page_number - 1) * page_size
    return Page(changes[start : start + page_size], len(changes), page_number, page_size)


def become(
    tx: Transaction, row: AppointmentRow, status: Status, caller: Caller, now: datetime
) -> None:
    """Write a status, its history entry, and what follows for completion and booked time."""
    row.status = status
    completes = status is Status.COMPLETED
    row.completed_at = now if completes else None
    row.completed_by = caller.person_id if completes else None
    row.revision += 1
    row.modified_at = now
    row.modified_by = caller.person_id or row.modified_by
    tx.appointments.add_status(
        models.StatusChange(
            appointment_id=row.id,
            status=status,
            created_at=now,
            created_by=caller.person_id or None,
        )
    )
    tx.appointments.flush()
    if status not in BLOCKING:
        tx.appointments.release(row.id)


def _ensure_may_see(access: Access, subject: Subject) -> None:
    if not may_see_statuses(access, subject):
        raise refuse(
            access,
            subject,
            "Your role doesn’t let you see this session’s history.",
            code=lacking(access, Permission.STATUS_VIEW),
        )


def ensure_may_change_status(access: Access, subject: Subject) -> None:
    """Refuse whoever may not change the status (contract, section 4.5). Raises Denied."""
    if may_change_status(access, subject):
        return
    if access.person_id in subject.appointment.attendee_ids:
        raise Denied(
            "Only the facilitator or the organizer can change the status of this session.",
            code="agent.cannot.change.status",
        )
    raise refuse(
        access,
        subject,
        "Your role doesn’t let you change the status of this session.",
        code=lacking(access, Permission.STATUS_EDIT),
    )
