"""Use case: save the form of a session, all of it or nothing.

The form that is sent twice is saved once. What somebody else changed while the form was open is
told before it is overwritten.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from bot.coaching.form.changes import changes_between
from bot.coaching.form.drafts import (
    PLAIN,
    FormDraft,
    begin,
    collisions,
    edits,
    find_draft,
    fixed_in,
    is_same,
    moved_up,
    put_back,
    standing,
    typed_of,
)
from bot.coaching.form.forms import hold_form, keep
from bot.coaching.form.pages import Desk, desk_for
from bot.coaching.form.values import Typed, TypedChanges
from bot.coaching.ground import rules
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Conflict, Denied, Invalid
from bot.coaching.ground.lifecycle import why_not_edited
from bot.coaching.ground.lookup import find_for_change, subject_of
from bot.coaching.ground.permissions import Subject, may_edit
from bot.coaching.ground.unset import UNSET
from bot.coaching.ground.values import AppointmentChanges, Caller, NewAppointment
from bot.coaching.policy.policies import Policy
from bot.coaching.sessions.annotations import NewNote, add_within, ensure_note
from bot.coaching.sessions.changing import change_within
from bot.coaching.sessions.conversations import attach_within
from bot.coaching.sessions.scheduling import checked_request, hold_submission, schedule_within
from storage.models import Appointment as AppointmentRow
from storage.records import Appointment
from storage.transaction import Transaction
from storage.types import AccessType

Found = tuple[AppointmentRow, Subject]


def save_form(
    context: Context,
    caller: Caller,
    subject: str,
    *,
    submission: str | None = None,
    told: TypedChanges | None = None,
) -> Appointment:
    """Schedule what was typed, or write to the session what was typed differently; add the note.

    Where somebody else has changed the same field to something else, nothing is saved and the
    Conflict says who changed what; saving again overwrites it. A `submission` is the token of the
    form that is sent, `told` what stands on its open tab: who may no longer change that is told so.
    Raises Invalid, Conflict, NotFound, Denied, Unavailable.
    """
    with context.begin() as tx:
        hold_form(tx, caller, subject)
        desk = desk_for(tx, context, caller, subject)
        _ensure_allowed(desk, told or TypedChanges())
        draft = find_draft(tx, caller.person_id, desk.key)
        if desk.subject is None:
            return _schedule(tx, desk, draft, submission)
        if draft is None:
            return desk.subject.appointment
        found = find_for_change(tx, subject)
        clash = _clash(tx, desk, draft, found[1])
        if clash is None:
            return _change(tx, desk, draft, found)
    raise clash


def _ensure_allowed(desk: Desk, told: TypedChanges) -> None:
    """Refuse what was typed where it could not be kept, rather than drop it without a word."""
    for name in PLAIN:
        value = getattr(told, name)
        if name in desk.fields or value is UNSET:
            continue
        if not is_same(value, getattr(desk.blank(), name)):
            message = "Only the organizer or the facilitator of a session can change it."
            raise Denied(message, code="forbidden")


def _schedule(
    tx: Transaction, desk: Desk, draft: FormDraft | None, submission: str | None
) -> Appointment:
    token = submission or (draft.typed.submission if draft else "")
    made = hold_submission(tx, desk.caller, token)
    if made is not None:
        return made
    if draft is None or token != draft.typed.submission:
        raise Conflict("This form isn’t open any more. Please open it again.")
    wanted = checked_request(_request(draft.typed, desk), desk.now, desk.context.policy)
    note = _note(draft.typed, desk.context.policy)
    made = schedule_within(desk.context, tx, desk.caller, wanted, desk.now)
    _add(tx, desk, subject_of(tx, made), note)
    _close(tx, desk, draft, Typed())
    return made


def _request(typed: Typed, desk: Desk) -> NewAppointment:
    """Put what was typed into a request; what is missing is asked for in the form's order."""
    policy = desk.context.policy
    if typed.starts_at is None:
        rules.ensure_name(typed.name, policy)
        rules.ensure_description(typed.description, policy)
        rules.ensure_distinct(typed.facilitator_id, typed.attendee_ids, policy)
    return NewAppointment(
        name=typed.name,
        description=typed.description,
        starts_at=_start(typed),
        length_minutes=typed.length_minutes,
        attendee_ids=typed.attendee_ids,
        facilitator_id=typed.facilitator_id,
        conversation_ids=typed.conversation_ids,
        document_ids=typed.document_ids,
        external_links=typed.external_links,
        files=typed.files,
        location=typed.location,
        submission=typed.submission,
    )


