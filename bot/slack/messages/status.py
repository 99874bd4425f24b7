"""Start, Complete and Undo: the steps of a session, from wherever it is shown."""

from functools import partial

from bot import coaching
from bot.slack.blocks.cards import COMPLETE, START, UNDO
from bot.slack.blocks.targets import Target
from bot.slack.messages.pressing import press
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn


def register(shell: Shell) -> None:
    """Answer the buttons."""
    shell.on_click(START, _start)
    shell.on_click(COMPLETE, _complete)
    shell.on_click(UNDO, _undo)


async def _start(shell: Shell, turn: ClickTurn) -> None:
    await press(shell, turn, partial(become, status=coaching.Status.IN_PROGRESS))


async def _complete(shell: Shell, turn: ClickTurn) -> None:
    await press(shell, turn, partial(become, status=coaching.Status.COMPLETED))


async def _undo(shell: Shell, turn: ClickTurn) -> None:
    await press(shell, turn, undo)


def undo(context: coaching.Context, caller: coaching.Caller, target: Target) -> None:
    """Take a completion back; where that is done already, nothing happens. Raises CoachingError."""
    try:
        coaching.undo_completion(context, caller, target.appointment_id)
    except coaching.Conflict:
        card = coaching.card(context, caller, target.appointment_id)
        if card.status is coaching.Status.COMPLETED:
            raise


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
