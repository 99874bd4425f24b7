"""A button on a session: do what it says, then show what it stood on as it is now.

A second press changes nothing. A refusal is said where the person looks, and whatever can still
be shown is shown anew, so that a button that no longer works goes away.
"""

from collections.abc import Callable
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block

from bot import coaching
from bot.logger import get_logger
from bot.slack.blocks.kit import Said
from bot.slack.blocks.targets import Target, unpack
from bot.slack.lists import inbox, listing
from bot.slack.messages import message as messages
from bot.slack.turns.payloads import SeenMessage
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn, Place, without_buttons

Deed = Callable[[coaching.Context, coaching.Caller, Target], object]

log = get_logger(__name__)


async def press(shell: Shell, turn: ClickTurn, deed: Deed) -> None:
    """Do a deed for whoever pressed the button, and show the outcome in place."""
    target = unpack(turn.value, Target)
    looking = partial(look, target=target, message=turn.message)
    try:
        said = await shell.decide(turn, partial(_do, deed=deed, target=target, looking=looking))
    except coaching.Unavailable:
        raise
    except coaching.CoachingError:
        await _show_anew(shell, turn, looking)
        raise
    await _show(turn, said)
    shell.changed_for(turn.user_id)


Looking = Callable[[coaching.Context, coaching.Caller], Said | None]


def _do(
    context: coaching.Context,
    caller: coaching.Caller,
    *,
    deed: Deed,
    target: Target,
    looking: Looking,
) -> Said | None:
    deed(context, caller, target)
    try:
        return looking(context, caller)
    except coaching.CoachingError:
        # It is done: that it can't be shown here is no refusal.
        return None


def look(
    context: coaching.Context,
    caller: coaching.Caller,
    *,
    target: Target,
    message: SeenMessage | None,
) -> Said | None:
    """Write what a button stood on as it is now; None where that is the Home tab's own affair."""
    if target.listing is not None:
        return listing.page_of(context, caller, wanted=target.listing)
    if target.inbox is not None:
        return inbox.page_of(context, caller, number=target.inbox.page)
    if message is None or target.delivery_id is None:
        return None
    return messages.said_of(coaching.message(context, caller, target.delivery_id, mark=target.mark))


async def _show(turn: ClickTurn, said: Said | None) -> None:
    """Show the outcome. The deed is done already, so what goes wrong here is only logged."""
    try:
        if said is None:
            await turn.done()
        else:
            await turn.show(said)
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        log.warning("NotShown", exc_info=True)


async def _show_anew(shell: Shell, turn: ClickTurn, looking: Looking) -> None:
    """Show what is left of something that refused; a message about nothing loses its buttons."""
    try:
        said = await shell.ask(turn.user_id, looking)
    except coaching.Unavailable:
        return
    except coaching.CoachingError:
        said = _bare(turn)
    if said is not None:
        await _show(turn, said)
    shell.changed_for(turn.user_id)


def _bare(turn: ClickTurn) -> Said | None:
    if turn.place is not Place.MESSAGE or turn.message is None:
        return None
    return Said(turn.message.text, without_buttons(_blocks(turn.message)))


def _blocks(message: SeenMessage) -> tuple[Block, ...]:
    return tuple(Block.parse_all(message.blocks))
