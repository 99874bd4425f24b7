"""The notes of a session as a form: those that its reader may see, and a place for a new one."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    InputBlock,
    Option,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.cards import SEPARATOR
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, isolated, size
from bot.slack.turns.payloads import Entry, SeenView

TITLE: Final = "Notes"
EDITING: Final = "Edit note"
ADD: Final = "add_note"
SAVE: Final = "save_note"
EDIT: Final = "edit_note"
REMOVE: Final = "remove_note"
NEWER: Final = "notes_newer"
OLDER: Final = "notes_older"
TYPED: Final = "typed"
TEXT: Final = "text"
PRIVATE: Final = "private"
TYPED_MOST: Final = 3000
ONLY_LEADERS: Final = "Only visible to organizer or facilitator"


@dataclass(frozen=True, slots=True)
class Presses:
    """The names under which the buttons of a list of notes are answered."""

    edit: str = EDIT
    remove: str = REMOVE
    newer: str = NEWER
    older: str = OLDER


OWN: Final = Presses()


class Place(Struct, frozen=True, omit_defaults=True):
    """A note of a session, and the page on which it stands."""

    appointment_id: str
    page: int = 1
    annotation_id: str = ""


class Carried(Struct, frozen=True, omit_defaults=True):
    """What the form carries with it: its session, its own token, and which notes it may add."""

    appointment_id: str
    submission: str
    may_add: bool = True
    may_add_private: bool = True


class Editing(Struct, frozen=True):
    """What the form for one note carries: the note, and the page that lies below."""

    place: Place
    below: str
    form: str = ""
    """What the page below carries, where it is more than a page of notes."""


class Written(Struct, frozen=True):
    """A note as it was typed."""

    text: str = ""
    is_private: bool = False


def form(page: coaching.NotesPage) -> View:
    """Build the page of notes; with a place for a new one where the reader may add any."""
    may_add = page.may_add or page.may_add_private
    token = str(uuid.uuid4())
    carried = Carried(page.appointment_id, token, page.may_add, page.may_add_private)
    blocks = [kit.header(isolated(clip(page.title, 140))), *listed(page)]
    if may_add:
        blocks += (kit.divider(), *_inputs(carried, Written()))
    return kit.modal(
        TITLE,
        blocks,
        submit="Add note" if may_add else None,
        callback_id=ADD if may_add else None,
        notes=pack(carried),
    )


def again(carried: Carried, written: Written, *, problem: str) -> View:
    """Bring back what was typed, with the reason why it was not added above it."""
    return kit.modal(
        TITLE,
        [kit.sentence(f"⚠️ {problem}"), *_inputs(carried, written)],
        submit="Add note",
        callback_id=ADD,
        notes=pack(carried),
    )


def listed(page: coaching.NotesPage, presses: Presses = OWN) -> Iterator[Block]:
    """Show a page of notes, newest first, with what the reader may do to each."""
    entries = page.entries
    if not entries.entities:
        can = "Write the first one below." if page.may_add or page.may_add_private else ""
        yield kit.sentence(f"No notes yet. {can}".strip())
    for note in entries.entities:
        yield kit.paragraph([_heading(note), (kit.words(isolated(note.text)),)])
        yield from kit.row(_buttons(note, _place(page, note), presses))
    yield from _pager(page, presses)


def _heading(note: coaching.NoteCard) -> Sequence[kit.Part]:
    said = f"{SEPARATOR}{note.when}{' (edited)' if note.is_edited else ''}"
    parts = [kit.bold(isolated(clip(note.author, 60))), kit.words(said)]
    if note.is_private:
        parts.append(kit.faint(f"{SEPARATOR}🔒 Only organizer or facilitator"))
    return parts


def _place(page: coaching.NotesPage, note: coaching.NoteCard) -> Place:
    return Place(page.appointment_id, page.entries.page_number, note.annotation_id)


def _buttons(note: coaching.NoteCard, place: Place, presses: Presses) -> list[ButtonElement]:
    """Give what the reader may do; a note too long for Slack's field is not edited here."""
    buttons = []
    spoken = f"the note of {note.author}, {note.when}"
    if note.may_edit and size(note.text) <= TYPED_MOST:
        buttons.append(kit.button("Edit", presses.edit, pack(place), spoken=f"Edit {spoken}"))
    if note.may_delete:
        remove = kit.button("Remove", presses.remove, pack(place), spoken=f"Remove {spoken}")
        remove.confirm = ConfirmObject(
            title=kit.plain("Remove this note?", 100),
            text=kit.plain("It will be gone for everybody.", 300),
            confirm=kit.plain("Remove", 30),
            deny=kit.plain("Keep", 30),
            style="danger",
        )
        buttons.append(remove)
    return buttons


