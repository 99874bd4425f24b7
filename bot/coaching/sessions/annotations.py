"""Use cases: notes on a session (contract, sections 2, 3.10 to 3.14, 4.6 and 7.1).

A note raises no revision: what was promised about the session holds as before. The text of a
Private note stays in the note alone; the trail and the messages do not repeat it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import CoachingError, Invalid, NotFound, no_appointment
from bot.coaching.ground.lookup import (
    access_of,
    accesses_of,
    find_for_change,
    lacking,
    refuse,
    subject_of,
)
from bot.coaching.ground.paging import ensure_page
from bot.coaching.ground.permissions import (
    Access,
    Permission,
    Subject,
    may_add_note,
    may_delete_note,
    may_edit_note,
    may_hear_of,
    may_read_note,
    note_permission,
)
from bot.coaching.ground.values import Caller, Page
from bot.coaching.policy.policies import Policy
from bot.coaching.promises import notices
from storage import models
from storage.records import Annotation
from storage.transaction import Transaction
from storage.types import AccessType, ActionType


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """A note to be added, its text checked."""

    text: str
    access_type: AccessType
    submission: str | None = None
    """The note's id, a UUID: the same one twice adds one note."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody wants to do with a note, and who may."""

    action: str
    may: Callable[[Access, Subject, AccessType], bool]


READ: Final = _Wish("view", may_read_note)
EDIT: Final = _Wish("edit", may_edit_note)
DELETE: Final = _Wish("delete", may_delete_note)


def list_annotations(
    context: Context,
    caller: Caller,
    appointment_id: str,
    *,
    page_number: int = 1,
    page_size: int = 25,
) -> Page[Annotation]:
    """List the notes of a session that the caller may read, oldest first (3.10).

    Raises NotFound, Denied, Invalid, Unavailable.
    """
    ensure_page(page_number, page_size)
    with context.read() as tx:
        access = access_of(tx, caller)
        subject = _find_subject(tx, appointment_id)
        kinds = [each for each in AccessType if may_read_note(access, subject, each)]
        if not kinds:
            raise _refuse(access, subject, Permission.ANNOTATION_VIEW, "read the notes")
        total = tx.annotations.count(appointment_id, kinds)
        entities = tx.annotations.page(
            appointment_id, kinds, page_number=page_number, page_size=page_size
        )
    return Page(entities, total, page_number, page_size)


def find_annotation(
    context: Context, caller: Caller, appointment_id: str, annotation_id: str
) -> Annotation:
    """Find one note; a Private one that the caller may not read does not exist (3.12).

    Raises NotFound, Denied, Unavailable.
    """
    with context.read() as tx:
        access = access_of(tx, caller)
        subject = _find_subject(tx, appointment_id)
        return _find(tx, access, subject, annotation_id, READ)


def add_annotation(
    context: Context,
    caller: Caller,
    appointment_id: str,
    *,
    text: str,
    access_type: AccessType,
    submission: str | None = None,
) -> Annotation:
    """Add a note, and tell those who may read it (3.11). Any status allows it.

    A form that is sent again under the same `submission`, a UUID, adds nothing.
    Raises NotFound, Denied, Invalid, Unavailable.
    """
    checked = ensure_note(text, context.policy)
    wanted = NewNote(text=checked, access_type=access_type, submission=submission)
    with context.begin() as tx:
        access = access_of(tx, caller)
        _, subject = find_for_change(tx, appointment_id)
        return add_within(context, tx, (caller, access), subject, wanted)


def add_within(
    context: Context,
    tx: Transaction,
    who: tuple[Caller, Access],
    subject: Subject,
    wanted: NewNote,
) -> Annotation:
    """Add a note to a session that was found, inside a transaction that is open.

    Raises NotFound, Denied.
    """
    (caller, access), kind, now = who, wanted.access_type, context.clock()
    if not may_add_note(access, subject, kind, attendees_may=context.policy.attendees_may_note):
        raise _refuse(access, subject, note_permission(kind, "add"), "add this note")
    appointment_id, submission = subject.appointment.id, wanted.submission
    earlier = tx.annotations.get(appointment_id, submission) if submission else None
    if earlier is not None and earlier.created_by == caller.person_id:
        return earlier
    row = models.Annotation(
        appointment_id=appointment_id,
        text=wanted.text,
        access_type=kind,
        created_by=caller.person_id,
        created_at=now,
        modified_by=caller.person_id,
        modified_at=now,
    )
    row.id = submission or row.id
    tx.annotations.add(row)
    note = tx.annotations.the(appointment_id, row.id)
    deed = _deed(ActionType.ANNOTATION_ADDED, note, after=_facts(note))
    _tell(tx, subject, caller, deed, note, now)
    return note


