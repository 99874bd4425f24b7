"""The tables, as typed dataclasses: facts and tiny arithmetic, never a rule."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.account_models import AccountName, ClaimedAddress, FurtherAccount, Sync
from storage.act_models import Act
from storage.base import AppointmentId, Base, Id, Number, PersonId, new_id
from storage.outbox_models import Delivery, Pace, Timeline
from storage.personal_models import Draft, Plan, PolicyValue, Preferences
from storage.types import (
    AccessType,
    ActionType,
    Relationship,
    Source,
    Standing,
    Status,
)

__all__ = [
    "AccountName",
    "Act",
    "Annotation",
    "Appointment",
    "AttachedFile",
    "Attendee",
    "AuditEntry",
    "Booking",
    "ClaimedAddress",
    "Conversation",
    "Delivery",
    "Division",
    "Document",
    "Draft",
    "ExternalLink",
    "FurtherAccount",
    "Grant",
    "Notification",
    "Pace",
    "Person",
    "Plan",
    "PolicyValue",
    "Preferences",
    "Role",
    "StatusChange",
    "Submission",
    "Sync",
    "Timeline",
]


class Division(Base, kw_only=True):
    """A group of people that a permission reaches."""

    __tablename__ = "divisions"
    id: Mapped[Id] = mapped_column(default_factory=new_id)
    name: Mapped[str] = mapped_column(String(255), unique=True)
    is_home: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether people belong to it on first contact, whatever it is called; true of one."""


class Role(Base, kw_only=True):
    """A named set of permissions."""

    __tablename__ = "roles"
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    permissions: Mapped[list[str]]


class Person(Base, kw_only=True):
    """Somebody who schedules, coaches or is coached."""

    __tablename__ = "people"
    id: Mapped[Id] = mapped_column(default_factory=new_id)
    name: Mapped[str] = mapped_column(String(255))
    division_id: Mapped[str] = mapped_column(ForeignKey("divisions.id"), index=True)
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    email: Mapped[str | None] = mapped_column(String(320), unique=True, default=None)
    slack_user_id: Mapped[str | None] = mapped_column(String(32), default=None)
    slack_team_id: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """The workspace of the account; empty until Slack has said it."""
    standing: Mapped[Standing] = mapped_column(default=Standing.MEMBER)
    manager_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), default=None)
    working_hours: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    slack_channel: Mapped[str | None] = mapped_column(String(32), default=None)
    """The direct-message channel between the bot and this person, once it was opened."""
    __table_args__ = (UniqueConstraint("slack_user_id", "slack_team_id"),)


class Grant(Base, kw_only=True):
    """A role that a person holds over a division."""

    __tablename__ = "grants"
    person_id: Mapped[PersonId] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(ForeignKey("roles.name"), primary_key=True)
    division_id: Mapped[str] = mapped_column(ForeignKey("divisions.id"), primary_key=True)


