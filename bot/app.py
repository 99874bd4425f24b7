"""The composition root: the only module that knows all the parts, and puts them together."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import coaching
from bot.clocks import Clocks
from bot.coaching import Clock, Context, system_clock
from bot.database import log_place, opened_context
from bot.delivery.bell import Bell
from bot.delivery.events import together
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pacing import Pace
from bot.delivery.refreshing import Refresher
from bot.delivery.sender import Sender
from bot.delivery.settings import Settings as DeliverySettings
from bot.health import Health, counting_due
from bot.hop import Hop
from bot.logger import get_logger
from bot.logs import write_logs
from bot.metrics import Metrics
from bot.rest import RestSettings, build_rest
from bot.routine import (
    clocks_compared,
    old_rows_removed,
    people_synced,
    plans_followed,
    policies_followed,
    summaries_planned,
    time_asked,
)
from bot.serving import Serving, serving
from bot.settings import Settings
from bot.slack.front import Front, SlackSettings, build_front
from bot.slack.transport.connection import Connection
from bot.slack.transport.doorway import Doorway
from bot.slack.transport.times import Times
from bot.slack.turns.syncing import PeopleSync
from bot.steady_clock import SteadyClock
from bot.version import version
from bot.watchdog import Signs, watched

log = get_logger("bot")


DEAF: Final = 75
"""What the process ends with when nothing brings Slack back: a temporary failure, as sysexits.h has
it."""


class Refused(coaching.CoachingError):
    """Slack refuses the installation; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Bot:
    """Coachbot at work: what listens, what speaks, and what they share."""

    context: Context
    hop: Hop
    front: Front
    sender: Sender
    heartbeat: Heartbeat
    signs: Signs
    clocks: Clocks
    steady: SteadyClock | None
    """The time of this process, where nobody gave it another clock."""
    metrics: Metrics


@asynccontextmanager
async def built(
    settings: Settings,
    slack: SlackSettings,
    *,
    clock: Clock = system_clock,
    pace: Pace | None = None,
    is_new: bool = False,
) -> AsyncIterator[Bot]:
    """Put a bot together that does nothing yet, and take it apart at the end.

    `is_new`: its database was made for it, and knows of everything that was sent.
    """
    bell = Bell()
    hop = Hop(threads=settings.threads)
    # A clock that somebody gives is theirs to set.
    steady = SteadyClock(clock) if clock is Context.clock else None
    if steady is not None:
        slack = replace(slack, dated=steady.see_slack)
    with _opened(settings, steady or clock, bell) as context:
        signs = Signs()
        metrics = Metrics(clock=context.clock, heartbeat_age=lambda: signs.age)
        front = build_front(context, hop, slack, refused=metrics.count_refused)
        ways = replace(
            _delivery(settings, pace),
            watch=together(signs, metrics),
            # A server tells of itself what a file does not.
            doubts_start=context.store.database.is_sqlite and not is_new,
        )
        sender, refresher = _speaking(context, front, hop, ways)
        every = timedelta(seconds=settings.heartbeat_seconds)
        try:
            heartbeat = Heartbeat(sender, bell, refresher=refresher, every=every)
            clocks = Clocks(context.is_sure)
            yield Bot(context, hop, front, sender, heartbeat, signs, clocks, steady, metrics)
        finally:
            await hop.drain()
            hop.close()


def _opened(settings: Settings, clock: Clock, bell: Bell) -> AbstractContextManager[Context]:
    return opened_context(
        settings,
        clock=clock,
        is_sure=lambda: not isinstance(clock, SteadyClock) or clock.is_sure,
        wake=bell.ring,
        may_upgrade=True,
        say=log_place,
    )


@asynccontextmanager
async def at_work(bot: Bot) -> AsyncIterator[Bot]:
    """Listen and send, until the end of the block; what is in hand then is finished."""
    await bot.heartbeat.start()
    await bot.front.connection.start()
    try:
        # What was made to start will live as long as the process: the collector may skip it.
        gc.collect()
        gc.freeze()
        async with (
            policies_followed(bot.context, bot.hop),
            plans_followed(bot.context, bot.hop),
            clocks_compared(bot.context, bot.hop, bot.clocks),
            summaries_planned(bot.context, bot.hop),
            _time_asked(bot),
        ):
            yield bot
    finally:
        # Together, so that a stop takes no longer than the slower of the two.
        await asyncio.gather(bot.heartbeat.stop(), bot.front.connection.stop())


def _time_asked(bot: Bot) -> AbstractAsyncContextManager[None]:
    if bot.steady is None:
        return contextlib.nullcontext()
    return time_asked(bot.context, bot.hop, bot.steady, bot.front.ask)


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
    ways = DeliverySettings(
        lease=lease,
        send_timeout=longest_try,
        margin=longest_try,
        pace=pace or Pace(per_workspace=between),
    )
    return replace(ways, updates=pace) if pace else ways


def slack_settings(settings: Settings) -> SlackSettings:
    """Pick out of the settings how the workspace is reached."""
    return SlackSettings(
        bot_token=settings.slack_bot_token,
        app_token=settings.slack_app_token,
        signing_secret=settings.slack_signing_secret,
        by_http=settings.slack_mode == "http",
        api_url=settings.slack_api_url,
        times=Times(deaf_after=timedelta(seconds=settings.deaf_after_seconds)),
    )


