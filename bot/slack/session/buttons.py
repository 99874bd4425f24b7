"""The buttons and fields of the session form: each is taken at once, and the form follows.

What is done in one form is done in the order in which it was asked for; the last word counts.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import msgspec
from msgspec import structs
from slack_sdk.models.views import View

from bot import coaching
from bot.coaching import FormTab
from bot.slack.blocks.targets import unpack
from bot.slack.notes import form as notes_form
from bot.slack.notes.form import Editing
from bot.slack.session import acts as session_acts
from bot.slack.session import attachments, details, notes, schedule
from bot.slack.session import deeds as session_deeds
from bot.slack.session import form as session_form
from bot.slack.session.acts import Act, Ended
from bot.slack.session.desks import Desks
from bot.slack.session.frame import TYPED, Carried, Shown, carry
from bot.slack.turns.loading import Loading, fill, loading
from bot.slack.turns.payloads import Press, SeenView
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn, SubmissionTurn

Doing = Callable[[Press], Act]
"""What a press asks for."""


def register_buttons(shell: Shell, desks: Desks) -> None:
    """Answer everything that can be pressed, picked and typed in the form."""
    at = _At(desks)
    for tab in FormTab:
        turning = partial(session_deeds.turn_to, tab=tab)
        shell.on_click(f"{session_form.TAB}_{tab}", at.doing(_always(turning)))
    for index in range(session_form.ANSWERS_MOST):
        shell.on_click(f"{session_form.ANSWER}_{index}", at.doing(_choose_moment))
    for index in range(schedule.BEYOND_MOST):
        shell.on_click(f"{schedule.BEYOND}_{index}", at.doing(_choose_moment))
    for action_id, doing in PRESSES.items():
        shell.on_click(action_id, at.doing(doing))
    shell.on_click(TYPED, at.typed)
    shell.on_click(notes.EDIT, at.edit_note)
    shell.on_submission(notes.SAVE, _note_saved)


def _always(act: Act) -> Doing:
    return lambda _press: act


def _choose_moment(press: Press) -> Act:
    return _choose(unpack(press.meant, schedule.Moment).starts_at)


def _choose_slot(press: Press) -> Act:
    return _choose(int(press.meant) if press.meant.isdecimal() else None)


def _choose_time(press: Press) -> Act:
    return _choose(press.selected_date_time)


def _choose(seconds: int | None) -> Act:
    """Move the session to a time; what is none leaves it where it is."""
    if seconds is None or not schedule.is_moment(seconds):
        return partial(session_deeds.look, change=lambda same: same)
    return partial(session_deeds.choose, seconds=seconds)


def _check(_press: Press) -> Act:
    return partial(session_deeds.look, change=_checked)


def _checked(carried: Carried) -> Carried:
    return structs.replace(carried, is_checked=True)


def _turn_page(press: Press) -> Act:
    number = unpack(press.meant, attachments.PageNumber).page
    return partial(session_deeds.look, change=lambda carried: structs.replace(carried, page=number))


def _detach(press: Press) -> Act:
    attached = unpack(press.meant, attachments.Attached)
    return partial(session_deeds.detach, attached=attached)


def _take_note_away(press: Press) -> Act:
    place = unpack(press.meant, notes_form.Place)
    return partial(session_deeds.take_note_away, annotation_id=place.annotation_id)


PRESSES: Final = {
    schedule.CHECK: _check,
    schedule.SLOT: _choose_slot,
    schedule.TIME: _choose_time,
    attachments.ATTACH: _always(session_deeds.attach),
    attachments.REMOVE: _detach,
    attachments.PREVIOUS: _turn_page,
    attachments.NEXT: _turn_page,
    notes.NEWER: _turn_page,
    notes.OLDER: _turn_page,
    notes.REMOVE: _take_note_away,
    details.DELETE: _always(session_deeds.delete),
    details.START: _always(partial(session_deeds.become, reached=coaching.Status.IN_PROGRESS)),
    details.COMPLETE: _always(partial(session_deeds.become, reached=coaching.Status.COMPLETED)),
    session_form.START_OVER: _always(session_deeds.start_over),
}
"""What each button asks for."""
TELLING: Final = frozenset((details.DELETE, details.START, details.COMPLETE, notes.REMOVE))
"""What changes the session at once, so that others who show it are told."""


class _At:
    """Does what is asked for in a form, one thing after the other."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    def doing(self, doing: Doing) -> Callable[[Shell, ClickTurn], Awaitable[None]]:
        """Answer a press: take it, do what it asks for, and show the form as it is then."""

        async def pressed(shell: Shell, turn: ClickTurn) -> None:
            await turn.done()
            view, press = turn.click.view, turn.click.actions[0]
            if view is None:
                return
            desk = self._desks.of(view.id)
            desk.forget()
            async with desk.turn:
                await _do(shell, turn.user_id, view, doing(press))
            if press.action_id in TELLING:
                shell.changed_for(turn.user_id)

        return pressed

    async def typed(self, shell: Shell, turn: ClickTurn) -> None:
        """Take what was typed or picked, and keep it soon."""
        await turn.done()
        view = turn.click.view
        if view is None:
            return
        desk = self._desks.of(view.id)
        if desk.note(view):
            shell.running.beside(desk.keep(partial(_keep, shell, turn.user_id)))

    async def edit_note(self, shell: Shell, turn: ClickTurn) -> None:
        """Lay a form for one note over this one, and keep what was typed in this one."""
        place = unpack(turn.value, notes_form.Place)
        opened = await turn.push(loading(notes_form.EDITING, "Getting the note…"))
        view = turn.click.view
        if opened is None or view is None:
            return
        await _keep(shell, turn.user_id, view)
        carried, _ = session_form.read(view)
        below = Editing(place, view.id, carry(carried))

        async def form() -> View:
            text = await shell.ask(turn.user_id, partial(_note_text, place=place))
            return notes_form.edit_form(below, text, callback_id=notes.SAVE)

        await fill(shell.lines, Loading(turn.user_id, opened, notes_form.EDITING), form)


