"""`/coach settings`: what a person chooses for themselves, in one form that opens at once."""

from functools import partial
from typing import Final

from bot import coaching
from bot.slack.settings import form as settings_form
from bot.slack.turns.errors import refusal_of
from bot.slack.turns.lines import Opened
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import CommandTurn, SubmissionTurn

SAVED: Final = "Saved. It holds from now on, also for sessions that are planned already."


def register(shell: Shell) -> None:
    """Answer `/coach settings` and its form."""
    shell.on_subcommand("settings", _command)
    shell.on_submission(settings_form.CALLBACK, _sent)


async def _command(shell: Shell, turn: CommandTurn) -> None:
    opened = await turn.open(settings_form.loading())
    if opened is not None:
        shell.running.beside(_fill(shell, turn.user_id, opened))


async def _fill(shell: Shell, user_id: str, opened: Opened) -> None:
    """Put the form into the window that was opened for it, or why there is none."""
    try:
        page = await shell.ask(user_id, coaching.settings_page)
        view = settings_form.form(*settings_form.begin(page))
    except Exception as error:
        view = settings_form.refused(refusal_of(error).sentence)
    await shell.lines.update_view(opened.id, view, seen=opened.hash)


async def _sent(shell: Shell, turn: SubmissionTurn) -> None:
    notes, filled = settings_form.read(turn.submission.view)
    turn.again = lambda problem: settings_form.form(notes, filled, problem=problem)
    changes = settings_form.request(notes, filled)
    await shell.decide(turn, partial(coaching.change_settings, changes=changes))
    await turn.update(settings_form.refused(SAVED))
    shell.changed_for(turn.user_id)