def _start(typed: Typed) -> datetime:
    if typed.starts_at is None:
        raise Invalid("Please pick a time for the session.", code="invalid.date", field="starts_at")
    return typed.starts_at


def _clash(tx: Transaction, desk: Desk, draft: FormDraft, subject: Subject) -> Conflict | None:
    """Find what others did that is in the way of saving, and count it as told.

    What can't be changed any more is no longer waiting to be saved; the rest is.
    """
    current, status = typed_of(subject.appointment), subject.appointment.status
    fixed = fixed_in(status) & {*edits(draft, current)}
    names = collisions(draft, current)
    if not (fixed or names) or not may_edit(desk.access, subject):
        return None
    if fixed:
        keep(tx, desk, put_back(draft, fixed, current))
        return why_not_edited(status, fixed)
    told = changes_between(tx, subject.appointment.id, (draft.base, current), desk.reader, desk.now)
    keep(tx, desk, moved_up(draft, names, current))
    said = " ".join(told[each] for each in names)
    return Conflict(f"{said} Save again to keep what you typed.", field=names[0])


def _change(tx: Transaction, desk: Desk, draft: FormDraft, found: Found) -> Appointment:
    subject, current = found[1], typed_of(found[1].appointment)
    typed, names = standing(draft, current), edits(draft, current)
    note = _note(typed, desk.context.policy)
    made = subject.appointment
    if names:
        made = _write(tx, desk, found, {name: getattr(typed, name) for name in names})
    _add(tx, desk, subject, note)
    _close(tx, desk, draft, typed_of(made), revision=made.revision)
    return made


def _write(tx: Transaction, desk: Desk, found: Found, wanted: Mapping[str, Any]) -> Appointment:
    who, before = (desk.caller, desk.access), found[1].appointment
    if not may_edit(desk.access, found[1]) and set(wanted) == {"conversation_ids"}:
        added = set(wanted["conversation_ids"])
        if added > set(before.conversation_ids):
            return attach_within(desk.context, tx, who, found, wanted["conversation_ids"])
    if "starts_at" in wanted:
        _start(Typed(starts_at=wanted["starts_at"]))
    changes = AppointmentChanges(**wanted)
    return change_within(desk.context, tx, who, found, changes, desk.now)


def _note(typed: Typed, policy: Policy) -> NewNote | None:
    """Check the note that was typed; the same note of the same form has the same id."""
    if not typed.note.strip():
        return None
    kind = AccessType.PRIVATE if typed.note_is_private else AccessType.PUBLIC
    text = ensure_note(typed.note, policy, field="note")
    token = uuid5(NAMESPACE_OID, f"{typed.submission}:{kind.value}:{text}")
    return NewNote(text=text, access_type=kind, submission=str(token))


def _add(tx: Transaction, desk: Desk, subject: Subject, note: NewNote | None) -> None:
    if note is not None:
        add_within(desk.context, tx, (desk.caller, desk.access), subject, note)


def _close(
    tx: Transaction, desk: Desk, draft: FormDraft, base: Typed, *, revision: int = 0
) -> None:
    """Forget what was typed; the token stays, so that the same form sent again does nothing."""
    empty = begin(base, revision=revision, now=desk.now, submission=draft.typed.submission)
    keep(tx, desk, empty)