def _note_text(
    context: coaching.Context, caller: coaching.Caller, *, place: notes_form.Place
) -> str:
    note = coaching.find_annotation(context, caller, place.appointment_id, place.annotation_id)
    return note.text


async def _do(shell: Shell, user_id: str, view: SeenView, act: Act) -> None:
    carried, told = session_form.read(view)
    doing = partial(session_acts.attempt, act=act, carried=carried, told=told)
    await _put(shell, user_id, view, carried, await shell.ask(user_id, doing))


async def _put(
    shell: Shell, user_id: str, view: SeenView, carried: Carried, shown: Shown | Ended
) -> None:
    """Show the form anew; where it was shown anew meanwhile, this is the later word."""
    if isinstance(shown, Ended):
        kept = session_form.words_in(view) if shown.is_lost else ()
        page = session_form.ended(carried.subject, shown.sentence, kept)
    else:
        page = session_form.form(shown)
    if not await shell.lines.put(user_id, view.id, page, seen=view.hash):
        await shell.lines.put(user_id, view.id, page)


async def _keep(shell: Shell, user_id: str, view: SeenView) -> None:
    """Keep what is typed; what cannot be kept now is said when something is done with it."""
    try:
        carried, told = session_form.read(view)
        await shell.ask(user_id, partial(session_acts.keep, carried=carried, told=told))
    except (coaching.CoachingError, msgspec.MsgspecError):
        return


async def _note_saved(shell: Shell, turn: SubmissionTurn) -> None:
    editing, text = notes_form.read_edit(turn.submission.view)
    turn.again = lambda problem: notes_form.edit_form(
        editing, text, problem=problem, callback_id=notes.SAVE
    )
    saving = partial(session_deeds.write_note_anew, editing=editing, text=text)
    shown = await shell.decide(turn, saving)
    await turn.close("Your note is saved.")
    await shell.lines.put(turn.user_id, editing.below, session_form.form(shown))
    shell.changed_for(turn.user_id)
