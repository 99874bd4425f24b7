"""`/coach list` inside the process, against a bare Bolt application that only acknowledges."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot import coaching
from bot.hop import Hop
from bot.sandbox import Sandbox
from bot.slack.front import SlackSettings, build_front
from storage import migrations
from storage.engine import connect
from storage.transaction import Store
from tests.bench.measure import Figures, at_once, compare
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

SECRET = "0123456789abcdef0123456789abcdef"
SESSIONS, REQUESTS, CALLERS = 100, 1_500, 50
FORM = {
    "command": "/coach",
    "text": "list",
    "user_id": "UDANA",
    "user_name": "dana",
    "team_id": "T0NORTHWIND",
    "channel_id": "C0GENERAL",
    "channel_name": "general",
    "trigger_id": "1.2.3",
    "response_url": "http://127.0.0.1:9/response",
    "api_app_id": "A0COACHBOT",
}


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
        workplace = _workplace(Path(folder))
        async with Sandbox() as sandbox:
            settings = SlackSettings(
                bot_token=sandbox.bot_token, signing_secret=SECRET, api_url=sandbox.api_url
            )
            ours = build_front(workplace.context, hop, settings).app
            bare = _bare(sandbox)
            for app in (ours, bare):
                answer = await _ask(app)()
                assert answer == 200, answer
            bare_figures = await at_once(_ask(bare), callers=CALLERS, times=REQUESTS)
            our_figures = await at_once(_ask(ours), callers=CALLERS, times=REQUESTS)
        workplace.store.close()
    await hop.drain()
    hop.close()
    return our_figures, bare_figures


def _workplace(folder: Path) -> Workplace:
    database = connect(f"sqlite:///{folder / 'bench.db'}", pool_size=10)
    migrations.upgrade(database)
    workplace = Workplace(Store(database), FrozenClock(coaching.system_clock()))
    for number in range(SESSIONS):
        starts_at = workplace.clock() + timedelta(hours=1 + number)
        workplace.schedule("Dana", "Priya", facilitator="Grace", starts_at=starts_at)
    return workplace


def _bare(sandbox: Sandbox) -> AsyncApp:
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    app = AsyncApp(client=client, signing_secret=SECRET)

    @app.command("/coach")
    async def acknowledge(ack: Callable[[], Awaitable[None]]) -> None:
        await ack()

    return app


def _ask(app: AsyncApp) -> Callable[[], Awaitable[int]]:
    body = urlencode(FORM)
    verifier = SignatureVerifier(SECRET)

    async def ask() -> int:
        stamp = str(int(time.time()))
        headers: dict[str, str | Sequence[str]] = {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": verifier.generate_signature(timestamp=stamp, body=body) or "",
        }
        response = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        return int(response.status)

    return ask
