"""The composition root: the only module that knows all the parts, and puts them together."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import coaching
from bot.clocks import Clocks
from bot.coaching import Clock, Context, system_clock
from bot.delivery.bell import Bell
from bot.delivery.events import together
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pacing import Pace
from bot.delivery.refreshing import Refresher
from bot.delivery.sender import Sender
from bot.delivery.settings import Settings as DeliverySettings
from bot.health import Health, counting_due
from bot.hop import Hop
from bot.logs import write_logs
from bot.metrics import Metrics
from bot.rest import RestSettings, build_rest
from bot.routine import clocks_compared, plans_followed, policies_followed, summaries_planned
from bot.serving import serving
from bot.settings import Settings
from bot.slack.front import Front, SlackSettings, build_front
from bot.slack.transport.doorway import Doorway
from bot.watchdog import Signs, watched
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
    signs: Signs
    clocks: Clocks
    metrics: Metrics


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
        coaching.reload_policies(context)
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
        signs = Signs()
        metrics = Metrics(clock=context.clock, heartbeat_age=lambda: signs.age)
        ways = replace(_delivery(settings, pace), watch=together(signs, metrics))
        sender, refresher = _speaking(context, front, hop, ways)
        every = timedelta(seconds=settings.heartbeat_seconds)
        try:
            heartbeat = Heartbeat(sender, bell, refresher=refresher, every=every)
            yield Bot(
                context=context,
                hop=hop,
                front=front,
                sender=sender,
                heartbeat=heartbeat,
                signs=signs,
                clocks=Clocks(),
                metrics=metrics,
            )
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
        async with (
            policies_followed(bot.context, bot.hop),
            plans_followed(bot.context, bot.hop),
            clocks_compared(bot.context, bot.hop, bot.clocks),
            summaries_planned(bot.context, bot.hop),
        ):
            yield bot
    finally:
        # Together, so that a stop takes no longer than the slower of the two.
        await asyncio.gather(bot.heartbeat.stop(), bot.front.connection.stop())


def _speaking(
    context: Context, front: Front, hop: Hop, ways: DeliverySettings
) -> tuple[Sender, Refresher]:
    """Give who sends what is due, and who keeps true what was sent."""
    announce = partial(coaching.announce, context)
    shown_anew = partial(coaching.shown_anew, context)
    return (
        Sender(context, front.messenger, announce=announce, hop=hop, settings=ways),
        Refresher(context, front.messenger, shown_anew=shown_anew, hop=hop, settings=ways),
    )


def _delivery(settings: Settings, pace: Pace | None) -> DeliverySettings:
    each_minute = settings.messages_per_minute
    between = timedelta(minutes=1) / each_minute if each_minute else timedelta(0)
    lease = timedelta(seconds=settings.lease_seconds)
    # However short the lease, a try that takes as long as it may still ends well inside it.
    longest_try = min(timedelta(seconds=10), lease / 6)
    return DeliverySettings(
        lease=lease,
        send_timeout=longest_try,
        margin=longest_try,
        pace=pace or Pace(per_workspace=between),
    )


def slack_settings(settings: Settings) -> SlackSettings:
    """Pick out of the settings how the workspace is reached."""
    return SlackSettings(
        bot_token=settings.slack_bot_token,
        app_token=settings.slack_app_token,
        signing_secret=settings.slack_signing_secret,
        by_http=settings.slack_mode == "http",
        api_url=settings.slack_api_url,
    )


async def run_bot(settings: Settings) -> None:
    """Connect to Slack and work until told to stop by SIGINT or SIGTERM."""
    write_logs(settings)
    async with built(settings, slack_settings(settings)) as bot:
        await bot.front.people.introduce_all()
        limit = timedelta(seconds=settings.dead_after_seconds)
        async with at_work(bot), _doors_open(bot, settings, limit):
            with watched(bot.signs, limit):
                log.info("event=Started")
                await until_told_to_stop()
                log.info("event=Stopping")


@asynccontextmanager
async def _doors_open(bot: Bot, settings: Settings, limit: timedelta) -> AsyncIterator[None]:
    """Serve health and figures, with the REST API and Slack's way in where they are served."""
    doorway = bot.front.connection
    health = Health(
        count_due=counting_due(bot.context, bot.hop),
        is_connected=doorway.is_connected,
        signs=bot.signs,
        clocks=bot.clocks,
        metrics=bot.metrics,
        limit=limit,
    )
    slack = [doorway.route] if isinstance(doorway, Doorway) else []
    async with contextlib.AsyncExitStack() as doors:
        if settings.api_port:
            served = api_served(bot.context, bot.hop, settings, beside=[*slack, *health.routes])
            log.info("event=ApiServed address=%s", await doors.enter_async_context(served))
        elif settings.health_port:
            alone = Starlette(routes=health.routes)
            served = serving(alone, host=settings.api_host, port=settings.health_port)
            log.info("event=HealthServed address=%s", await doors.enter_async_context(served))
        yield


@asynccontextmanager
async def api_served(
    context: Context, hop: Hop, settings: Settings, *, beside: Sequence[BaseRoute] = ()
) -> AsyncIterator[str]:
    """Serve the REST API, and what stands beside it; gives its address. Raises CannotListen."""
    rest = RestSettings(
        rate_per_minute=settings.api_requests_per_minute, public_url=settings.api_url or None
    )
    app = build_rest(context, hop, rest, beside=beside)
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
            async with (
                policies_followed(context, hop),
                api_served(context, hop, settings) as address,
            ):
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
