"""The sender looks at the right moments, and rests at no cost in between."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.coaching.ground.errors import Unavailable
from bot.delivery.bell import Bell
from bot.delivery.heartbeat import Heartbeat
from storage.types import DeliveryState
from tests.clocks import RunningClock
from tests.delivery.pretend import Fate, Line, Office, R, Ts, in_a_thread, statements

RARELY = timedelta(hours=1)
SOON = 10.0


@asynccontextmanager
async def beating(
    office: Office,
    line: Line,
    *,
    every: timedelta = RARELY,
    patience: timedelta = timedelta(seconds=5),
) -> AsyncIterator[Heartbeat]:
    sender = office.sender(line, hop=in_a_thread)
    heartbeat = Heartbeat(sender, Bell(), every=every, patience=patience)
    await heartbeat.start()
    try:
        await until(lambda: heartbeat.last_beat_at is not None)
        yield heartbeat
    finally:
        await heartbeat.stop()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not holds():  # noqa: ASYNC110 -- what holds is asked of a database
            await asyncio.sleep(0.005)


async def test_the_first_round_is_at_the_start(office: Office) -> None:
    owed = office.promise(office.schedule())
    async with beating(office, Line(office.network)):
        await until(lambda: office.row(owed).state is DeliveryState.SENT)


async def test_a_writer_in_a_thread_wakes_the_sender(office: Office) -> None:
    async with beating(office, Line(office.network)) as heartbeat:
        made: list[int] = []

        def write() -> None:
            made.append(office.promise(office.schedule()))
            heartbeat.wake()

        threading.Thread(target=write).start()
        await until(lambda: bool(made) and office.row(made[0]).state is DeliveryState.SENT)


async def test_the_next_due_moment_wakes_the_sender(office: Office) -> None:
    office.clock = RunningClock(office.clock())
    owed = office.promise(office.schedule(), after=timedelta(milliseconds=300))
    async with beating(office, Line(office.network)):
        assert not office.network.posts
        await until(lambda: office.row(owed).state is DeliveryState.SENT)
    assert office.clock() >= office.row(owed).due_at


async def test_a_clock_that_jumps_only_has_to_say_so(office: Office) -> None:
    owed = office.promise(office.schedule(), after=timedelta(days=3))
    async with beating(office, Line(office.network)) as heartbeat:
        office.clock.advance(timedelta(days=4))
        heartbeat.wake()
        await until(lambda: office.row(owed).state is DeliveryState.SENT)


async def test_ticks_find_what_nobody_announced(office: Office) -> None:
    async with beating(office, Line(office.network), every=timedelta(milliseconds=50)):
        owed = office.promise(office.schedule())
        await until(lambda: office.row(owed).state is DeliveryState.SENT)


async def test_a_lease_that_ends_wakes_the_sender(office: Office) -> None:
    owed = office.promise(office.schedule())
    with office.store.begin() as tx:
        tx.deliveries.claim(
            now=office.clock(), limit=1, lease=timedelta(milliseconds=300), claim="lost"
        )
    async with beating(office, Line(office.network)):
        await until(lambda: office.row(owed).state is DeliveryState.SENT)


async def test_a_wake_during_a_round_is_followed_by_another(office: Office) -> None:
    first = office.promise(office.schedule())
    line = Line(office.network, [Fate.HANGS_AFTER])
    async with beating(office, line) as heartbeat:
        await line.stuck.wait()
        second = office.promise(office.schedule())
        heartbeat.wake()
        line.freed.set()
        await until(lambda: office.row(second).state is DeliveryState.SENT)
        assert office.row(first).state is DeliveryState.SENT


@pytest.mark.parametrize("error", [Unavailable(), ZeroDivisionError()])
async def test_a_round_that_fails_is_not_the_last(
    office: Office, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    troubles = [error, error]

    async def failing(function: Callable[[*Ts], R], /, *args: *Ts) -> R:
        if troubles:
            raise troubles.pop()
        return await in_a_thread(function, *args)

    owed = office.promise(office.schedule())
    sender = office.sender(Line(office.network), hop=failing)
    heartbeat = Heartbeat(sender, Bell(), every=timedelta(milliseconds=50))
    await heartbeat.start()
    await until(lambda: office.row(owed).state is DeliveryState.SENT)
    await heartbeat.stop()
    assert caplog.text.count("event=RoundFailed") == 2
    assert heartbeat.last_beat_at is not None


async def test_stopping_waits_for_what_is_leaving(office: Office) -> None:
    owed = office.promise(office.schedule())
    line = Line(office.network, [Fate.HANGS_AFTER])
    async with beating(office, line) as heartbeat:
        await line.stuck.wait()
        late = office.promise(office.schedule())
        stopping = asyncio.create_task(heartbeat.stop())
        await asyncio.sleep(0.05)
        assert not stopping.done()
        line.freed.set()
        await stopping
        assert office.row(owed).state is DeliveryState.SENT
        assert office.row(late).state is DeliveryState.PENDING
        heartbeat.wake()


async def test_stopping_does_not_wait_for_ever(office: Office) -> None:
    owed = office.promise(office.schedule())
    line = Line(office.network, [Fate.HANGS_AFTER])
    async with beating(office, line, patience=timedelta(milliseconds=50)):
        await line.stuck.wait()
    assert office.row(owed).state is DeliveryState.SENDING


async def test_a_round_with_nothing_due_is_one_read(office: Office) -> None:
    session = office.schedule()
    for _ in range(3):
        office.promise(session, after=RARELY)
    sender = office.sender(Line(office.network))
    await sender.deliver_due()
    with statements(office.store) as heard:
        assert await sender.deliver_due() == 0
    asked = [each for each, _ in heard if not each.startswith("BEGIN DEFERRED")]
    assert len(asked) == 1
    assert asked[0].startswith("SELECT")
    assert sender.next_in == RARELY


async def test_a_clock_that_was_set_back_stops_no_tick(office: Office) -> None:
    """The scheduler goes by the clock: an hour back, and its next tick is an hour away."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    sender = office.sender(Line(office.network), hop=in_a_thread)
    every = timedelta(milliseconds=50)
    heartbeat = Heartbeat(sender, Bell(), every=every, scheduler=scheduler)
    await heartbeat.start()
    try:
        await until(lambda: heartbeat.last_beat_at is not None)
        [tick] = scheduler.get_jobs()
        tick.modify(next_run_time=tick.next_run_time + RARELY)
        ahead = tick.next_run_time
        await until(lambda: scheduler.get_jobs()[0].next_run_time < ahead - RARELY / 2)
        owed = office.promise(office.schedule())
        await until(lambda: office.row(owed).state is DeliveryState.SENT)
    finally:
        await heartbeat.stop()
