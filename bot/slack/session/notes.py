"""The Notes tab: the notes that one may see, and a place for a new one."""

from collections.abc import Iterator
from typing import Final

from slack_sdk.models.blocks import Block, CheckboxesElement, Option

from bot import coaching
from bot.coaching import TypedChanges
from bot.slack.blocks import kit
from bot.slack.notes import form as notes_form
from bot.slack.notes.form import ONLY_LEADERS, Presses
from bot.slack.session.frame import TYPED, Carried, Fields, Shown, Told, ask, text_field

EDIT: Final = "session_note_edit"
REMOVE: Final = "session_note_remove"
NEWER: Final = "session_notes_newer"
OLDER: Final = "session_notes_older"
SAVE: Final = "session_note_save"
PRESSES: Final = Presses(EDIT, REMOVE, NEWER, OLDER)
PRIVATE: Final = "private"


def blocks(shown: Shown) -> Iterator[Block]:
    """Show the notes, newest first, and the field for a new one where the reader may add any."""
    page, notes = shown.page, shown.notes
    may_add = page.may_note or page.may_note_private
    if notes is not None and page.may_see_notes:
        yield from notes_form.listed(notes, PRESSES)
    elif not may_add:
        yield kit.sentence("There are no notes here that you can read.")
    if may_add:
        yield kit.divider()
        yield from _fields(shown)


def _fields(shown: Shown) -> Iterator[Block]:
    page, typed = shown.page, shown.page.typed
    hint = "" if page.may_note else f"{ONLY_LEADERS}."
    text = text_field(
        typed.note,
        most=page.max_note_length,
        multiline=True,
        placeholder="What went well, and what to try next",
    )
    yield from ask(shown, "note", "New note", text, hint=hint)
    if page.may_note and page.may_note_private:
        box = Option(text=kit.plain(ONLY_LEADERS, 75), value=PRIVATE)
        boxes = CheckboxesElement(
            action_id=TYPED,
            options=[box],
            initial_options=[box] if typed.note_is_private else None,
        )
        yield from ask(shown, "note_is_private", "Who sees it", boxes)


def read(fields: Fields, carried: Carried) -> Told:
    """Read what the tab holds; a note that must be private is so without a box."""
    boxes = fields.get("note_is_private")
    ticked: bool | coaching.Unset = (
        coaching.UNSET if boxes is None else bool(boxes.selected_options)
    )
    if not carried.may_note and fields.get("note") is not None:
        ticked = True
    return Told(changes=TypedChanges(note=fields.text("note"), note_is_private=ticked))
