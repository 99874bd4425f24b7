"""Use cases: change a session, and delete it (contract, sections 2, 3.5, 3.6 and 6)."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from bot.coaching.ground import rules, trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied
from bot.coaching.ground.lifecycle import (
    TIME_FIELDS,
    ensure_may_ask_for,
    ensure_may_delete,
    ensure_may_edit,
    ensure_transition,
)
from bot.coaching.ground.lookup import access_of, find_for_change, refuse
from bot.coaching.ground.permissions import Access, Subject, may_delete, may_edit
from bot.coaching.ground.unset import UNSET
from bot.coaching.ground.values import AppointmentChanges, Caller
from bot.coaching.policy.policies import Policy
from bot.coaching.promises import notices
from bot.coaching.sessions.booking import Party, ensure_free
from bot.coaching.sessions.consequences import follow
from bot.coaching.sessions.statuses import become
from storage.models import Appointment as AppointmentRow
from storage.records import Appointment
from storage.transaction import Transaction
from storage.types import ActionType, Status

PLAIN = ("name", "description", "location", "share_insights_data", "wfm_schedule")


def change(
    context: Context, caller: Caller, appointment_id: str, changes: AppointmentChanges
) -> Appointment:
    """Change what is named in the request, and tell everybody related.

    What is sent as it already stands counts as not sent, so that whole sessions may be sent back.
    Raises NotFound, Denied, Invalid, Conflict, Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        access = access_of(tx, caller)
        found = find_for_change(tx, appointment_id)
        return change_within(context, tx, (caller, access), found, changes, now)


def change_within(
    context: Context,
    tx: Transaction,
    who: tuple[Caller, Access],
    found: tuple[AppointmentRow, Subject],
    changes: AppointmentChanges,
    now: datetime,
) -> Appointment:
    """Change a session that was found for it, inside a transaction that is open.

    Raises NotFound, Denied, Invalid, Conflict.
    """
    caller, access = who
    row, subject = found
    _ensure_may_edit(access, subject)
    before = subject.appointment
    wanted = different(_checked(changes, context.policy), before)
    if not wanted:
        return before
    _apply(context, tx, access, row, wanted, now)
    _apply_status(tx, row, wanted, caller, now)
    return follow(context, tx, row, before, caller)


