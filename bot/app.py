"""The composition root: the only module that knows all the parts, and puts them together."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot import coaching
from bot.coaching import Clock, Context, system_clock
from bot.delivery.bell import Bell
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pacing import Pace
from bot.delivery.sender import Sender
from bot.delivery.settings import Settings as DeliverySettings
from bot.hop import Hop
from bot.rest import RestSettings, build_rest
from bot.serving import serving
from bot.settings import Settings
from bot.slack.front import Front, SlackSettings, build_front
from storage import migrations
from storage.engine import Database, connect
from storage.errors import StorageError
from storage.transaction import Store

log = logging.getLogger("bot")


class Unreachable(Exception):
    """The database does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Coachbot at work: what listens, what speaks, and what they share."""

    context: Context
    hop: Hop
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
            yield Bot(context=context, hop=hop, front=front, sender=sender, heartbeat=heartbeat)
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
        async with at_work(bot), _api_beside(bot, settings):
            log.info("event=Started")
            await until_told_to_stop()
            log.info("event=Stopping")


@asynccontextmanager
async def _api_beside(bot: Bot, settings: Settings) -> AsyncIterator[None]:
    if not settings.api_port:
        yield
        return
    async with api_served(bot.context, bot.hop, settings) as address:
        log.info("event=ApiServed address=%s", address)
        yield


@asynccontextmanager
async def api_served(context: Context, hop: Hop, settings: Settings) -> AsyncIterator[str]:
    """Serve the REST API until the end of the block; gives its address. Raises CannotListen."""
    rest = RestSettings(
        rate_per_minute=settings.api_requests_per_minute, public_url=settings.api_url or None
    )
    app = build_rest(context, hop, rest)
    async with serving(app, host=settings.api_host, port=settings.api_port) as address:
        yield address


async def run_api(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Serve the REST API alone, without Slack, until told to stop.

    What it promises is kept by whichever `coachbot run` shares its database.
    """
    write_logs(settings)
    hop = Hop(threads=settings.threads)
    try:
        with opened_context(settings) as context:
            async with api_served(context, hop, settings) as address:
                say(f"Coachbot’s REST API: {address}  (to read it: {address}/docs)")
                await until_told_to_stop()
    finally:
        hop.close()


async def until_told_to_stop() -> None:
    """Wait for SIGINT or SIGTERM."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows stops by KeyboardInterrupt
            loop.add_signal_handler(number, told.set)
    await told.wait()


def write_logs(settings: Settings, *, level: str | None = None) -> None:
    """Write one line per event to standard error."""
    logging.basicConfig(
        level=level or settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    for noisy in ("apscheduler", "alembic", "httpx", "slack_sdk", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
