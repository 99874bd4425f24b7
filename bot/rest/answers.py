"""What the API answers: the resources of the contract, section 2, as they stand in JSON.

A field that has no value is left out; no field is ever null.
"""

import enum
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from bot.coaching import AccessType, Relationship, Status

Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class Reference(Struct, kw_only=True, frozen=True, rename="camel", gc=False):
    """A person, conversation, document or appointment that is elsewhere."""

    id: str
    self_uri: str


class WfmSchedule(Struct, kw_only=True, frozen=True, rename="camel", omit_defaults=True):
    """The schedule of workforce management, kept and given back as it came."""

    id: str | UnsetType = UNSET
    business_unit: "BusinessUnit | UnsetType" = UNSET
    week_date: str | UnsetType = UNSET
    self_uri: str | UnsetType = UNSET


class BusinessUnit(Struct, kw_only=True, frozen=True, rename="camel", omit_defaults=True):
    """The business unit of a workforce schedule."""

    id: str | UnsetType = UNSET
    self_uri: str | UnsetType = UNSET


class Appointment(Struct, kw_only=True, frozen=True, rename="camel"):
    """One dated coaching session."""

    id: str
    name: str
    description: str
    date_start: Moment
    length_in_minutes: int
    status: Status
    facilitator: Reference | UnsetType = UNSET
    attendees: list[Reference]
    created_by: Reference
    date_created: Moment
    modified_by: Reference
    date_modified: Moment
    conversations: list[Reference]
    documents: list[Reference]
    is_overdue: bool
    date_completed: Moment | UnsetType = UNSET
    external_links: list[str]
    location: str | UnsetType = UNSET
    share_insights_data: bool | UnsetType = UNSET
    wfm_schedule: WfmSchedule | UnsetType = UNSET
    self_uri: str


class StatusChange(Struct, kw_only=True, frozen=True, rename="camel"):
    """One entry of the status history."""

    appointment: Reference
    created_by: Reference | UnsetType = UNSET
    date_created: Moment
    status: Status


class Annotation(Struct, kw_only=True, frozen=True, rename="camel"):
    """A note on an appointment."""

    id: str
    created_by: Reference
    date_created: Moment
    modified_by: Reference
    date_modified: Moment
    text: str
    is_deleted: bool
    access_type: AccessType
    self_uri: str


Expandable = Annotated[
    Any,
    Meta(
        description="A reference; the whole appointment with expand=appointment.",
        extra_json_schema={
            "anyOf": [
                {"$ref": "#/components/schemas/Reference"},
                {"$ref": "#/components/schemas/Appointment"},
            ]
        },
    ),
]


class ActionType(enum.StrEnum):
    """What an inbox entry is about; agendas and digests are messages and never entries."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"
    STATUS_CHANGE = "StatusChange"
    ANNOTATION_ADDED = "AnnotationAdded"
    ANNOTATION_EDITED = "AnnotationEdited"
    ANNOTATION_DELETED = "AnnotationDeleted"
    REMINDER = "Reminder"
    OVERDUE = "Overdue"


class Notification(Struct, kw_only=True, frozen=True, rename="camel"):
    """An inbox entry; name, start, length and status are those at the time of the event."""

    id: str
    name: str
    marked_as_read: bool
    action_type: ActionType
    relationship: Relationship
    date_start: Moment
    length_in_minutes: int
    status: Status
    user: Reference
    appointment: Expandable
    self_uri: str


class AddedConversation(Struct, kw_only=True, frozen=True, rename="camel"):
    """A conversation and the appointment that it was attached to."""

    conversation: Reference
    appointment: Reference


class Listed(Struct, kw_only=True, frozen=True, rename="camel"):
    """What every list says of itself."""

    entities: list[Any]
    page_size: int
    page_number: int
    total: int
    page_count: int


class Paged(Listed, kw_only=True, frozen=True, rename="camel"):
    """A list with the addresses of its pages."""

    self_uri: str
    first_uri: str
    last_uri: str
    next_uri: str | UnsetType = UNSET
    previous_uri: str | UnsetType = UNSET


class AppointmentList(Paged, kw_only=True, frozen=True, rename="camel"):
    """A page of appointments."""

    entities: list[Appointment]


class AnnotationList(Paged, kw_only=True, frozen=True, rename="camel"):
    """A page of notes."""

    entities: list[Annotation]


class NotificationList(Paged, kw_only=True, frozen=True, rename="camel"):
    """A page of inbox entries."""

    entities: list[Notification]


class StatusChangeList(Listed, kw_only=True, frozen=True, rename="camel"):
    """A page of the status history, oldest first."""

    entities: list[StatusChange]


class Detail(Struct, kw_only=True, frozen=True, rename="camel"):
    """Which field an error is about."""

    error_code: str
    field_name: str


class ErrorBody(Struct, kw_only=True, frozen=True, rename="camel"):
    """Why a request was refused."""

    message: str
    code: str
    status: int
    context_id: str
    message_with_params: str
    message_params: dict[str, str]
    details: list[Detail]
    errors: list["ErrorBody"]


class IssuedToken(Struct, kw_only=True, frozen=True):
    """An access token."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class TokenError(Struct, kw_only=True, frozen=True):
    """Why no access token was given."""

    error: str
    error_description: str