def _pager(page: coaching.NotesPage, presses: Presses) -> tuple[Block, ...]:
    entries = page.entries
    pages, number = -(-entries.total // entries.page_size), entries.page_number
    if pages < 2:
        return ()
    buttons = []
    ways = (("← Newer", presses.newer, number - 1), ("Older →", presses.older, number + 1))
    for label, action_id, other in ways:
        if 1 <= other <= pages:
            buttons.append(kit.button(label, action_id, pack(Place(page.appointment_id, other))))
    return (kit.small(f"Page {number:,} of {pages:,}"), *kit.row(buttons))


def _inputs(carried: Carried, written: Written) -> Sequence[Block]:
    hint = f"{ONLY_LEADERS}." if not carried.may_add else None
    text = _text(f"{TEXT}_{carried.submission}", "New note", written.text, hint=hint)
    if not (carried.may_add and carried.may_add_private):
        return (text,)
    option = Option(text=kit.plain(ONLY_LEADERS, 75), value=PRIVATE)
    boxes = CheckboxesElement(
        action_id=TYPED, options=[option], initial_options=[option] if written.is_private else None
    )
    who = InputBlock(
        block_id=f"{PRIVATE}_{carried.submission}",
        label=kit.plain("Who sees it"),
        element=boxes,
        optional=True,
    )
    return (text, who)


def _text(block_id: str, label: str, text: str, *, hint: str | None = None) -> Block:
    element = PlainTextInputElement(
        action_id=TYPED,
        initial_value=text or None,
        max_length=TYPED_MOST,
        multiline=True,
        placeholder=kit.plain("What went well, and what to try next"),
    )
    shown = kit.plain(hint) if hint else None
    return InputBlock(block_id=block_id, label=kit.plain(label), element=element, hint=shown)


def edit_form(
    editing: Editing, text: str, *, problem: str | None = None, callback_id: str = SAVE
) -> View:
    """Build the form in which one note is written anew."""
    above = (kit.sentence(f"⚠️ {problem}"),) if problem else ()
    return kit.modal(
        EDITING,
        [*above, _text(TEXT, "Note", text)],
        submit="Save",
        close="Cancel",
        callback_id=callback_id,
        notes=pack(editing),
    )


def read(view: SeenView) -> tuple[Carried, Written]:
    """Read a new note that was sent. Raises MsgspecError for a form of another bot."""
    carried = msgspec.json.decode(view.private_metadata, type=Carried)
    ticked = _entry(view, PRIVATE).selected_options
    is_private = not carried.may_add or any(each.value == PRIVATE for each in ticked)
    return carried, Written(_entry(view, TEXT).value or "", is_private)


def read_edit(view: SeenView) -> tuple[Editing, str]:
    """Read a note that was written anew. Raises MsgspecError for a form of another bot."""
    editing = msgspec.json.decode(view.private_metadata, type=Editing)
    return editing, _entry(view, TEXT).value or ""


def _entry(view: SeenView, name: str) -> Entry:
    """Find what a field holds; its block bears the token of its form behind its name."""
    values = view.state.values if view.state else {}
    for block_id, actions in values.items():
        if block_id.partition("_")[0] == name:
            return actions.get(TYPED, Entry())
    return Entry()
