"""What a query answers: frozen facts that outlive their transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.types import (
    ABOUT_NOTES,
    AccessType,
    ActionType,
    DeliveryState,
    Relationship,
    Standing,
    Status,
)

OPEN_STATUSES = frozenset({Status.SCHEDULED, Status.IN_PROGRESS})
"""Statuses that block a participant's time and can be overdue (contract, sections 5.3 and 5.4)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who schedules, coaches or is coached."""

    id: str
    name: str
    division_id: str
    timezone: str
    email: str | None
    slack_user_id: str | None
    standing: Standing
    manager_id: str | None
    working_hours: dict[str, Any] | None
    slack_channel: str | None
    slack_team_id: str = ""
    hours: int | None = None
    """The hours on the clock in which the person wants times said, 12 or 24; None: no choice."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of the workspace attached to an appointment."""

    file_id: str
    name: str
    permalink: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """One dated coaching session with everything attached to it."""

    id: str
    name: str
    description: str
    starts_at: datetime
    ends_at: datetime
    length_minutes: int
    status: Status
    facilitator_id: str | None
    creator_id: str
    created_at: datetime
    modified_by: str
    modified_at: datetime
    completed_at: datetime | None
    completed_by: str | None
    location: str | None
    share_insights_data: bool | None
    wfm_schedule: dict[str, Any] | None
    revision: int
    deleted_at: datetime | None
    attendee_ids: tuple[str, ...]
    conversation_ids: tuple[str, ...]
    document_ids: tuple[str, ...]
    external_links: tuple[str, ...]
    files: tuple[AttachedFile, ...] = ()

    @property
    def participant_ids(self) -> tuple[str, ...]:
        """The facilitator, if there is one, then the attendees."""
        facilitator = (self.facilitator_id,) if self.facilitator_id else ()
        return facilitator + self.attendee_ids

    @property
    def related_ids(self) -> frozenset[str]:
        """Creator, facilitator and attendees."""
        return frozenset({self.creator_id, *self.participant_ids})

    def is_overdue(self, now: datetime) -> bool:
        """Answer whether it should be over and nobody completed it (contract, section 5.4)."""
        return self.status in OPEN_STATUSES and self.ends_at < now

    def relationship_of(self, person_id: str) -> Relationship | None:
        """Name what the person is to it: the first of facilitator, attendee, creator."""
        if person_id == self.facilitator_id:
            return Relationship.FACILITATOR
        if person_id in self.attendee_ids:
            return Relationship.ATTENDEE
        return Relationship.CREATOR if person_id == self.creator_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One entry of an appointment's status history."""

    appointment_id: str
    status: Status
    created_at: datetime
    created_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A note on an appointment."""

    id: str
    appointment_id: str
    text: str
    access_type: AccessType
    created_by: str
    created_at: datetime
    modified_by: str
    modified_at: datetime
    is_deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A person's inbox entry: the values at the time of the event."""

    id: str
    person_id: str
    appointment_id: str
    action_type: ActionType
    relationship: Relationship
    name: str
    starts_at: datetime
    length_minutes: int
    status: Status
    created_at: datetime
    caused_by: str | None
    detail: str | None
    marked_as_read: bool
    note_type: AccessType | None = None

    @property
    def note(self) -> AccessType | None:
        """The type of the note that it tells of; one of which it is not known counts as Private."""
        if self.action_type not in ABOUT_NOTES:
            return None
        return self.note_type or AccessType.PRIVATE


@dataclass(frozen=True, slots=True)
class Delivery:
    """The promise to put one message in front of one person."""

    id: int
    mark: str
    kind: ActionType
    person_id: str
    appointment_id: str | None
    revision: int
    occurrence: str
    due_at: datetime
    next_at: datetime
    created_at: datetime
    notification_id: str | None
    state: DeliveryState
    attempts: int
    claim: str | None
    claimed_at: datetime | None
    channel: str | None
    message_ts: str | None
    reason: str | None
    told_starts_at: datetime | None = None
    refresh_at: datetime | None = None
    sought_at: datetime | None = None

    def is_on(self, mark: str | None) -> bool:
        """Answer whether this stands on a message with a mark, or with none as before marks."""
        return mark == self.mark or (mark is None and self.number_on_message == self.id)

    @property
    def number_on_message(self) -> int | None:
        """The number on a message of before there were marks; None for every later promise."""
        number, dot, _ = self.mark.partition(".")
        return int(number) if dot else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What one person chose; None: as the policy has it."""

    hours: int | None = None
    facilitator_leads: list[str] | None = None
    attendee_leads: list[str] | None = None
    quiet_hours: dict[str, Any] | None = None
    agenda_at: str | None = None
    weekly_digest: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form that somebody began and has not sent."""

    typed: dict[str, Any]
    began_with: dict[str, Any]
    updated_at: datetime
