"""`/coach note`: read the notes of a session, add one, write one anew, remove one.

What was done is seen in place at once; a form that is delivered twice adds one note.
"""

from functools import partial
from typing import Final

from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks.targets import unpack
from bot.slack.lists import choosing
from bot.slack.lists.choosing import Subject
from bot.slack.notes import form as notes_form
from bot.slack.notes.form import Carried, Editing, Place, Written
from bot.slack.turns.loading import Loading, fill, loading
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn, SubmissionTurn

PICK: Final = "notes_pick"
GONE: Final = "annotation.deleted"


def register(shell: Shell) -> None:
    """Answer `/coach note`, its menu, and the form with its buttons."""
    choosing.register(shell, "note", Subject(notes_form.TITLE, PICK, page_of))
    shell.on_click(notes_form.NEWER, _turn_page)
    shell.on_click(notes_form.OLDER, _turn_page)
    shell.on_click(notes_form.EDIT, _edit)
    shell.on_click(notes_form.REMOVE, _remove)
    shell.on_submission(notes_form.ADD, _added)
    shell.on_submission(notes_form.SAVE, _saved)


def page_of(
    context: coaching.Context, caller: coaching.Caller, appointment_id: str, *, page: int = 1
) -> View:
    """Write a page of a session's notes. Raises CoachingError."""
    return notes_form.form(coaching.notes_page(context, caller, appointment_id, page_number=page))


def _at(context: coaching.Context, caller: coaching.Caller, *, place: Place) -> View:
    return page_of(context, caller, place.appointment_id, page=place.page)


async def _turn_page(shell: Shell, turn: ClickTurn) -> None:
    place = unpack(turn.value, Place)
    await choosing.show(shell, turn, await shell.decide(turn, partial(_at, place=place)))


async def _added(shell: Shell, turn: SubmissionTurn) -> None:
    carried, written = notes_form.read(turn.submission.view)
    turn.again = lambda problem: notes_form.again(carried, written, problem=problem)
    view = await shell.decide(turn, partial(_add, carried=carried, written=written))
    await turn.update(view)
    shell.changed_for(turn.user_id)


def _add(
    context: coaching.Context, caller: coaching.Caller, *, carried: Carried, written: Written
) -> View:
    kind = coaching.AccessType.PRIVATE if written.is_private else coaching.AccessType.PUBLIC
    coaching.add_annotation(
        context,
        caller,
        carried.appointment_id,
        text=written.text,
        access_type=kind,
        submission=carried.submission,
    )
    return page_of(context, caller, carried.appointment_id)


async def _edit(shell: Shell, turn: ClickTurn) -> None:
    place = unpack(turn.value, Place)
    below = turn.click.view.id if turn.click.view else ""
    opened = await turn.push(loading(notes_form.EDITING, "Getting the note…"))
    if opened is not None:

        async def form() -> View:
            text = await shell.ask(turn.user_id, partial(_text, place=place))
            return notes_form.edit_form(Editing(place, below), text)

        shown = Loading(turn.user_id, opened, notes_form.EDITING)
        shell.running.beside(fill(shell.lines, shown, form))


def _text(context: coaching.Context, caller: coaching.Caller, *, place: Place) -> str:
    note = coaching.find_annotation(context, caller, place.appointment_id, place.annotation_id)
    return note.text


async def _saved(shell: Shell, turn: SubmissionTurn) -> None:
    editing, text = notes_form.read_edit(turn.submission.view)
    turn.again = lambda problem: notes_form.edit_form(editing, text, problem=problem)
    view = await shell.decide(turn, partial(_save, place=editing.place, text=text))
    await turn.close("Your note is saved.")
    await shell.lines.put(turn.user_id, editing.below, view)
    shell.changed_for(turn.user_id)


def _save(context: coaching.Context, caller: coaching.Caller, *, place: Place, text: str) -> View:
    coaching.edit_annotation(context, caller, place.appointment_id, place.annotation_id, text=text)
    return _at(context, caller, place=place)


async def _remove(shell: Shell, turn: ClickTurn) -> None:
    place = unpack(turn.value, Place)
    await choosing.show(shell, turn, await shell.decide(turn, partial(_take_away, place=place)))
    shell.changed_for(turn.user_id)


def _take_away(context: coaching.Context, caller: coaching.Caller, *, place: Place) -> View:
    """Remove a note; one that is gone already is no fault. Raises CoachingError."""
    try:
        coaching.delete_annotation(context, caller, place.appointment_id, place.annotation_id)
    except coaching.NotFound as error:
        if error.code != GONE:
            raise
    return _at(context, caller, place=place)