class Appointment(Base, kw_only=True):
    """One dated coaching session."""

    __tablename__ = "appointments"
    id: Mapped[Id] = mapped_column(default_factory=new_id)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    length_minutes: Mapped[int]
    creator_id: Mapped[PersonId] = mapped_column(index=True)
    created_at: Mapped[datetime]
    modified_by: Mapped[PersonId]
    modified_at: Mapped[datetime]
    facilitator_id: Mapped[str | None] = mapped_column(
        ForeignKey("people.id"), index=True, default=None
    )
    status: Mapped[Status] = mapped_column(default=Status.SCHEDULED)
    location: Mapped[str | None] = mapped_column(Text, default=None)
    share_insights_data: Mapped[bool | None] = mapped_column(default=None)
    wfm_schedule: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    add_to_schedule: Mapped[bool | None] = mapped_column(default=None)
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"), default=None)
    deleted_at: Mapped[datetime | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=1)
    """Raised by every change: what was promised before it can be told from what holds now."""

    __table_args__ = (
        Index(
            "ix_appointments_starts_at",
            "starts_at",
            "id",
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_appointments_completed_at", "completed_at"),
    )

    def move(self, starts_at: datetime, length_minutes: int) -> None:
        """Place the session at another time; its end follows from start and length."""
        self.starts_at = starts_at
        self.length_minutes = length_minutes
        self.ends_at = starts_at + timedelta(minutes=length_minutes)


class Attendee(Base, kw_only=True):
    """A person who is coached in an appointment."""

    __tablename__ = "attendees"
    appointment_id: Mapped[AppointmentId] = mapped_column(primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]


class Booking(Base, kw_only=True):
    """A participant's time taken by an appointment that blocks; gone when it no longer does."""

    __tablename__ = "bookings"
    appointment_id: Mapped[AppointmentId] = mapped_column(primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    __table_args__ = (Index("ix_bookings_person_id_ends_at", "person_id", "ends_at"),)


class Conversation(Base, kw_only=True):
    """A recorded interaction attached to an appointment."""

    __tablename__ = "conversations"
    appointment_id: Mapped[AppointmentId] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    position: Mapped[int]


class Document(Base, kw_only=True):
    """A content-management document attached to an appointment."""

    __tablename__ = "documents"
    appointment_id: Mapped[AppointmentId] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    position: Mapped[int]


class ExternalLink(Base, kw_only=True):
    """An https address attached to an appointment."""

    __tablename__ = "external_links"
    appointment_id: Mapped[AppointmentId] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Text)


class AttachedFile(Base, kw_only=True):
    """A file of the workspace attached to an appointment."""

    __tablename__ = "attached_files"
    appointment_id: Mapped[AppointmentId] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    permalink: Mapped[str] = mapped_column(Text)


class Annotation(Base, kw_only=True):
    """A note on an appointment."""

    __tablename__ = "annotations"
    id: Mapped[Id] = mapped_column(default_factory=new_id)
    appointment_id: Mapped[AppointmentId] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(Text)
    access_type: Mapped[AccessType]
    created_by: Mapped[PersonId]
    created_at: Mapped[datetime]
    modified_by: Mapped[PersonId]
    modified_at: Mapped[datetime]
    is_deleted: Mapped[bool] = mapped_column(default=False)


class StatusChange(Base, kw_only=True):
    """One entry of an appointment's status history; never changed, never removed."""

    __tablename__ = "status_changes"
    id: Mapped[Number] = mapped_column(init=False)
    appointment_id: Mapped[AppointmentId] = mapped_column(index=True)
    status: Mapped[Status]
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"), default=None)
    """None when the system set it."""


class Notification(Base, kw_only=True):
    """A person's inbox entry about an appointment: the values at the time of the event."""

    __tablename__ = "notifications"
    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[PersonId]
    appointment_id: Mapped[AppointmentId] = mapped_column(index=True)
    action_type: Mapped[ActionType]
    relationship: Mapped[Relationship]
    name: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime]
    length_minutes: Mapped[int]
    status: Mapped[Status]
    created_at: Mapped[datetime]
    caused_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"), default=None)
    """Whose doing it was; None for a reminder and for what the system did."""
    detail: Mapped[str | None] = mapped_column(String(32), default=None)
    """What kind of change it was, where the sentence depends on it: `moved`."""
    marked_as_read: Mapped[bool] = mapped_column(default=False)
    note_type: Mapped[AccessType | None] = mapped_column(default=None)
    """Who may read the note that it tells of; None where it tells of none. It never changes."""

    __table_args__ = (Index("ix_notifications_person_id_created_at", "person_id", "created_at"),)


class Submission(Base, kw_only=True):
    """A form that was saved once, so that the same form cannot be saved again."""

    __tablename__ = "submissions"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[PersonId]
    appointment_id: Mapped[AppointmentId]
    seen_at: Mapped[datetime]
    request: Mapped[str | None] = mapped_column(String(64), default=None)
    """A digest of what was asked for, so that something else under the same token is noticed; None
    for what was saved before digests were kept."""


class AuditEntry(Base, kw_only=True):
    """Who changed what, when, from what to what, through which front end."""

    __tablename__ = "audit"
    id: Mapped[Number] = mapped_column(init=False)
    at: Mapped[datetime]
    source: Mapped[Source]
    action: Mapped[str] = mapped_column(String(64))
    entity: Mapped[str] = mapped_column(String(32))
    entity_id: Mapped[str] = mapped_column(String(255))
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), default=None)
    before: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    after: Mapped[dict[str, Any] | None] = mapped_column(default=None)

    __table_args__ = (Index("ix_audit_entity_entity_id", "entity", "entity_id"),)
