"""Mark as read: the entry is read everywhere at once, whichever button was pressed."""

from bot import coaching
from bot.slack.blocks.cards import MARK_AS_READ
from bot.slack.blocks.targets import Target
from bot.slack.messages.pressing import press
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn


def register(shell: Shell) -> None:
    """Answer the button."""
    shell.on_click(MARK_AS_READ, _pressed)


async def _pressed(shell: Shell, turn: ClickTurn) -> None:
    await press(shell, turn, _mark)


def _mark(context: coaching.Context, caller: coaching.Caller, target: Target) -> None:
    coaching.mark_as_read(context, caller, target.notification_id or "")