def delete(context: Context, caller: Caller, appointment_id: str) -> None:
    """Delete a session: it stays in the trail, its time is free again, everybody is told.

    Raises NotFound, Denied, Conflict, Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        access = access_of(tx, caller)
        row, subject = find_for_change(tx, appointment_id)
        if not may_delete(access, subject):
            message = "Only the organizer of a session, or a quality manager, can delete it."
            raise refuse(access, subject, message, code="forbidden")
        ensure_may_delete(row.status)
        row.deleted_at = row.modified_at = now
        row.modified_by = caller.person_id
        row.revision += 1
        tx.appointments.flush()
        tx.appointments.release(row.id)
        appointment = tx.appointments.the(row.id)
        event = notices.Event(
            kind=ActionType.DELETE,
            at=now,
            caller=caller,
            previous_revision=subject.appointment.revision,
        )
        notices.announce(tx, appointment, event)
        tx.deliveries.outdate(row.id, at=now)
        deed = trail.Deed(
            action="delete",
            entity="appointment",
            entity_id=row.id,
            before=trail.facts(appointment),
        )
        trail.record(tx, caller, now, deed)


def has_deleted(context: Context, caller: Caller, appointment_id: str) -> bool:
    """Answer whether it was the caller who deleted a session. Raises Unavailable."""
    with context.read() as tx:
        found = tx.appointments.get(appointment_id, deleted=True)
        if found is None or found.deleted_at is None:
            return False
        return found.modified_by == caller.person_id


def named(changes: AppointmentChanges) -> dict[str, Any]:
    """Keep the fields that the request mentions."""
    values = {each.name: getattr(changes, each.name) for each in fields(changes)}
    return {name: value for name, value in values.items() if value is not UNSET}


def different(changes: AppointmentChanges, appointment: Appointment) -> dict[str, Any]:
    """Keep the fields that the request would really change."""
    return {
        name: value
        for name, value in named(changes).items()
        if name != "add_to_schedule" and getattr(appointment, name) != value
    }


def _ensure_may_edit(access: Access, subject: Subject) -> None:
    if may_edit(access, subject):
        return
    message = "Only the organizer or the facilitator of a session can change it."
    if access.person_id in subject.appointment.attendee_ids:
        raise Denied(message, code="forbidden")
    raise refuse(access, subject, message, code="forbidden")


def _checked(changes: AppointmentChanges, policy: Policy) -> AppointmentChanges:
    """Give the changes with every value as it will be stored; refuse the first that is wrong."""
    found: dict[str, Any] = {}
    if changes.name is not UNSET:
        found["name"] = rules.ensure_name(changes.name, policy)
    if changes.description is not UNSET:
        found["description"] = rules.ensure_description(changes.description, policy)
    if changes.starts_at is not UNSET:
        found["starts_at"] = rules.floor_to_minute(changes.starts_at)
    if changes.length_minutes is not UNSET:
        found["length_minutes"] = rules.ensure_length(changes.length_minutes, policy)
    if changes.location is not UNSET:
        found["location"] = rules.ensure_location(changes.location, policy)
    if changes.wfm_schedule is not UNSET:
        found["wfm_schedule"] = rules.ensure_wfm_schedule(changes.wfm_schedule)
    return replace(changes, **found, **_checked_attachments(changes, policy))


def _checked_attachments(changes: AppointmentChanges, policy: Policy) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if changes.conversation_ids is not UNSET:
        found["conversation_ids"] = rules.ensure_conversations(changes.conversation_ids, policy)
    if changes.document_ids is not UNSET:
        found["document_ids"] = rules.ensure_ids(changes.document_ids, "document_ids", policy)
    if changes.external_links is not UNSET:
        found["external_links"] = rules.ensure_links(changes.external_links, policy)
    if changes.files is not UNSET:
        found["files"] = rules.ensure_files(changes.files, policy)
    return found


def _apply(
    context: Context,
    tx: Transaction,
    access: Access,
    row: AppointmentRow,
    wanted: Mapping[str, Any],
    now: datetime,
) -> None:
    if "status" in wanted:
        ensure_may_ask_for(wanted["status"])
    ensure_may_edit(row.status, frozenset(wanted))
    row.revision += 1
    row.modified_by, row.modified_at = access.person_id, now
    for name in PLAIN:
        if name in wanted:
            setattr(row, name, wanted[name])
    if TIME_FIELDS & wanted.keys():
        _move(context, tx, access, row, wanted, now)
    tx.appointments.flush()
    _attach(tx, row.id, wanted)


def _move(
    context: Context,
    tx: Transaction,
    access: Access,
    row: AppointmentRow,
    wanted: Mapping[str, Any],
    now: datetime,
) -> None:
    starts_at = rules.ensure_start(wanted.get("starts_at", row.starts_at), now, context.policy)
    minutes = wanted.get("length_minutes", row.length_minutes)
    ends_at = starts_at + timedelta(minutes=minutes)
    appointment = tx.appointments.the(row.id)
    party = Party(facilitator_id=appointment.facilitator_id, attendee_ids=appointment.attendee_ids)
    ensure_free(tx, access, party, (starts_at, ends_at), except_id=row.id)
    row.move(starts_at, minutes)
    tx.appointments.book(row.id, appointment.participant_ids, starts_at, ends_at)


def _attach(tx: Transaction, appointment_id: str, wanted: Mapping[str, Any]) -> None:
    if "conversation_ids" in wanted:
        tx.appointments.replace_conversations(appointment_id, wanted["conversation_ids"])
    if "document_ids" in wanted:
        tx.appointments.replace_documents(appointment_id, wanted["document_ids"])
    if "external_links" in wanted:
        tx.appointments.replace_links(appointment_id, wanted["external_links"])
    if "files" in wanted:
        tx.appointments.replace_files(appointment_id, wanted["files"])


def _apply_status(
    tx: Transaction, row: AppointmentRow, wanted: Mapping[str, Any], caller: Caller, now: datetime
) -> None:
    moved = bool(TIME_FIELDS & wanted.keys())
    if row.status is Status.INVALID_SCHEDULE and moved:
        become(tx, row, Status.SCHEDULED, caller, now)
    status = wanted.get("status", row.status)
    if status is not row.status:
        ensure_transition(row.status, status)
        become(tx, row, status, caller, now)
