"""`/coach settings`: what a person chooses for themselves, in one form that opens at once."""

from functools import partial
from typing import Final

from slack_sdk.models.views import View

from bot import coaching
from bot.slack.settings import form as settings_form
from bot.slack.turns.loading import Loading, fill
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

        async def form() -> View:
            page = await shell.ask(turn.user_id, coaching.settings_page)
            return settings_form.form(*settings_form.begin(page))

        shown = Loading(turn.user_id, opened, settings_form.TITLE)
        shell.running.beside(fill(shell.lines, shown, form))


async def _sent(shell: Shell, turn: SubmissionTurn) -> None:
    notes, filled = settings_form.read(turn.submission.view)
    turn.again = lambda problem: settings_form.form(notes, filled, problem=problem)
    changes = settings_form.request(notes, filled)
    await shell.decide(turn, partial(coaching.change_settings, changes=changes))
    await turn.update(settings_form.refused(SAVED))
    shell.changed_for(turn.user_id)
