"""Who may do what (contract, section 4): pure functions of who somebody is and what they hold."""

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from storage.records import Appointment
from storage.sight import Sight
from storage.types import AccessType, Relationship


class Permission(enum.StrEnum):
    """What a role can allow, named as in the contract."""

    PARTICIPATE = "coaching:appointment:participate"
    APPOINTMENT_VIEW = "coaching:appointment:view"
    APPOINTMENT_ADD = "coaching:appointment:add"
    APPOINTMENT_EDIT = "coaching:appointment:edit"
    APPOINTMENT_DELETE = "coaching:appointment:delete"
    CONVERSATION_ADD = "coaching:appointmentConversation:add"
    STATUS_VIEW = "coaching:appointmentStatus:view"
    STATUS_EDIT = "coaching:appointmentStatus:edit"
    ANNOTATION_VIEW = "coaching:annotation:view"
    ANNOTATION_ADD = "coaching:annotation:add"
    ANNOTATION_EDIT = "coaching:annotation:edit"
    ANNOTATION_DELETE = "coaching:annotation:delete"
    PRIVATE_ANNOTATION_VIEW = "coaching:privateAnnotation:view"
    PRIVATE_ANNOTATION_ADD = "coaching:privateAnnotation:add"
    PRIVATE_ANNOTATION_EDIT = "coaching:privateAnnotation:edit"
    PRIVATE_ANNOTATION_DELETE = "coaching:privateAnnotation:delete"
    NOTIFICATION_VIEW = "coaching:notification:view"
    SLOT_VIEW = "coaching:scheduleSlot:view"
    SLOT_JOB_ADD = "coaching:scheduleSlotJob:add"
    SLOT_JOB_VIEW = "coaching:scheduleSlotJob:view"


AGENT = "Agent"
ADMINISTRATOR = "Administrator"


def shipped_roles() -> dict[str, frozenset[Permission]]:
    """Read what each role may do until an administrator changes it (contract, section 4.1)."""
    text = files("bot.coaching").joinpath("roles.json").read_text(encoding="utf-8")
    definitions: dict[str, list[str]] = json.loads(text)
    return {name: frozenset(map(Permission, each)) for name, each in definitions.items()}


@dataclass(frozen=True, slots=True)
class Access:
    """One person and the permissions held, each with the divisions that it reaches."""

    person_id: str
    held: Mapping[str, frozenset[str]]

    def reach(self, permission: Permission) -> frozenset[str]:
        """The divisions over which the permission is held."""
        return self.held.get(permission, frozenset())

    def holds(self, permission: Permission) -> bool:
        """Whether the permission is held anywhere at all."""
        return bool(self.reach(permission))

    def covers(self, permission: Permission, divisions: frozenset[str]) -> bool:
        """Whether the permission reaches every one of these divisions (contract, section 4.3)."""
        return bool(divisions) and divisions <= self.reach(permission)


@dataclass(frozen=True, slots=True)
class Subject:
    """An appointment with the divisions of its attendees, which decide who may reach it."""

    appointment: Appointment
    divisions: frozenset[str]

    def relates(self, person_id: str) -> bool:
        """Whether the person is its creator, facilitator or an attendee."""
        return person_id in self.appointment.related_ids

    def leads(self, person_id: str) -> bool:
        """Whether the person is its creator or facilitator."""
        leaders = {self.appointment.creator_id, self.appointment.facilitator_id}
        return person_id in leaders


def may_view(access: Access, subject: Subject) -> bool:
    """See a session: related people, and those who may view all of its attendees."""
    return subject.relates(access.person_id) or access.covers(
        Permission.APPOINTMENT_VIEW, subject.divisions
    )


def may_edit(access: Access, subject: Subject) -> bool:
    """Change a session: its creator and facilitator, and those with the permission."""
    return subject.leads(access.person_id) or access.covers(
        Permission.APPOINTMENT_EDIT, subject.divisions
    )


