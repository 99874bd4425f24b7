"""Two people for whom Slack gives one address, on the page of people: told, and joined."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.blocks.basic_components import ConfirmObject

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, isolated

JOIN: Final = "admin_join"


class Pair(Struct, frozen=True):
    """The people whom a button is about: the one who stays, and who becomes the same."""

    kept: str
    joined: str


def lines(page: coaching.PeoplePage) -> Iterator[Block]:
    """Tell of each pair, with the button that makes one person of it."""
    for each in page.doubles:
        kept, joined = (isolated(clip(one.name, 80)) for one in (each.kept, each.joined))
        about = f" here, but Slack gives {clip(each.kept.email or '', 150)} for both."
        yield kit.paragraph(
            [[kit.bold(kept), kit.words(" and "), kit.bold(joined), kit.words(f" are two{about}")]]
        )
        yield from kit.row([_button(each)])
    if page.doubles:
        yield kit.divider()


def _button(pair: coaching.Double) -> ButtonElement:
    value = pack(Pair(pair.kept.person_id, pair.joined.person_id))
    button = kit.button("Join", JOIN, value, spoken=f"Join {pair.kept.name} and {pair.joined.name}")
    button.confirm = ConfirmObject(
        title=kit.plain("Make them one person?", 100),
        text=kit.plain(
            "Sessions, notes, roles and notices of both stay together. This can’t be undone.", 300
        ),
        confirm=kit.plain("Join", 30),
        deny=kit.plain("Cancel", 30),
    )
    return button


def join(context: coaching.Context, caller: coaching.Caller, *, pair: Pair) -> None:
    """Make one person of two. Raises CoachingError."""
    coaching.join_people(context, caller, pair.kept, pair.joined)
