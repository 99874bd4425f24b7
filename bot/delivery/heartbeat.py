"""When the sender looks for work: at every tick, at the next due moment, and when it is woken.

The scheduler only ticks; no promise is ever stored in it. What wakes the sender while a round waits
for its messages to leave begins another round beside it, so that nothing that is due waits for an
answer to somebody else's message. Messages that were sent are shown anew beside the rounds.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.coaching.ground.errors import CoachingError, Unavailable
from bot.delivery import log
from bot.delivery.backoff import BackOff
from bot.delivery.bell import Bell
from bot.delivery.refreshing import Refresher
from bot.delivery.sender import Sender

LONGEST_NAP = timedelta(hours=1)
TICKS_MISSED: Final = 3
"""So many missing ticks are no delay, but a clock that was set back."""
ROUNDS = 4
"""So many rounds may be at work at once; each has promises of its own in hand."""
AFTER_FAILURES: Final = BackOff(longest=timedelta(seconds=5))
"""How long is waited for the next round after so many that failed, whoever rings."""


class FromNow(BaseTrigger):  # type: ignore[misc]
    """Fires so long after each time that it is asked, however the clock was set in between."""

    def __init__(self, every: timedelta) -> None:
        self._every = every

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Tell when it fires next."""
        return now + self._every


class Heartbeat:
    """Keeps a sender at work in the running event loop."""

    def __init__(
        self,
        sender: Sender,
        bell: Bell,
        *,
        refresher: Refresher | None = None,
        every: timedelta = timedelta(seconds=1),
        patience: timedelta = timedelta(seconds=12),
        scheduler: AsyncIOScheduler | None = None,
    ) -> None:
        self._sender = sender
        self._bell = bell
        self._refresher = refresher
        self._refreshing: asyncio.Task[None] | None = None
        self._rounds: set[asyncio.Task[None]] = set()
        self._every = every
        self._patience = patience
        self._scheduler = scheduler or AsyncIOScheduler(timezone="UTC")
        self._ticking: Job | None = None
        self._beating: asyncio.Task[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._stopping = False
        self._stopped = asyncio.Event()
        self._failures = 0
        self._held_until = 0.0
        self._is_without = False
        """Whether the last round failed because the database cannot be used."""

    @property
    def last_beat_at(self) -> datetime | None:
        """When the outbox was last seen, by the system's clock; a sender at work keeps it fresh."""
        return self._sender.last_look_at

    async def start(self) -> None:
        """Begin with a round at once."""
        self._bell.attach()
        self._ticking = self._scheduler.add_job(
            self._tick,
            FromNow(self._every),
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
        self._scheduler.start()
        self._beating = asyncio.create_task(self._beat(), name="heartbeat")

    def wake(self) -> None:
        """Ask for a round now: something is due, or the clock was moved. From any thread."""
        self._bell.ring()

    async def stop(self) -> None:
        """Claim nothing more, wait for the messages that are leaving, and settle them.

        What has not come back when the patience is over is left to whoever takes it over.
        """
        if self._beating is None or self._stopping:
            return
        self._stopping = True
        self._stopped.set()
        self._sender.finish()
        if self._refresher is not None:
            self._refresher.finish()
        self._bell.ring()
        self._scheduler.shutdown(wait=False)
        beside = [each for each in (self._refreshing,) if each is not None]
        in_hand = [self._beating, *self._rounds, *beside]
        await asyncio.wait(in_hand, timeout=self._patience.total_seconds())
        for each in in_hand:
            each.cancel()
        await asyncio.wait(in_hand)
        self._silence()
        self._bell.detach()

    async def _tick(self) -> None:
        self._bell.ring()

    async def _beat(self) -> None:
        while not self._stopping:
            if await self._is_held_off():
                continue
            self._bell.hush()
            self._silence()
            self._rounds.add(asyncio.create_task(self._round(), name="round"))
            while len(self._rounds) >= ROUNDS:
                await asyncio.wait(self._rounds, return_when=asyncio.FIRST_COMPLETED)
                self._forget_finished()
            await self._hear()
            self._forget_finished()

    async def _hear(self) -> None:
        """Wait for the bell; where no tick rings it in time, the clock was set back."""
        limit = TICKS_MISSED * self._every.total_seconds()
        try:
            async with asyncio.timeout(limit):
                await self._bell.heard()
        except TimeoutError:
            # The scheduler goes by the system's clock, and would wait until that is as far again.
            if self._ticking is not None and not self._stopping:
                self._ticking.reschedule(FromNow(self._every))

    async def _is_held_off(self) -> bool:
        """Wait a little where rounds failed; answers no when a round may begin."""
        wait = self._held_until - self._now()
        if wait <= 0:
            return False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), min(wait, self._every.total_seconds()))
        if self._is_without:
            self._sender.go_without()
        return True

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _forget_finished(self) -> None:
        self._rounds = {each for each in self._rounds if not each.done()}

    async def _round(self) -> None:
        try:
            await self._sender.deliver_due()
        except CoachingError as error:
            log.write_failure("RoundFailed", error)
            self._fail(error)
        except Exception as error:
            log.logger.error("RoundFailed", exc_info=error)
            self._fail(error)
        else:
            self._failures = 0
            self._set_alarm([self._sender.next_in, self._sender.refresh_in])
            self._refresh_beside()

    def _fail(self, error: Exception) -> None:
        self._failures += 1
        self._held_until = self._now() + AFTER_FAILURES.delay(self._failures).total_seconds()
        self._is_without = isinstance(error, Unavailable) and error.reason is not None
        if self._is_without:
            self._sender.go_without()

    def _refresh_beside(self) -> None:
        refresh_in = self._sender.refresh_in
        is_outdated = refresh_in is not None and refresh_in <= timedelta(0)
        is_at_it = self._refreshing is not None and not self._refreshing.done()
        if self._refresher is not None and is_outdated and not is_at_it and not self._stopping:
            work = self._refresh(self._refresher)
            self._refreshing = asyncio.create_task(work, name="refresher")

    async def _refresh(self, refresher: Refresher) -> None:
        try:
            if await refresher.refresh_all():
                self._bell.ring()
        except CoachingError as error:
            log.write_failure("RefreshFailed", error)
        except Exception as error:
            log.logger.error("RefreshFailed", exc_info=error)

    def _set_alarm(self, spans: Sequence[timedelta | None]) -> None:
        # Nothing to set when something is due already and had to wait: the next tick tries again.
        ahead = [span for span in spans if span is not None and span > timedelta(0)]
        self._silence()
        if ahead and not self._stopping:
            nap = min(*ahead, LONGEST_NAP).total_seconds()
            self._alarm = asyncio.get_running_loop().call_later(nap, self._bell.ring)

    def _silence(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
