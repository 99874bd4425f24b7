"""`coachbot sandbox`: the pretend Slack, with the very bot in it that runs with Slack."""

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot import coaching, seed
from bot.app import Bot, at_work, built, until_told_to_stop
from bot.coaching import Context
from bot.delivery.pacing import Pace
from bot.logs import write_logs
from bot.rest import RestSettings, build_rest
from bot.sandbox.chatter import fill_general
from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from bot.sandbox.terms import Shortcut, Terms
from bot.serving import CannotListen, listen, serving_at
from bot.settings import Settings
from bot.slack.front import SlackSettings
from bot.slack.transport.scopes import EVENTS, SCOPES, SHORTCUTS

LOOPBACK: Final = "127.0.0.1"
FIRST_PORT: Final = 8080
LAST_PORT: Final = 8280
NO_PACE: Final = Pace(per_channel=timedelta(0), per_workspace=timedelta(0))
DOMAIN: Final = "northwind.example"
INTEGRATOR: Final = "grace"
TALKERS: Final = ("dana", "grace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """A sandbox to play in, and the way in for programs."""

    sandbox: Sandbox
    bot: Bot
    api_address: str
    client: coaching.NewClient


async def run_sandbox(
    settings: Settings, *, port: int | None, empty: bool, say: Callable[[str], None]
) -> None:
    """Serve the pretend Slack with the bot in it until told to stop; nothing is kept.

    Without a port it takes the next free ones. Raises CannotListen.
    """
    # Somebody who tries it out wants to see the address, not every message of a played week.
    write_logs(settings, level="DEBUG" if settings.log_level == "DEBUG" else "WARNING")
    async with playing(settings, port=port, empty=empty) as playground:
        for line in greeting(playground):
            say(line)
        await until_told_to_stop()


def greeting(playground: Playground) -> list[str]:
    """Say where everything is."""
    client = playground.client
    return [
        f"Coachbot’s sandbox:  {playground.sandbox.url}",
        f"Its REST API:        {playground.api_address}/docs",
        f"  acting as Grace Okafor: client id {client.client_id}, secret {client.client_secret}",
        "A pretend Slack on this computer. Nothing here leaves it. Press Ctrl+C to stop.",
    ]


@asynccontextmanager
async def playing(
    settings: Settings,
    *,
    port: int | None = 0,
    empty: bool = False,
    clock: SandboxClock | None = None,
) -> AsyncIterator[Playground]:
    """Run the pretend Slack, the bot over its protocol, and the REST API at the next port.

    Port 0 takes any two free ports, None the first two neighbours that are free from 8080 on.
    Raises CannotListen.
    """
    clock = clock or SandboxClock()
    outlook = _Outlook()
    terms = Terms(scopes=tuple(SCOPES), events=tuple(EVENTS), shortcuts=_shortcuts())
    sandbox = Sandbox(clock=clock, terms=terms, next_due=outlook.next_due_at)
    with (
        _two_ports(port) as (page_port, api_port),
        tempfile.TemporaryDirectory(prefix="coachbot-sandbox-") as folder,
    ):
        ours = _for_playing(settings, Path(folder))
        async with (
            sandbox.serve_at(page_port),
            built(ours, _slack_of(sandbox), clock=clock.now, pace=NO_PACE, is_new=True) as bot,
        ):
            outlook.context = bot.context
            await bot.front.people.introduce_all()
            await asyncio.to_thread(seed.assign_roles, bot.context, DOMAIN)
            if not empty:
                await seed.play(_stage(bot, clock, outlook), DOMAIN)
            fill_general(sandbox.world, _last_talk(bot, clock))
            clock.on_change(bot.heartbeat.wake)
            client = coaching.create_client(
                bot.context, email=f"{INTEGRATOR}@{DOMAIN}", name="Sandbox"
            )
            rest = RestSettings(rate_per_minute=ours.api_requests_per_minute)
            api = build_rest(bot.context, bot.hop, rest)
            async with at_work(bot), serving_at(api_port, api) as address:
                await bot.front.connection.wait_connected()
                yield Playground(sandbox=sandbox, bot=bot, api_address=address, client=client)


class _Outlook:
    """Tells the page when the next message is due, once there is a bot."""

    def __init__(self) -> None:
        self.context: Context | None = None

    def next_due_at(self) -> datetime | None:
        """When the next promise that still holds is due."""
        return None if self.context is None else coaching.next_due_at(self.context)


def _shortcuts() -> tuple[Shortcut, ...]:
    return tuple(
        Shortcut(one.name, one.type, one.callback_id, one.description) for one in SHORTCUTS
    )


def _stage(bot: Bot, clock: SandboxClock, outlook: _Outlook) -> seed.Stage:
    return seed.Stage(
        context=bot.context,
        clock=clock,
        deliver=bot.sender.deliver_due,
        next_due_at=outlook.next_due_at,
    )


def _last_talk(bot: Bot, clock: SandboxClock) -> datetime:
    """Say up to when people talked in #general: those who lead were at work then."""
    people = seed.people_by_handle(bot.context, DOMAIN)
    return seed.last_together(people, TALKERS, clock.now(), minutes=100)


def _slack_of(sandbox: Sandbox) -> SlackSettings:
    return SlackSettings(
        bot_token=sandbox.bot_token, app_token=sandbox.app_token, api_url=sandbox.api_url
    )


def _for_playing(settings: Settings, folder: Path) -> Settings:
    return replace(settings, database_url=f"sqlite:///{folder / 'coachbot.db'}", api_url="")


@contextmanager
def _two_ports(port: int | None) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Hold the page's port and the API's, from before the week is played until the end."""
    with contextlib.ExitStack() as held:
        page, api = _next_free_ports() if port is None else _these_ports(port)
        held.callback(page.close)
        held.callback(api.close)
        yield page, api


def _these_ports(port: int) -> tuple[socket.socket, socket.socket]:
    page = listen(LOOPBACK, port)
    try:
        return page, listen(LOOPBACK, port + 1 if port else 0)
    except CannotListen as error:
        page.close()
        raise CannotListen(
            f"The sandbox needs ports {port} and {port + 1}, and {port + 1} can’t be taken. "
            "Please choose another with --port, or leave it out."
        ) from error


def _next_free_ports() -> tuple[socket.socket, socket.socket]:
    for port in range(FIRST_PORT, LAST_PORT):
        with contextlib.suppress(CannotListen):
            return _these_ports(port)
    raise CannotListen(f"No two ports between {FIRST_PORT} and {LAST_PORT} are free.")
