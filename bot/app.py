"""The composition root: the only module that knows all the parts, and puts them together."""

import asyncio
import contextlib
import gc
import logging
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from bot import coaching, seed
from bot.coaching import Clock, Context, system_clock
from bot.delivery.bell import Bell
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pacing import Pace
from bot.delivery.sender import Sender
from bot.delivery.settings import Settings as DeliverySettings
from bot.hop import Hop
from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from bot.sandbox.terms import Terms
from bot.settings import Settings
from bot.slack.front import Front, SlackSettings, build_front
from bot.slack.scopes import EVENTS, SCOPES
from storage import migrations
from storage.engine import Database, connect
from storage.errors import StorageError
from storage.transaction import Store

log = logging.getLogger("bot")
NO_PACE: Final = Pace(per_channel=timedelta(0), per_workspace=timedelta(0))
SANDBOX_DOMAIN = "northwind.example"


class Unreachable(Exception):
    """The database does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Coachbot at work: what listens, what speaks, and what they share."""

    context: Context
    front: Front
    sender: Sender
    heartbeat: Heartbeat


def connect_to(settings: Settings) -> Database:
    """Prepare the database of the settings. Raises ValueError for an address that can't be."""
    return connect(settings.database_url, pool_size=settings.threads + 2)


def is_behind(settings: Settings) -> bool:
    """Answer whether the database lacks a migration. Raises Unreachable, ValueError."""
    database = connect_to(settings)
    try:
        return migrations.pending(database)
    except StorageError as error:
        raise Unreachable from error
    finally:
        database.close()


@contextmanager
def opened_context(
    settings: Settings, *, clock: Clock = system_clock, wake: Callable[[], None] = lambda: None
) -> Iterator[Context]:
    """Open the database, bring its tables to this version, and give what use cases need.

    Raises ValueError, Unavailable.
    """
    store = Store(connect_to(settings))
    try:
        _upgrade(store)
        context = Context(store=store, clock=clock, policy=settings.policy, wake=wake)
        coaching.prepare(context)
        yield context
    finally:
        store.close()


def _upgrade(store: Store) -> None:
    try:
        migrations.upgrade(store.database)
    except StorageError as error:
        raise coaching.Unavailable from error


@asynccontextmanager
async def built(
    settings: Settings,
    slack: SlackSettings,
    *,
    clock: Clock = system_clock,
    pace: Pace | None = None,
) -> AsyncIterator[Bot]:
    """Put a bot together that does nothing yet, and take it apart at the end."""
    bell = Bell()
    hop = Hop(threads=settings.threads)
    with opened_context(settings, clock=clock, wake=bell.ring) as context:
        front = build_front(context, hop, slack)
        sender = Sender(
            context,
            front.messenger,
            announce=partial(coaching.announce, context),
            hop=hop,
            settings=_delivery(settings, pace),
        )
        every = timedelta(seconds=settings.heartbeat_seconds)
        try:
            heartbeat = Heartbeat(sender, bell, every=every)
            yield Bot(context=context, front=front, sender=sender, heartbeat=heartbeat)
        finally:
            await hop.drain()
            hop.close()


@asynccontextmanager
async def at_work(bot: Bot) -> AsyncIterator[Bot]:
    """Listen and send, until the end of the block; what is in hand then is finished."""
    await bot.front.connection.start()
    await bot.heartbeat.start()
    try:
        # What was made to start will live as long as the process: the collector may skip it.
        gc.collect()
        gc.freeze()
        yield bot
    finally:
        await bot.heartbeat.stop()
        await bot.front.connection.stop()


def _delivery(settings: Settings, pace: Pace | None) -> DeliverySettings:
    each_minute = settings.messages_per_minute
    between = timedelta(minutes=1) / each_minute if each_minute else timedelta(0)
    return DeliverySettings(
        lease=timedelta(seconds=settings.lease_seconds),
        pace=pace or Pace(per_workspace=between),
    )


async def run_bot(settings: Settings) -> None:
    """Connect to Slack and work until told to stop by SIGINT or SIGTERM."""
    write_logs(settings)
    slack = SlackSettings(
        bot_token=settings.slack_bot_token,
        app_token=settings.slack_app_token,
        api_url=settings.slack_api_url,
    )
    async with built(settings, slack) as bot:
        await bot.front.people.introduce_all()
        async with at_work(bot):
            log.info("event=Started")
            await until_told_to_stop()
            log.info("event=Stopping")


async def run_sandbox(
    settings: Settings, *, port: int, empty: bool, say: Callable[[str], None]
) -> None:
    """Serve the pretend Slack with the bot in it until told to stop; nothing is kept."""
    write_logs(settings)
    async with sandboxed(settings, port=port, empty=empty) as sandbox:
        say(f"Coachbot’s sandbox: {sandbox.url}")
        say("A pretend Slack on this computer. Nothing here leaves it. Press Ctrl+C to stop.")
        await until_told_to_stop()


@asynccontextmanager
async def sandboxed(
    settings: Settings, *, port: int = 0, empty: bool = False
) -> AsyncIterator[Sandbox]:
    """Run the pretend Slack and, over its protocol, the very bot that runs with Slack."""
    clock = SandboxClock()
    with tempfile.TemporaryDirectory(prefix="coachbot-sandbox-") as folder:
        ours = _in_folder(settings, Path(folder))
        outlook = _Outlook()
        terms = Terms(scopes=tuple(SCOPES), events=tuple(EVENTS))
        sandbox = Sandbox(clock=clock, terms=terms, next_due=outlook.next_due_at)
        async with (
            sandbox.serve(port),
            built(ours, _slack_of(sandbox), clock=clock.now, pace=NO_PACE) as bot,
        ):
            outlook.context = bot.context
            await bot.front.people.introduce_all()
            await asyncio.to_thread(seed.assign_roles, bot.context, SANDBOX_DOMAIN)
            if not empty:
                stage = seed.Stage(
                    context=bot.context,
                    clock=clock,
                    deliver=bot.sender.deliver_due,
                    next_due_at=outlook.next_due_at,
                )
                await seed.play(stage, SANDBOX_DOMAIN)
            clock.on_change(bot.heartbeat.wake)
            async with at_work(bot):
                yield sandbox


class _Outlook:
    """Tells the page when the next message is due, once there is a bot."""

    def __init__(self) -> None:
        self.context: Context | None = None

    def next_due_at(self) -> datetime | None:
        """When the next promise that still holds is due."""
        return None if self.context is None else coaching.next_due_at(self.context)


def _slack_of(sandbox: Sandbox) -> SlackSettings:
    return SlackSettings(
        bot_token=sandbox.bot_token, app_token=sandbox.app_token, api_url=sandbox.api_url
    )


def _in_folder(settings: Settings, folder: Path) -> Settings:
    return replace(settings, database_url=f"sqlite:///{folder / 'coachbot.db'}")


async def until_told_to_stop() -> None:
    """Wait for SIGINT or SIGTERM."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows stops by KeyboardInterrupt
            loop.add_signal_handler(number, told.set)
    await told.wait()


def write_logs(settings: Settings) -> None:
    """Write one line per event to standard error."""
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    for noisy in ("apscheduler", "alembic", "httpx", "slack_sdk", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
