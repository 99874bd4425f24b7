"""The one command, `/coach`, and the way from its first word to a feature."""

from bot import coaching
from bot.slack import help as helping
from bot.slack.blocks.words import unescape
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import CommandTurn


def register(shell: Shell) -> None:
    """Answer the command."""
    shell.on_command(_dispatch)


async def _dispatch(shell: Shell, turn: CommandTurn) -> None:
    coaching.ensure_readable(turn.command.text)
    first, _, rest = unescape(turn.command.text).strip().partition(" ")
    turn.rest = rest.strip()
    listener = shell.subcommands.get(first.casefold())
    if listener is not None:
        await listener(shell, turn)
    else:
        await helping.show(shell, turn, unknown=first)
