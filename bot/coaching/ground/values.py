"""What goes into the use cases and what comes out: plain frozen values."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.coaching.ground.unset import UNSET, Unset
from storage.filters import Interval, IntervalCondition
from storage.records import AttachedFile
from storage.types import ActionType, Relationship, Source, Status

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is acting, and through which front end."""

    person_id: str
    source: Source
    reads_only: bool = False
    """Whether nothing may be changed in their name, whatever they may do themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppointment:
    """A session to be scheduled (contract, section 2, create request)."""

    name: str
    description: str
    starts_at: datetime
    length_minutes: int
    attendee_ids: Sequence[str]
    facilitator_id: str | None = None
    conversation_ids: Sequence[str] = ()
    document_ids: Sequence[str] = ()
    external_links: Sequence[str] = ()
    files: Sequence[AttachedFile] = ()
    location: str | None = None
    share_insights_data: bool | None = None
    wfm_schedule: dict[str, Any] | None = None
    add_to_schedule: bool | None = None
    submission: str | None = None
    """The token of the form: the same token twice makes one session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentChanges:
    """What to change; a field left UNSET stays, an empty list clears (contract, section 2)."""

    name: str | Unset = UNSET
    description: str | Unset = UNSET
    starts_at: datetime | Unset = UNSET
    length_minutes: int | Unset = UNSET
    status: Status | Unset = UNSET
    conversation_ids: Sequence[str] | Unset = UNSET
    document_ids: Sequence[str] | Unset = UNSET
    external_links: Sequence[str] | Unset = UNSET
    files: Sequence[AttachedFile] | Unset = UNSET
    location: str | Unset | None = UNSET
    share_insights_data: bool | Unset | None = UNSET
    wfm_schedule: dict[str, Any] | Unset | None = UNSET
    add_to_schedule: bool | Unset | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentQuery:
    """Which sessions to list (contract, section 3, list parameters); None asks nothing."""

    user_ids: Sequence[str] | None = None
    interval: Interval | None = None
    interval_condition: IntervalCondition = IntervalCondition.STARTS_IN
    statuses: Sequence[Status] | None = None
    facilitator_ids: Sequence[str] | None = None
    relationships: Sequence[Relationship] | None = None
    completion_interval: Interval | None = None
    is_overdue: bool | None = None
    ascending: bool = False
    page_number: int = 1
    page_size: int = 25


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, with the count of everything on all pages."""

    entities: Sequence[T]
    total: int
    page_number: int
    page_size: int


class Action(enum.StrEnum):
    """What a person may do with a session from where it is shown."""

    MARK_AS_READ = "mark_as_read"
    START = "start"
    COMPLETE = "complete"
    UNDO_COMPLETION = "undo_completion"
    OPEN = "open"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A session as one reader sees it: in their words, their time zone, with their actions."""

    appointment_id: str
    revision: int
    name: str
    description: str
    starts_at: datetime
    ends_at: datetime
    length_minutes: int
    timezone: str
    """The reader's zone, an IANA name."""
    hours: int | None = None
    """12 or 24 where the reader chose how times are said."""
    when: str
    """The time in the reader's zone, as people say it: `Mon 23 Nov, 8:30 pm (30 minutes)`."""
    status: Status
    status_words: str
    is_overdue: bool
    facilitator: str | None
    attendees: tuple[str, ...]
    organizer: str
    location: str | None
    external_links: tuple[str, ...]
    conversation_ids: tuple[str, ...]
    document_ids: tuple[str, ...]
    files: tuple[AttachedFile, ...] = ()
    relationship: Relationship | None
    actions: frozenset[Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One inbox entry as its owner sees it."""

    notification_id: str
    action_type: ActionType
    headline: str
    """What happened, in a sentence: `Dana Whitfield scheduled a session with you`."""
    created_at: datetime
    is_read: bool
    card: Card


class Unreached(enum.StrEnum):
    """Why no message can be put in front of a person, as it stands in the outbox."""

    DEACTIVATED = "deactivated"
    NO_ACCOUNT = "no_account"
    NO_MEMBER = "no_member"
    """They are of another organisation, or a guest."""
    CLOSED = "closed"
    """They are there, and cannot be written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A message to be put in front of one person, decided from what is true now."""

    delivery_id: int
    mark: str
    """Stands on the message, where people do not see it, and on no other."""
    promise: str
    """What was promised, the same whenever it is written down anew; tells nothing by itself."""
    number: int | None = None
    """What may stand on the message instead, where it was promised before there were marks."""
    kind: ActionType
    slack_user_id: str | None
    slack_channel: str | None
    reader_id: str
    headline: str
    text: str
    """The whole message in plain words: for a lock screen and a screen reader."""
    card: Card
    notification_id: str | None
    is_read: bool
    previously: str | None = None
    """The start that the message told at first, in the reader's words, where it is another now."""
    true_until: datetime | None = None
    """When the message has to be shown anew, even if nothing happens."""
    snoozes: tuple[str, ...] = ()
    """How long a reminder can be put off: values of `Snooze`."""
    snoozed_until: str | None = None
    """When the reader is reminded again, in their words."""
    unreached: Unreached | None = None
    """Why its reader cannot be reached, where that is known before it is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Announcement):
    """A message about several sessions; `card` is the first of them."""

    cards: tuple[Card, ...]
    more: int
    """How many sessions are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A page of a person's notices with the count of those unread on all pages."""

    page: Page[Notice]
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackProfile:
    """What Slack tells about an account."""

    user_id: str
    name: str
    """Empty where Slack tells none: then the name that is known stays."""
    email: str | None = None
    timezone: str = "UTC"
    """Empty where Slack tells none: then the zone that is known stays."""
    names: frozenset[str] = frozenset()
    """Every name by which others may call them, in lower case."""
    team_id: str = ""
    """Their workspace; empty where Slack tells none: then the one that is known stays."""
    is_guest: bool = False
    is_elsewhere: bool = False
    """Of another workspace than ours."""
    is_bot: bool = False
    is_deactivated: bool = False
    is_external: bool = False
    is_admin: bool = False
    """Workspace administrators and owners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDefaults:
    """What the schedule form starts with for one person."""

    timezone: str
    hours: int | None = None
    """12 or 24 where the person chose how times are said."""
    starts_at: datetime
    """The next half hour that is not over, in the person's zone."""
    earliest: datetime
    latest: datetime
    lengths: tuple[int, ...] = (15, 30, 45, 60)
    length_minutes: int = 30
    max_name_length: int = 200
    max_description_length: int = 3000
    attendee_limit: int = 100
    warnings: tuple[str, ...] = field(default=())