async def run_bot(settings: Settings) -> int:
    """Serve, connect to Slack and work until told to stop; answers the exit code.

    Nothing that is served waits for Slack. Raises CannotListen, Refused where Slack refuses the
    installation and nothing else is served.
    """
    write_logs(settings)
    told = told_to_stop()
    limit = timedelta(seconds=settings.dead_after_seconds)
    async with (
        built(settings, slack_settings(settings)) as bot,
        _doors_open(bot, settings, limit) as served,
        at_work(bot),
        people_synced(
            _people_sync(bot),
            bot.front.connection.wait_connected,
            every=timedelta(hours=settings.people_sync_hours),
        ),
        old_rows_removed(bot.context, bot.hop, settings.retention, told=bot.metrics.count_removed),
    ):
        with watched(bot.signs, limit):
            addresses = ",".join(served) or "none"
            mode = settings.slack_mode
            log.info("Started", version=version(), mode=mode, served=addresses)
            code = await _until_over(told, bot.front.connection, is_alone=not served)
            log.info("Stopping")
    return code


def _people_sync(bot: Bot) -> PeopleSync:
    """Give who reads everybody in the workspace, and tells the figures of it."""
    told = bot.metrics.count_people_page
    return PeopleSync(bot.context, bot.hop, bot.front.people, told=told)


async def _until_over(
    told: asyncio.Event, connection: Connection | Doorway, *, is_alone: bool
) -> int:
    """Wait until told to stop, or until nothing more can come of it; answers the exit code."""
    awaited = [told, connection.given_up, *([connection.telling.refused] if is_alone else [])]
    waiting = [asyncio.create_task(each.wait()) for each in awaited]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()
    if told.is_set():
        return 0
    if connection.given_up.is_set():
        return DEAF
    problem = connection.telling.problem
    raise Refused(problem.message if problem else "Slack refuses this installation.")


@asynccontextmanager
async def _doors_open(bot: Bot, settings: Settings, limit: timedelta) -> AsyncIterator[list[str]]:
    """Serve health and figures, with the REST API and Slack's way in where they are served.

    Gives the addresses. Raises CannotListen.
    """
    connection = bot.front.connection
    health = Health(
        count_due=counting_due(bot.context, bot.hop),
        slack=lambda: connection.status,
        signs=bot.signs,
        clocks=bot.clocks,
        metrics=bot.metrics,
        limit=limit,
    )
    slack = [connection.route] if isinstance(connection, Doorway) else []
    async with contextlib.AsyncExitStack() as doors:
        if settings.api_port:
            served = api_served(
                bot.context,
                bot.hop,
                settings,
                beside=[*slack, *health.routes],
                refused=bot.metrics.count_connection,
            )
            yield [await doors.enter_async_context(served)]
        elif settings.health_port:
            alone = Starlette(routes=health.routes)
            ways = Serving(refused=bot.metrics.count_connection)
            served = serving(alone, host=settings.api_host, port=settings.health_port, ways=ways)
            yield [await doors.enter_async_context(served)]
        else:
            yield []


@asynccontextmanager
async def api_served(
    context: Context,
    hop: Hop,
    settings: Settings,
    *,
    beside: Sequence[BaseRoute],
    refused: Callable[[str], None],
) -> AsyncIterator[str]:
    """Serve the REST API, and what stands beside it; gives its address. Raises CannotListen.

    `refused` hears of connections that are refused.
    """
    rest = RestSettings(
        rate_per_minute=settings.api_requests_per_minute, public_url=settings.api_url or None
    )
    app = build_rest(context, hop, rest, beside=beside)
    ways = Serving(trusted_proxies=settings.trusted_proxies, refused=refused)
    async with serving(app, host=settings.api_host, port=settings.api_port, ways=ways) as address:
        yield address


async def run_api(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Serve the REST API, health and figures, without Slack, until told to stop.

    What it promises is kept by whichever `coachbot run` shares its database. Raises CannotListen.
    """
    write_logs(settings)
    told = told_to_stop()
    hop = Hop(threads=settings.threads)
    try:
        with opened_context(settings, say=log_place) as context:
            clocks = Clocks()
            metrics = Metrics(clock=context.clock)
            health = Health(count_due=counting_due(context, hop), clocks=clocks, metrics=metrics)
            refused = metrics.count_connection
            async with (
                policies_followed(context, hop),
                clocks_compared(context, hop, clocks),
                api_served(
                    context, hop, settings, beside=health.routes, refused=refused
                ) as address,
            ):
                say(f"Coachbot’s REST API: {address}  (to read it: {address}/docs)")
                log.info("Started", version=version(), mode="api", served=address)
                await told.wait()
    finally:
        hop.close()


async def until_told_to_stop() -> None:
    """Wait for SIGINT or SIGTERM."""
    await told_to_stop().wait()


def told_to_stop() -> asyncio.Event:
    """Listen for SIGINT and SIGTERM from now on; the event is set by the first of them."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows stops by KeyboardInterrupt
            loop.add_signal_handler(number, told.set)
    return told
