"""What a reader may be told of, as SQL conditions on the entries of an inbox (contract, section 4).

In Python the same is said by `may_hear_of`.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, not_, or_, select

from storage.models import Appointment, Attendee, Notification, Person
from storage.types import ABOUT_NOTES, AccessType


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A reader, with the divisions over which they see sessions and read notes of each type."""

    person_id: str
    sessions: frozenset[str] = frozenset()
    public_notes: frozenset[str] = frozenset()
    private_notes: frozenset[str] = frozenset()


def may_be_told(sight: Sight) -> list[ColumnElement[bool]]:
    """Ask whether the reader may see the session of an entry, and read the note it tells of.

    The entries are joined with their appointments.
    """
    me = sight.person_id
    leads = or_(Appointment.creator_id == me, Appointment.facilitator_id == me)
    attends = (
        select(Attendee.appointment_id)
        .where(Attendee.appointment_id == Appointment.id, Attendee.person_id == me)
        .exists()
    )
    is_public = Notification.note_type == AccessType.PUBLIC
    is_private = or_(Notification.note_type.is_(None), not_(is_public))
    return [
        or_(leads, attends, _lies_within(sight.sessions)),
        or_(
            Notification.action_type.not_in(ABOUT_NOTES),
            and_(is_public, or_(leads, attends, _lies_within(sight.public_notes))),
            and_(is_private, or_(leads, _lies_within(sight.private_notes))),
        ),
    ]


def _lies_within(divisions: frozenset[str]) -> ColumnElement[bool]:
    """Ask whether every attendee is in one of these divisions."""
    if not divisions:
        return false()
    outside = (
        select(Attendee.appointment_id)
        .join(Person, Person.id == Attendee.person_id)
        .where(
            Attendee.appointment_id == Appointment.id,
            Person.division_id.not_in(sorted(divisions)),
        )
        .exists()
    )
    return not_(outside)
