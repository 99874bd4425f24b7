"""`/coach list` inside the process, against a bare Bolt application that only acknowledges."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from slack_bolt.async_app import AsyncApp

from bot.hop import Hop
from bot.slack.front import SlackSettings, build_front
from tests.bench.measure import Figures, at_once, compare
from tests.bench.slack_setup import (
    SECRET,
    TOKEN,
    QuietSlack,
    bare_app,
    command,
    open_small_centre,
    send,
)

SESSIONS, REQUESTS, CALLERS = 100, 1_500, 50


def run() -> None:
    """Measure and print."""
    ours, bare = asyncio.run(_measure())
    compare(
        f"/coach list with {SESSIONS} sessions, {CALLERS} concurrent callers, in the process",
        ("signature to rendered answer", ours),
        ("bare Bolt that acknowledges", bare),
    )


async def _measure() -> tuple[Figures, Figures]:
    hop = Hop(threads=8)
    with tempfile.TemporaryDirectory() as folder:
        workplace = open_small_centre(Path(folder), sessions=SESSIONS)
        async with QuietSlack() as slack:
            settings = SlackSettings(bot_token=TOKEN, signing_secret=SECRET, api_url=slack.address)
            ours = build_front(workplace.context, hop, settings).app
            bare = bare_app(slack)
            assert "Call review" in await _ask(ours)()
            await _ask(bare)()
            bare_figures = await at_once(_ask(bare), callers=CALLERS, times=REQUESTS)
            our_figures = await at_once(_ask(ours), callers=CALLERS, times=REQUESTS)
        workplace.store.close()
    await hop.drain()
    hop.close()
    return our_figures, bare_figures


def _ask(app: AsyncApp) -> Callable[[], Awaitable[str]]:
    return lambda: send(app, command("UDANA", "list"))
