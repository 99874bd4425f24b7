"""What the API is sent: the request bodies of the contract, sections 2 and 3.

Fields that are not named here are ignored, so that whole objects may be sent back.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from bot.rest.answers import WfmSchedule

Moment = Annotated[
    str,
    Meta(
        description="A moment; without a zone it is in UTC.",
        extra_json_schema={"format": "date-time"},
    ),
]
Span = Annotated[
    str,
    Meta(
        description="start/end; the end does not belong to it.",
        examples=["2026-03-02T00:00:00.000Z/2026-03-09T00:00:00.000Z"],
    ),
]
WantedStatus = Annotated[
    str, Meta(extra_json_schema={"enum": ["Scheduled", "InProgress", "Completed"]})
]
NoteKind = Annotated[str, Meta(extra_json_schema={"enum": ["Public", "Private"]})]
AndOr = Annotated[str, Meta(extra_json_schema={"enum": ["And", "Or"]})]
Links = Annotated[list[str], Meta(description="https only; [] clears.")]
Ids = Annotated[list[str], Meta(description="Replaces what is attached; [] clears.")]


class NewAppointment(Struct, kw_only=True, frozen=True, rename="camel"):
    """A session to be scheduled."""

    name: str
    description: str
    date_start: Moment
    length_in_minutes: int
    attendee_ids: list[str]
    facilitator_id: str | None = None
    conversation_ids: list[str] | None = None
    document_ids: list[str] | None = None
    external_links: list[str] | None = None
    location: str | None = None
    share_insights_data: bool | None = None
    wfm_schedule: WfmSchedule | None = None
    add_to_schedule: bool | None = None


class AppointmentChanges(Struct, kw_only=True, frozen=True, rename="camel"):
    """What to change; absent leaves a field as it is, and so does null for what must have a value.

    Null clears an optional field.
    """

    name: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    date_start: Moment | UnsetType | None = UNSET
    length_in_minutes: int | UnsetType | None = UNSET
    status: WantedStatus | UnsetType | None = UNSET
    conversation_ids: Ids | UnsetType | None = UNSET
    document_ids: Ids | UnsetType | None = UNSET
    external_links: Links | UnsetType | None = UNSET
    location: str | UnsetType | None = UNSET
    share_insights_data: bool | UnsetType | None = UNSET
    wfm_schedule: WfmSchedule | UnsetType | None = UNSET
    add_to_schedule: bool | UnsetType | None = UNSET


class NewStatus(Struct, kw_only=True, frozen=True, rename="camel"):
    """The status that an appointment is to have."""

    status: WantedStatus


class NewConversation(Struct, kw_only=True, frozen=True, rename="camel"):
    """A conversation to attach, by id or by its full address."""

    conversation_id: str


class NewAnnotation(Struct, kw_only=True, frozen=True, rename="camel"):
    """A note to add."""

    text: str
    access_type: NoteKind


class AnnotationText(Struct, kw_only=True, frozen=True, rename="camel"):
    """The new text of a note."""

    text: str


class ReadState(Struct, kw_only=True, frozen=True, rename="camel"):
    """Whether a notification is read."""

    marked_as_read: bool


class Predicate(Struct, kw_only=True, frozen=True, rename="camel"):
    """One condition: the dimension has the value."""

    dimension: Annotated[
        str, Meta(extra_json_schema={"enum": ["attendeeId", "facilitatorId", "status"]})
    ]
    value: str


class Clause(Struct, kw_only=True, frozen=True, rename="camel"):
    """Conditions of which all or one must hold."""

    type: AndOr
    predicates: list[Predicate]


class Filter(Struct, kw_only=True, frozen=True, rename="camel"):
    """Clauses of which all or one must hold."""

    type: AndOr
    clauses: list[Clause]


class AggregateQuery(Struct, kw_only=True, frozen=True, rename="camel"):
    """Which sessions to count, and what of them; without metrics all are counted."""

    interval: Span
    filter: Filter
    metrics: list[str] | None = None
    group_by: list[Annotated[str, Meta(extra_json_schema={"enum": ["attendeeId"]})]] | None = None


class SlotQuery(Struct, kw_only=True, frozen=True, rename="camel"):
    """Who must be free, for how long, and when."""

    interval: Span
    length_in_minutes: int
    attendee_ids: list[str]
    facilitator_ids: list[str] | None = None
    interruptible_appointment_ids: list[str] | None = None


class NewSlotJob(Struct, kw_only=True, frozen=True, rename="camel"):
    """The best slot of each interval is wanted."""

    attendee_ids: list[str]
    facilitator_ids: list[str] | None = None
    length_in_minutes: int
    activity_code_id: str
    intervals: list[Span]
    slots_type: Annotated[str, Meta(extra_json_schema={"enum": ["BestTime"]})] = "BestTime"
