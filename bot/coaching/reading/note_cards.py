"""Use case: the notes of a session as one reader sees them, with what they may do to each.

A note that the reader may not read is neither shown nor counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import no_appointment
from bot.coaching.ground.lookup import access_of, lacking, reader_of, refuse, subject_of
from bot.coaching.ground.paging import ensure_page
from bot.coaching.ground.permissions import (
    Access,
    Permission,
    Subject,
    may_add_note,
    may_delete_note,
    may_edit_note,
    may_read_note,
)
from bot.coaching.ground.values import Caller, Page
from bot.coaching.reading.cards import name_of
from bot.coaching.times.wording import clocks_of, say_when
from storage.records import Annotation, Person
from storage.transaction import Transaction
from storage.types import AccessType


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCard:
    """A note as one reader sees it."""

    annotation_id: str
    text: str
    author: str
    when: str
    """When it was written, in the reader's zone: `today at 3:05 pm`."""
    is_private: bool
    is_edited: bool
    may_edit: bool
    may_delete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesPage:
    """A page of a session's notes, newest first, and which notes the reader may add."""

    appointment_id: str
    title: str
    entries: Page[NoteCard]
    may_add: bool
    may_add_private: bool


def notes_page(
    context: Context,
    caller: Caller,
    appointment_id: str,
    *,
    page_number: int = 1,
    page_size: int = 5,
) -> NotesPage:
    """Show the notes that the reader may read; the last page where the wanted one is no more.

    Raises NotFound, Denied, Invalid, Unavailable.
    """
    ensure_page(page_number, page_size)
    with context.read() as tx:
        reader = reader_of(tx, caller)
        access = access_of(tx, caller)
        subject = _find_readable(tx, access, appointment_id)
        return notes_within(
            context, tx, (reader, access), subject, page_number=page_number, page_size=page_size
        )


def notes_within(
    context: Context,
    tx: Transaction,
    who: tuple[Person, Access],
    subject: Subject,
    *,
    page_number: int = 1,
    page_size: int = 5,
) -> NotesPage:
    """Show the notes of a session that was found, as far as the reader may read them."""
    (reader, access), now = who, context.clock()
    appointment_id = subject.appointment.id
    kinds = [each for each in AccessType if may_read_note(access, subject, each)]
    total = tx.annotations.count(appointment_id, kinds)
    number = min(page_number, max(1, -(-total // page_size)))
    found = tx.annotations.page(
        appointment_id, kinds, page_number=number, page_size=page_size, newest_first=True
    )
    people = tx.people.many({each.created_by for each in found})
    desk = _Desk(access, subject, reader, people, now)
    attendees_may = context.policy.attendees_may_note
    may_add = {
        kind: may_add_note(access, subject, kind, attendees_may=attendees_may)
        for kind in AccessType
    }
    return NotesPage(
        appointment_id=appointment_id,
        title=subject.appointment.name,
        entries=Page([desk.card(each) for each in found], total, number, page_size),
        may_add=may_add[AccessType.PUBLIC],
        may_add_private=may_add[AccessType.PRIVATE],
    )


def _find_readable(tx: Transaction, access: Access, appointment_id: str) -> Subject:
    """Find a session of which the reader may read some notes. Raises NotFound, Denied."""
    appointment = tx.appointments.get(appointment_id)
    if appointment is None:
        raise no_appointment()
    subject = subject_of(tx, appointment)
    if not any(may_read_note(access, subject, each) for each in AccessType):
        message = "Your part in this session doesn’t let you read the notes."
        raise refuse(access, subject, message, code=lacking(access, Permission.ANNOTATION_VIEW))
    return subject


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is needed to show a note to its reader."""

    access: Access
    subject: Subject
    reader: Person
    people: Mapping[str, Person]
    now: datetime

    def card(self, note: Annotation) -> NoteCard:
        return NoteCard(
            annotation_id=note.id,
            text=note.text,
            author=name_of(self.people, note.created_by),
            when=say_when(note.created_at, clocks_of(self.reader), self.now),
            is_private=note.access_type is AccessType.PRIVATE,
            is_edited=note.modified_at > note.created_at,
            may_edit=may_edit_note(self.access, self.subject, note.access_type),
            may_delete=may_delete_note(self.access, self.subject, note.access_type),
        )
