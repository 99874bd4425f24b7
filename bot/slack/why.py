"""`/coach why`: what was or will be sent about a session, to whom and when, and if not, why not."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.cards import SEPARATOR
from bot.slack.blocks.kit import Part
from bot.slack.blocks.words import isolated, joined
from bot.slack.lists import choosing
from bot.slack.lists.choosing import Subject
from bot.slack.turns.shell import Shell

TITLE: Final = "Why a message came"
PICK: Final = "why_pick"
SHOWN: Final = 60
NAMED: Final = 8
"""So many people are named in one line."""
NOTHING: Final = "No message about this session was promised to you."


def register(shell: Shell) -> None:
    """Answer `/coach why` and its menu."""
    choosing.register(shell, "why", Subject(TITLE, PICK, page_of))


def page_of(context: coaching.Context, caller: coaching.Caller, appointment_id: str) -> View:
    """Write what became of the messages about a session. Raises CoachingError."""
    return view_of(coaching.why(context, caller, appointment_id))


def view_of(page: coaching.WhyPage) -> View:
    """Write what became of the messages about a session, the latest ones where there are many."""
    heading = [kit.bold(isolated(page.name)), kit.words(f"{SEPARATOR}{page.when}")]
    told = _together(page.lines)
    blocks = [kit.paragraph([heading]), *(kit.paragraph(_lines(each)) for each in told[-SHOWN:])]
    if not told:
        blocks.append(kit.sentence(NOTHING))
    if earlier := sum(len(each) for each in told[:-SHOWN]):
        blocks.append(kit.small(f"And {earlier:,} earlier {'one' if earlier == 1 else 'ones'}."))
    return kit.modal(TITLE, blocks)


def _together(lines: Sequence[coaching.WhyLine]) -> Sequence[Sequence[coaching.WhyLine]]:
    """Put neighbours together of whom the same is told."""
    grouped = groupby(lines, key=lambda each: (each.what, each.sentence))
    found = (sorted(group, key=lambda each: not each.is_mine) for _, group in grouped)
    return [each[at : at + NAMED] for each in found for at in range(0, len(each), NAMED)]


def _lines(told: Sequence[coaching.WhyLine]) -> list[list[Part]]:
    who = joined(tuple(each.who for each in told), most=NAMED)
    return [
        [kit.bold(who), kit.words(f"{SEPARATOR}{told[0].what}")],
        [kit.words(told[0].sentence)],
    ]
