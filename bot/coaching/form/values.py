"""What the form of a session holds and shows: plain frozen values."""

import enum
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.ground.unset import UNSET, Unset
from bot.coaching.ground.values import Card
from bot.coaching.reading.note_cards import NotesPage
from storage.records import AttachedFile


class FormTab(enum.StrEnum):
    """The four tabs of the form."""

    DETAILS = "details"
    ATTACHMENTS = "attachments"
    SCHEDULE = "schedule"
    NOTES = "notes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """All that the form holds, as far as it was typed; nothing in it is checked yet."""

    name: str = ""
    description: str = ""
    location: str = ""
    facilitator_id: str | None = None
    attendee_ids: tuple[str, ...] = ()
    starts_at: datetime | None = None
    length_minutes: int = 30
    conversation_ids: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()
    external_links: tuple[str, ...] = ()
    files: tuple[AttachedFile, ...] = ()
    note: str = ""
    note_is_private: bool = False
    week: int = 0
    """Which week the Schedule tab looks at; 0 is this one."""
    submission: str = ""
    """The form's token: the same token sent twice is saved once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedChanges:
    """What one tab told; a field left UNSET stays as it was typed before."""

    name: str | Unset = UNSET
    description: str | Unset = UNSET
    location: str | Unset = UNSET
    facilitator_id: str | Unset | None = UNSET
    attendee_ids: tuple[str, ...] | Unset = UNSET
    starts_at: datetime | Unset | None = UNSET
    length_minutes: int | Unset = UNSET
    conversation_ids: tuple[str, ...] | Unset = UNSET
    document_ids: tuple[str, ...] | Unset = UNSET
    external_links: tuple[str, ...] | Unset = UNSET
    files: tuple[AttachedFile, ...] | Unset = UNSET
    note: str | Unset = UNSET
    note_is_private: bool | Unset = UNSET
    week: int | Unset = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefill:
    """What a new form starts with besides the defaults; None: nothing is known."""

    name: str | None = None
    attendee_ids: tuple[str, ...] | None = None
    facilitator_id: str | None = None
    starts_at: datetime | None = None
    length_minutes: int | None = None
    external_links: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShown:
    """Somebody who takes part, with what their clock says."""

    person_id: str
    slack_user_id: str | None
    name: str
    zone: str
    """An IANA name; empty for somebody out of the reader's reach."""
    clock: str
    """`3:05 pm now`, on their own clock; empty where the zone is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChoice:
    """A week in which one may look for time."""

    number: int
    words: str
    """`This week`, `Next week`, `23–27 Nov`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """The form as one reader sees it now."""

    subject: str
    """The session's id, or `new`."""
    typed: Typed
    card: Card | None
    people: tuple[PersonShown, ...]
    """The facilitator first, then the attendees; for a new session those picked so far."""
    may_edit: bool
    may_move: bool
    may_attach: bool
    may_delete: bool
    may_note: bool
    may_note_private: bool
    may_see_notes: bool
    why_fixed: str | None
    """Why something can't be changed, in a sentence."""
    resumed: str | None
    """`You began this today at 3:05 pm.` where what was typed before was found."""
    changed_meanwhile: tuple[str, ...]
    """What others changed since the form was begun, a sentence each."""
    timezone: str
    hours: int | None = None
    """12 or 24 where the reader chose how times are said."""
    lengths: tuple[int, ...]
    weeks: tuple[WeekChoice, ...]
    earliest: datetime
    latest: datetime
    max_name_length: int
    max_description_length: int
    max_location_length: int
    max_note_length: int
    attendee_limit: int
    notes: NotesPage | None
    """The first page of the notes of a session that is there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOffer:
    """A time at which everybody could meet."""

    starts_at: datetime
    length_minutes: int
    words: str
    """`Mon 23 Nov at 9:00 am`, on the reader's clock."""
    local: tuple[str, ...]
    """`7:30 pm for Priya, Kolkata`: each zone whose clocks differ from the reader's, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotDay:
    """The offers of one day on the reader's calendar."""

    words: str
    offers: tuple[SlotOffer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBoard:
    """When everybody could meet in a week, or why nobody can and when else."""

    days: tuple[SlotDay, ...]
    why_none: tuple[str, ...]
    """Sentences, where nothing is free in the week."""
    beyond: tuple[SlotOffer, ...]
    """The nearest offers outside the week, where nothing is free in it."""
