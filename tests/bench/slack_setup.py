"""What every measurement of the front end stands on: people, a quiet Slack, signed requests.

The quiet Slack takes every call, checks nothing and says when one has come, so that what is
measured is the front end and not a pretend Slack's opinion of it.
"""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot import coaching
from storage import migrations
from storage.engine import connect
from storage.transaction import Store
from tests.bench.filling import fill
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

SECRET: Final = "0123456789abcdef0123456789abcdef"
TOKEN: Final = "xoxb-bench"
TEAM: Final = "T0NORTHWIND"
FORM: Final = "application/x-www-form-urlencoded"
ME: Final = {"user_id": "U0COACHBOT", "bot_id": "B0COACHBOT", "team_id": TEAM}
KEYS: Final = ("view_id", "user_id", "trigger_id")
"""By what a call is known to be about one interaction, the most telling first."""
PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Call:
    """A call that came: its method, or the path of a response address, and what it brought."""

    method: str
    body: dict[str, Any]


@dataclass
class QuietSlack:
    """A Slack that takes everything."""

    address: str = ""
    calls: list[Call] = field(default_factory=list)
    keeps: bool = False
    """Whether calls are kept; they are not while time is measured."""
    _waiting: dict[str, asyncio.Future[Call]] = field(default_factory=dict)
    _runner: web.ServerRunner | None = None

    async def __aenter__(self) -> "QuietSlack":
        """Listen on this computer alone."""
        self._runner = web.ServerRunner(web.Server(self._take))
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_raised: object) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    def expect(self, key: str) -> asyncio.Future[Call]:
        """Give what will hold the last call about something: a view, a person, an address."""
        self._waiting[key] = asyncio.get_running_loop().create_future()
        return self._waiting[key]

    async def _take(self, request: web.BaseRequest) -> web.Response:
        text, method = await request.text(), request.path.lstrip("/")
        if method == "auth.test":
            return web.json_response({"ok": True, **ME})
        body = msgspec.json.decode(text) if text.startswith("{") else {}
        if self.keeps:
            self.calls.append(Call(method, body))
        key = next((str(body[each]) for each in KEYS if each in body), method)
        waiting = self._waiting.pop(key, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(Call(method, body))
        if method.startswith("response"):
            return web.Response(text="ok")
        view = {"id": f"V{key}", "hash": anew("1")}
        return web.json_response({"ok": True, "view": view})


def open_centre(folder: Path, *, teams: int, sessions: int) -> Workplace:
    """Open a contact centre of so many teams, each with a supervisor and so many sessions."""
    database = connect(f"sqlite:///{folder / f'bench-{teams}-{sessions}.db'}", pool_size=10)
    migrations.upgrade(database)
    workplace = Workplace(Store(database), FrozenClock(coaching.system_clock()))
    for number in range(teams):
        leader, division = f"Lead{number}", f"Team{number}"
        workplace.hire(leader, division=division, roles=("Supervisor",))
        fill(workplace, sessions, leader=leader, division=division, agents=20)
    return workplace


def open_small_centre(folder: Path, *, sessions: int) -> Workplace:
    """Open a contact centre in which Dana has so many sessions ahead, one each hour."""
    database = connect(f"sqlite:///{folder / 'small.db'}", pool_size=10)
    migrations.upgrade(database)
    workplace = Workplace(Store(database), FrozenClock(coaching.system_clock()))
    for number in range(sessions):
        starts_at = workplace.clock() + timedelta(hours=1 + number)
        workplace.schedule("Dana", "Priya", facilitator="Grace", starts_at=starts_at)
    return workplace


def anew(prefix: str) -> str:
    """Name something that Slack names anew each time, by which it is known if it comes again."""
    return f"{prefix}.{time.monotonic_ns()}"


def command(user_id: str, text: str) -> str:
    """Write the body of `/coach …`."""
    return urlencode(
        {
            "command": "/coach",
            "text": text,
            "user_id": user_id,
            "user_name": "somebody",
            "team_id": TEAM,
            "channel_id": "C0GENERAL",
            "channel_name": "general",
            "trigger_id": anew("1"),
            "response_url": "http://127.0.0.1:9/response",
            "api_app_id": "A0COACHBOT",
        }
    )


def press(user_id: str, action: Mapping[str, object], **seen: object) -> str:
    """Write the body of a press on a button; `seen` says where it stands."""
    pressed = {
        "type": "block_actions",
        "user": {"id": user_id},
        "team": {"id": TEAM},
        "trigger_id": anew("1"),
        "container": {"type": "message"},
        "actions": [{"type": "button", "block_id": "b", "action_ts": "1", **action}],
    }
    return urlencode({"payload": json.dumps(pressed | seen)})


def look(user_id: str, view: Mapping[str, object]) -> str:
    """Write the body of the event that somebody opened the Home tab."""
    event = {"type": "app_home_opened", "user": user_id, "tab": "home", "view": view}
    told = {"type": "event_callback", "event_id": anew("Ev"), "team_id": TEAM, "event": event}
    return json.dumps(told)


async def send(app: AsyncApp, body: str) -> str:
    """Bring a signed request to an application; answers the acknowledgement."""
    stamp = str(int(time.time()))
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/json" if body.startswith("{") else FORM,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": SignatureVerifier(SECRET).generate_signature(
            timestamp=stamp, body=body
        )
        or "",
    }
    response = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
    assert response.status == 200, response.body
    return str(response.body)


Answer = Callable[[AsyncWebClient, Mapping[str, Any]], Awaitable[None]]


def bare_app(slack: QuietSlack, answer: Answer | None = None) -> AsyncApp:
    """Build a bare Bolt application: it acknowledges, and makes the calls that it is told."""
    client = AsyncWebClient(token=TOKEN, base_url=slack.address)
    client.proxy = None
    app = AsyncApp(client=client, signing_secret=SECRET)

    async def acknowledge(ack: Callable[[], Awaitable[None]], body: dict[str, Any]) -> None:
        await ack()
        if answer is not None:
            await answer(client, body)

    app.command("/coach")(acknowledge)
    app.action(re.compile(".*"))(acknowledge)
    app.event("app_home_opened")(acknowledge)
    return app
