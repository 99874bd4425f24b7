"""`/coach help`: what can be done here, and a gentle word for what was not understood."""

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.kit import Said
from bot.slack.blocks.words import clip, isolated, nearest
from bot.slack.turns.shell import COMMAND, Shell
from bot.slack.turns.turn import CommandTurn


def register(shell: Shell) -> None:
    """Answer `/coach help`."""
    shell.on_subcommand("help", show)


async def show(shell: Shell, turn: CommandTurn, *, unknown: str = "") -> None:
    """Show what the person can do; say so first when their word was not understood."""
    page = await shell.decide(turn, coaching.help_for)
    doubt = say_unknown(unknown, list(shell.subcommands)) if unknown else None
    await turn.say(said_of(page, doubt))


def say_unknown(word: str, known: list[str]) -> str:
    """Say that a word was not understood, and what may have been meant."""
    meant = nearest(word, known)
    shown = isolated(clip(word, 40))
    if meant is None:
        return f"I don’t know “{shown}” yet. Here is what I can do."
    return f"I don’t know “{shown}”. Did you mean {COMMAND} {meant}?"


def said_of(page: coaching.HelpPage, doubt: str | None = None) -> Said:
    """Write the help page: a line for each thing that can be done."""
    lines = [(kit.bold(topic.command), kit.words(f"  {topic.sentence}")) for topic in page.topics]
    above = (kit.sentence(doubt),) if doubt else ()
    blocks = (*above, kit.sentence(page.greeting), kit.paragraph(lines), kit.small(page.closing))
    return Said(doubt or page.greeting, blocks)
