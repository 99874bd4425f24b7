"""Scheduling a session: the form opens at once, and what was sent makes one session, however often.

Whoever schedules hears of it by a message, like everybody else; the form only closes.
"""

from functools import partial
from typing import Final

from bot import coaching
from bot.slack import schedule_form
from bot.slack.errors import refusal_of
from bot.slack.lines import Opened
from bot.slack.schedule_form import CALLBACK, Filled, Notes
from bot.slack.shell import Shell, UnknownAccounts
from bot.slack.turns import ClickTurn, CommandTurn, SubmissionTurn

OPEN: Final = "open_schedule"


def register(shell: Shell) -> None:
    """Answer `/coach schedule`, the button on the Home tab, and the form."""
    shell.on_subcommand("schedule", _command)
    shell.on_click(OPEN, _command)
    shell.on_submission(CALLBACK, _sent)


async def _command(shell: Shell, turn: CommandTurn | ClickTurn) -> None:
    opened = await turn.open(schedule_form.loading())
    if opened is not None:
        shell.running.beside(_fill(shell, turn.user_id, opened))


async def _fill(shell: Shell, user_id: str, opened: Opened) -> None:
    """Put the form into the window that was opened for it, or why there is none."""
    try:
        defaults = await shell.ask(user_id, coaching.schedule_defaults)
        view = schedule_form.form(*schedule_form.begin(defaults, user_id))
    except Exception as error:
        view = schedule_form.refused(refusal_of(error).sentence)
    await shell.lines.update_view(opened.id, view, seen=opened.hash)


async def _sent(shell: Shell, turn: SubmissionTurn) -> None:
    notes, filled = schedule_form.read(turn.submission.view)
    turn.again = lambda problem: schedule_form.form(notes, filled, problem=problem)
    await shell.decide(turn, partial(_schedule, notes=notes, filled=filled))
    await turn.close("Your session is scheduled.")
    shell.changed_for(turn.user_id)


def _schedule(
    context: coaching.Context, caller: coaching.Caller, *, notes: Notes, filled: Filled
) -> coaching.Appointment:
    """Schedule what was typed. Raises UnknownAccounts for people of whom nobody has heard."""
    people = coaching.people_by_slack(context, filled.accounts)
    strangers = [each for each in filled.accounts if each not in people]
    if strangers:
        raise UnknownAccounts(strangers)
    return coaching.schedule(context, caller, schedule_form.request(notes, filled, people))
