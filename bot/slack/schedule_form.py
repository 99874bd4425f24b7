"""The form to schedule a session: how it is built, and how what was typed is read.

The name of each block is the name of the field in the request and in the errors about it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import (
    Block,
    DateTimePickerElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
    UrlInputElement,
    UserMultiSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack import kit
from bot.slack.payloads import Entry, SeenView
from bot.slack.words import zone_words

CALLBACK: Final = "schedule"
TITLE: Final = "Schedule coaching"
TYPED: Final = "typed"
"""The action id of every field; the block id tells them apart."""
TYPED_MOST: Final = 3000


class Notes(Struct, frozen=True):
    """What the form carries with it: its own token, and what it was built from."""

    submission: str
    timezone: str
    lengths: tuple[int, ...]
    name_most: int
    description_most: int
    attendees_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What the form holds, in Slack's terms: accounts, not yet people."""

    attendees: tuple[str, ...] = ()
    facilitator: str | None = None
    name: str = ""
    description: str = ""
    starts_at: datetime
    length_minutes: int
    location: str | None = None
    external_link: str | None = None

    @property
    def accounts(self) -> tuple[str, ...]:
        """Everybody who is named in the form, once."""
        named = (*self.attendees, *((self.facilitator,) if self.facilitator else ()))
        return tuple(dict.fromkeys(named))


def begin(defaults: coaching.ScheduleDefaults, user_id: str) -> tuple[Notes, Filled]:
    """Say what the form starts with for one person, under a token of its own."""
    notes = Notes(
        submission=uuid.uuid4().hex,
        timezone=defaults.timezone,
        lengths=tuple(defaults.lengths),
        name_most=min(defaults.max_name_length, TYPED_MOST),
        description_most=min(defaults.max_description_length, TYPED_MOST),
        attendees_most=defaults.attendee_limit,
    )
    filled = Filled(
        facilitator=user_id,
        starts_at=defaults.starts_at,
        length_minutes=defaults.length_minutes,
    )
    return notes, filled


def loading() -> View:
    """What is seen in the moment before the form is there."""
    return kit.modal(TITLE, [kit.sentence("Getting the form ready…")], close="Cancel")


def refused(sentence: str) -> View:
    """What is seen in the form's place by somebody who may not schedule."""
    return kit.note_modal(TITLE, sentence)


def form(notes: Notes, filled: Filled, *, problem: str | None = None) -> View:
    """Build the form, holding what was typed; `problem` stands above it."""
    above = (kit.sentence(f"⚠️ {problem}"),) if problem else ()
    blocks = (*above, *_people(notes, filled), *_subject(notes, filled))
    return kit.modal(
        TITLE,
        [*blocks, *_time(notes, filled), *_place(filled)],
        submit="Schedule",
        close="Cancel",
        callback_id=CALLBACK,
        notes=msgspec.json.encode(notes).decode(),
    )


def _people(notes: Notes, filled: Filled) -> Sequence[Block]:
    who = UserMultiSelectElement(
        action_id=TYPED,
        placeholder=kit.plain("Pick one or more people"),
        initial_users=list(filled.attendees) or None,
        max_selected_items=notes.attendees_most,
        focus_on_load=True,
    )
    leader = UserSelectElement(
        action_id=TYPED, placeholder=kit.plain("Nobody"), initial_user=filled.facilitator
    )
    return (
        _field("attendee_ids", "Who", who, hint="The people to be coached."),
        _field("facilitator_id", "Facilitator", leader, hint="Who coaches.", optional=True),
    )


def _subject(notes: Notes, filled: Filled) -> Sequence[Block]:
    name = PlainTextInputElement(
        action_id=TYPED,
        initial_value=filled.name or None,
        max_length=notes.name_most,
        placeholder=kit.plain("Call review"),
    )
    description = PlainTextInputElement(
        action_id=TYPED,
        initial_value=filled.description or None,
        max_length=notes.description_most,
        multiline=True,
        placeholder=kit.plain("What you will look at together"),
    )
    return (_field("name", "Name", name), _field("description", "Description", description))


def _time(notes: Notes, filled: Filled) -> Sequence[Block]:
    start = DateTimePickerElement(
        action_id=TYPED, initial_date_time=int(filled.starts_at.timestamp())
    )
    lengths = {minutes: _length(minutes) for minutes in notes.lengths}
    length = StaticSelectElement(
        action_id=TYPED,
        options=list(lengths.values()),
        initial_option=lengths.get(filled.length_minutes),
    )
    zone = f"In your time zone, {zone_words(notes.timezone)}."
    return (
        _field("starts_at", "Date and time", start, hint=zone),
        _field("length_minutes", "Length", length),
    )


def _place(filled: Filled) -> Sequence[Block]:
    location = PlainTextInputElement(
        action_id=TYPED,
        initial_value=filled.location,
        placeholder=kit.plain("A room, or how to call in"),
    )
    address = UrlInputElement(
        action_id=TYPED,
        initial_value=filled.external_link,
        placeholder=kit.plain("https://"),
    )
    return (
        _field("location", "Location", location, optional=True),
        _field("external_links", "Link", address, optional=True),
    )


def _field(
    name: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    return InputBlock(
        block_id=name,
        label=kit.plain(label),
        element=element,
        hint=kit.plain(hint) if hint else None,
        optional=optional,
    )


def _length(minutes: int) -> Option:
    words = "1 hour" if minutes == 60 else f"{minutes} minutes"
    return Option(text=kit.plain(words), value=str(minutes))


def read(view: SeenView) -> tuple[Notes, Filled]:
    """Read a form that was sent. Raises MsgspecError for one of another bot."""
    notes = msgspec.json.decode(view.private_metadata, type=Notes)
    values = view.state.values if view.state else {}
    entries = {name: actions.get(TYPED, Entry()) for name, actions in values.items()}
    length = entries["length_minutes"].selected_option
    filled = Filled(
        attendees=entries["attendee_ids"].selected_users,
        facilitator=entries["facilitator_id"].selected_user,
        name=entries["name"].value or "",
        description=entries["description"].value or "",
        starts_at=datetime.fromtimestamp(entries["starts_at"].selected_date_time or 0, UTC),
        length_minutes=int(length.value) if length else 0,
        location=entries["location"].value,
        external_link=entries["external_links"].value,
    )
    return notes, filled


def request(notes: Notes, filled: Filled, people: Mapping[str, str]) -> coaching.NewAppointment:
    """Say what was typed in the coaching's words; `people` leads from accounts to people."""
    return coaching.NewAppointment(
        name=filled.name,
        description=filled.description,
        starts_at=filled.starts_at,
        length_minutes=filled.length_minutes,
        attendee_ids=[people[each] for each in filled.attendees],
        facilitator_id=people[filled.facilitator] if filled.facilitator else None,
        external_links=[filled.external_link] if filled.external_link else [],
        location=filled.location,
        submission=notes.submission,
    )
