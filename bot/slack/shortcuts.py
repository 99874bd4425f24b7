"""Shortcuts: a session about a message, or one from anywhere, begun in the form as ever."""

import asyncio
from functools import partial
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import coaching
from bot.logger import get_logger
from bot.slack.session import opening as session
from bot.slack.transport.scopes import COACH_ON_THIS, SCHEDULE_COACHING
from bot.slack.turns.payloads import Shortcut
from bot.slack.turns.shell import Shell, UnknownAccounts
from bot.slack.turns.turn import ShortcutTurn

SECONDS: Final = 1.0
"""How long Slack is waited for: the form must open while the shortcut still opens one."""

log = get_logger(__name__)


def register(shell: Shell) -> None:
    """Answer the shortcut on a message, and the one from anywhere."""
    shell.on_shortcut(COACH_ON_THIS.callback_id, _coach_on_this)
    shell.on_shortcut(SCHEDULE_COACHING.callback_id, _schedule)


async def _schedule(shell: Shell, turn: ShortcutTurn) -> None:
    await session.begin(shell, turn, prefilling=_with_nothing)


async def _coach_on_this(shell: Shell, turn: ShortcutTurn) -> None:
    address = await _address_of(shell, turn.shortcut)
    prefilling = partial(prefill, author=author_of(turn.shortcut), address=address)
    await session.begin(shell, turn, prefilling=prefilling)


def _with_nothing(_context: coaching.Context, _caller: coaching.Caller) -> coaching.Prefill:
    return coaching.Prefill()


def prefill(
    context: coaching.Context, _caller: coaching.Caller, *, author: str | None, address: str | None
) -> coaching.Prefill:
    """Begin with the message attached and its author coached.

    Raises UnknownAccounts for an author of whom nobody has heard.
    """
    known = coaching.people_by_slack(context, [author] if author else [])
    if author and author not in known:
        raise UnknownAccounts([author])
    return coaching.Prefill(
        attendee_ids=tuple(known.values()) or None, external_links=(address,) if address else None
    )


def author_of(shortcut: Shortcut) -> str | None:
    """Find who is to be coached on a message: its author, but neither an app nor oneself."""
    message = shortcut.message
    if message is None or message.bot_id or message.user == shortcut.user.id:
        return None
    return message.user


async def _address_of(shell: Shell, shortcut: Shortcut) -> str | None:
    """Find the address of a message; one that Slack keeps from the bot is written as Slack does."""
    if shortcut.message is None or shortcut.channel is None or not shortcut.message.ts:
        return None
    try:
        async with asyncio.timeout(SECONDS):
            found = await shell.lines.permalink(shortcut.channel.id, shortcut.message.ts)
            return found or _written(shortcut)
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        log.info("NoPermalink", exc_info=True)
        return _written(shortcut)


def _written(shortcut: Shortcut) -> str | None:
    message, channel, team = shortcut.message, shortcut.channel, shortcut.team
    if message is None or channel is None or team is None or not team.domain:
        return None
    host = f"https://{team.domain}.slack.com"
    return f"{host}/archives/{channel.id}/p{message.ts.replace('.', '')}"
