"""The messages about a day or a week: each session in a few lines, the first ones first.

They stay as they were sent, so nothing on them is to be pressed.
"""

from collections.abc import Mapping
from typing import Final

from slack_sdk.models.blocks import Block

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.cards import headline_of, lines_of
from bot.slack.blocks.kit import Said

SHOWN: Final = 10
ALL_OF_IT: Final[Mapping[coaching.ActionType, str]] = {
    coaching.ActionType.AGENDA: "/coach list today",
    coaching.ActionType.DIGEST: "/coach list team overdue",
}


def said_of(summary: coaching.Summary) -> Said:
    """Write an agenda or a digest."""
    blocks: list[Block] = [kit.paragraph([headline_of(summary.kind, summary.headline)])]
    blocks += (kit.paragraph(lines_of(card)) for card in summary.cards[:SHOWN])
    left = summary.more + max(len(summary.cards) - SHOWN, 0)
    if left:
        blocks.append(kit.small(f"And {left:,} more. See them all with {ALL_OF_IT[summary.kind]}."))
    return Said(summary.text, tuple(blocks))