def may_delete(access: Access, subject: Subject) -> bool:
    """Delete a session: its creator, and those with the permission."""
    return access.person_id == subject.appointment.creator_id or access.covers(
        Permission.APPOINTMENT_DELETE, subject.divisions
    )


def may_attach(access: Access, subject: Subject) -> bool:
    """Attach an interaction: whoever may edit, and those with the permission to attach."""
    return may_edit(access, subject) or access.covers(
        Permission.CONVERSATION_ADD, subject.divisions
    )


def may_see_statuses(access: Access, subject: Subject) -> bool:
    """Read the status history: related people, and those with the permission."""
    return subject.relates(access.person_id) or access.covers(
        Permission.STATUS_VIEW, subject.divisions
    )


def may_change_status(access: Access, subject: Subject) -> bool:
    """Change the status: see section 4.5 of the contract for attendees."""
    if subject.leads(access.person_id):
        return True
    if access.covers(Permission.STATUS_EDIT, subject.divisions):
        return True
    attends = access.person_id in subject.appointment.attendee_ids
    return attends and subject.appointment.facilitator_id is None


def may_read_note(access: Access, subject: Subject, kind: AccessType) -> bool:
    """Read a note: Public by related people, Private by creator and facilitator; or permission."""
    if kind is AccessType.PRIVATE:
        return subject.leads(access.person_id) or access.covers(
            Permission.PRIVATE_ANNOTATION_VIEW, subject.divisions
        )
    return subject.relates(access.person_id) or access.covers(
        Permission.ANNOTATION_VIEW, subject.divisions
    )


def may_hear_of(access: Access, subject: Subject, note: AccessType | None) -> bool:
    """Be told of a session, or of a note on it of this type, whenever that is shown or sent.

    `Sight` asks the database the same.
    """
    return may_view(access, subject) and (note is None or may_read_note(access, subject, note))


def sight_of(access: Access) -> Sight:
    """Say of what somebody may be told, for the database."""
    return Sight(
        person_id=access.person_id,
        sessions=access.reach(Permission.APPOINTMENT_VIEW),
        public_notes=access.reach(Permission.ANNOTATION_VIEW),
        private_notes=access.reach(Permission.PRIVATE_ANNOTATION_VIEW),
    )


def may_add_note(
    access: Access, subject: Subject, kind: AccessType, *, attendees_may: bool
) -> bool:
    """Add a note: Public by related people, Private by creator and facilitator; or permission.

    The policy may leave attendees out (contract, 4.6).
    """
    if kind is AccessType.PUBLIC and attendees_may and subject.relates(access.person_id):
        return True
    return _leads_or_holds(access, subject, note_permission(kind, "add"))


def may_edit_note(access: Access, subject: Subject, kind: AccessType) -> bool:
    """Edit a note: creator and facilitator, and those with the permission for its type (4.6)."""
    return _leads_or_holds(access, subject, note_permission(kind, "edit"))


def may_delete_note(access: Access, subject: Subject, kind: AccessType) -> bool:
    """Delete a note: creator and facilitator, and those with the permission for its type (4.6)."""
    return _leads_or_holds(access, subject, note_permission(kind, "delete"))


def note_permission(kind: AccessType, action: str) -> Permission:
    """Name what governs notes of a type: `annotation:*` Public, `privateAnnotation:*` Private."""
    entity = "privateAnnotation" if kind is AccessType.PRIVATE else "annotation"
    return Permission(f"coaching:{entity}:{action}")


def _leads_or_holds(access: Access, subject: Subject, permission: Permission) -> bool:
    return subject.leads(access.person_id) or access.covers(permission, subject.divisions)


def relationships(appointment: Appointment) -> dict[str, Relationship]:
    """Map everybody related to what they are first: facilitator, attendee, creator (7.1)."""
    found = {appointment.creator_id: Relationship.CREATOR}
    found |= dict.fromkeys(appointment.attendee_ids, Relationship.ATTENDEE)
    if appointment.facilitator_id is not None:
        found[appointment.facilitator_id] = Relationship.FACILITATOR
    return found