def edit_annotation(
    context: Context, caller: Caller, appointment_id: str, annotation_id: str, *, text: str
) -> Annotation:
    """Write a note's text anew, and tell those who may read it (3.13).

    The text that it has already changes nothing. Raises NotFound, Denied, Invalid, Unavailable.
    """
    now = context.clock()
    checked = ensure_note(text, context.policy)
    with context.begin() as tx:
        access = access_of(tx, caller)
        _, subject = find_for_change(tx, appointment_id)
        before = _find(tx, access, subject, annotation_id, EDIT)
        if before.text == checked:
            return before
        row = tx.annotations.for_change(annotation_id)
        row.text, row.modified_by, row.modified_at = checked, caller.person_id, now
        tx.annotations.flush()
        note = tx.annotations.the(appointment_id, annotation_id)
        kind = ActionType.ANNOTATION_EDITED
        deed = _deed(kind, note, before=_facts(before), after=_facts(note))
        _tell(tx, subject, caller, deed, note, now)
        return note


def delete_annotation(
    context: Context, caller: Caller, appointment_id: str, annotation_id: str
) -> None:
    """Delete a note, and tell those who could read it; its row stays, marked (3.14).

    Raises NotFound, Denied, Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        access = access_of(tx, caller)
        _, subject = find_for_change(tx, appointment_id)
        note = _find(tx, access, subject, annotation_id, DELETE)
        row = tx.annotations.for_change(annotation_id)
        row.is_deleted, row.modified_by, row.modified_at = True, caller.person_id, now
        tx.annotations.flush()
        deed = _deed(ActionType.ANNOTATION_DELETED, note, before=_facts(note))
        _tell(tx, subject, caller, deed, note, now)


def _find_subject(tx: Transaction, appointment_id: str) -> Subject:
    appointment = tx.appointments.get(appointment_id)
    if appointment is None:
        raise no_appointment()
    return subject_of(tx, appointment)


def _find(
    tx: Transaction, access: Access, subject: Subject, annotation_id: str, wish: _Wish
) -> Annotation:
    """Find a note with which the caller may do something; the others are not there."""
    known = [
        each
        for each in AccessType
        if may_read_note(access, subject, each) or wish.may(access, subject, each)
    ]
    if not known:
        raise _refuse(access, subject, Permission.ANNOTATION_VIEW, "read the notes")
    note = tx.annotations.get(subject.appointment.id, annotation_id)
    if note is None or note.access_type not in known:
        raise NotFound("That note isn’t there.", code="annotation.not.found")
    if note.is_deleted:
        raise NotFound("That note was deleted.", code="annotation.deleted")
    if not wish.may(access, subject, note.access_type):
        permission = note_permission(note.access_type, wish.action)
        raise _refuse(access, subject, permission, f"{wish.action} this note")
    return note


def _refuse(access: Access, subject: Subject, permission: Permission, what: str) -> CoachingError:
    message = f"Your part in this session doesn’t let you {what}."
    return refuse(access, subject, message, code=lacking(access, permission))


def ensure_note(text: str, policy: Policy, *, field: str = "text") -> str:
    """Give the text without blanks around it. Raises Invalid when empty, too long, not text."""
    trimmed = text.strip()
    if not any(each.isprintable() and not each.isspace() for each in trimmed):
        raise _invalid("Please write something in the note.", field)
    if len(trimmed) > policy.max_note_length:
        limit = policy.max_note_length
        said = f"Please use at most {limit:,} characters; this has {len(trimmed):,}."
        raise _invalid(said, field)
    if any(each == "\x00" or "\ud800" <= each <= "\udfff" for each in trimmed):
        said = "This text has a character that can’t be stored. Please type it again."
        raise _invalid(said, field)
    return trimmed


def _invalid(message: str, field: str) -> Invalid:
    return Invalid(message, code="validation.failure", field=field)


def _deed(
    kind: ActionType,
    note: Annotation,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> trail.Deed:
    return trail.Deed(
        action=kind.value, entity="annotation", entity_id=note.id, before=before, after=after
    )


def _facts(note: Annotation) -> dict[str, Any]:
    """What the trail keeps of a note."""
    facts = {"appointment_id": note.appointment_id, "access_type": note.access_type}
    return facts if note.access_type is AccessType.PRIVATE else facts | {"text": note.text}


def _tell(
    tx: Transaction,
    subject: Subject,
    caller: Caller,
    deed: trail.Deed,
    note: Annotation,
    now: datetime,
) -> None:
    event = notices.Event(
        kind=ActionType(deed.action),
        at=now,
        caller=caller,
        readers=_readers(tx, subject, note.access_type),
        note_type=note.access_type,
    )
    notices.announce(tx, subject.appointment, event)
    trail.record(tx, caller, now, deed)


def _readers(tx: Transaction, subject: Subject, kind: AccessType) -> frozenset[str]:
    """Keep those among the related who may read a note of this kind (7.1)."""
    related = subject.appointment.related_ids
    return frozenset(
        person_id
        for person_id, access in accesses_of(tx, related).items()
        if may_hear_of(access, subject, kind)
    )
