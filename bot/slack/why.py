"""`/coach why`: what was or will be sent about a session, to whom and when, and if not, why not."""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.views import View

from bot import coaching
from bot.slack import choosing, kit
from bot.slack.cards import SEPARATOR
from bot.slack.choosing import Subject
from bot.slack.kit import Part
from bot.slack.shell import Shell
from bot.slack.words import clip, isolated

TITLE: Final = "Why a message came"
PICK: Final = "why_pick"
SHOWN: Final = 60
TOGETHER: Final = 10
"""So many lines stand in one block."""
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
    shown = page.lines[-SHOWN:]
    blocks = [kit.paragraph([heading])]
    blocks += (kit.paragraph(_lines(each)) for each in _portions(shown))
    if not shown:
        blocks.append(kit.sentence(NOTHING))
    if len(page.lines) > SHOWN:
        blocks.append(kit.small(f"And {len(page.lines) - SHOWN:,} earlier ones."))
    return kit.modal(TITLE, blocks)


def _portions(lines: Sequence[coaching.WhyLine]) -> Sequence[Sequence[coaching.WhyLine]]:
    return [lines[start : start + TOGETHER] for start in range(0, len(lines), TOGETHER)]


def _lines(lines: Sequence[coaching.WhyLine]) -> list[list[Part]]:
    return [
        [
            kit.bold(isolated(clip(each.who, 60))),
            kit.words(f"{SEPARATOR}{each.what}{SEPARATOR}{each.sentence}"),
        ]
        for each in lines
    ]
