"""Start and Complete: the two steps of a session, from wherever it is shown."""

from functools import partial

from bot import coaching
from bot.slack.cards import COMPLETE, START
from bot.slack.pressing import press
from bot.slack.shell import Shell
from bot.slack.targets import Target
from bot.slack.turns import ClickTurn


def register(shell: Shell) -> None:
    """Answer both buttons."""
    shell.on_click(START, _start)
    shell.on_click(COMPLETE, _complete)


async def _start(shell: Shell, turn: ClickTurn) -> None:
    await press(shell, turn, partial(become, status=coaching.Status.IN_PROGRESS))


async def _complete(shell: Shell, turn: ClickTurn) -> None:
    await press(shell, turn, partial(become, status=coaching.Status.COMPLETED))


def become(
    context: coaching.Context,
    caller: coaching.Caller,
    target: Target,
    *,
    status: coaching.Status,
) -> None:
    """Take a session to a status; one that is there already is left alone. Raises CoachingError."""
    try:
        coaching.change_status(context, caller, target.appointment_id, status)
    except coaching.Conflict:
        if coaching.card(context, caller, target.appointment_id).status is not status:
            raise
