"""Remind me again: what is picked on a reminder is promised, and the message says so."""

from functools import partial

import msgspec

from bot import coaching
from bot.slack.blocks.cards import SNOOZE, Wish
from bot.slack.blocks.targets import Target, unpack
from bot.slack.messages.pressing import press
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn


def register(shell: Shell) -> None:
    """Answer the menu."""
    shell.on_click(SNOOZE, _picked)


async def _picked(shell: Shell, turn: ClickTurn) -> None:
    choice = msgspec.convert(unpack(turn.value, Wish).choice, coaching.Snooze)
    await press(shell, turn, partial(_snooze, choice=choice))


def _snooze(
    context: coaching.Context,
    caller: coaching.Caller,
    target: Target,
    *,
    choice: coaching.Snooze,
) -> None:
    coaching.snooze(context, caller, target.delivery_id or 0, choice, mark=target.mark)
