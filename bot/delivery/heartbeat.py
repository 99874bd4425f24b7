"""When the sender looks for work: at every tick, at the next due moment, and when it is woken.

The scheduler only ticks; no promise is ever stored in it. One round runs at a time, and what wakes
the sender during a round is followed by another one.
"""

import asyncio
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.coaching.errors import CoachingError
from bot.delivery import log
from bot.delivery.bell import Bell
from bot.delivery.sender import Sender

LONGEST_NAP = timedelta(hours=1)


class Heartbeat:
    """Keeps a sender at work in the running event loop."""

    def __init__(
        self,
        sender: Sender,
        bell: Bell,
        *,
        every: timedelta = timedelta(seconds=1),
        patience: timedelta = timedelta(seconds=15),
    ) -> None:
        self._sender = sender
        self._bell = bell
        self._every = every
        self._patience = patience
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._beating: asyncio.Task[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._stopping = False

    @property
    def last_beat_at(self) -> datetime | None:
        """When the outbox was last seen, by the system's clock; a sender at work keeps it fresh."""
        return self._sender.last_look_at

    async def start(self) -> None:
        """Begin with a round at once."""
        self._bell.attach()
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=self._every.total_seconds(),
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
        self._sender.finish()
        self._bell.ring()
        self._scheduler.shutdown(wait=False)
        await asyncio.wait([self._beating], timeout=self._patience.total_seconds())
        self._beating.cancel()
        await asyncio.wait([self._beating])
        self._silence()
        self._bell.detach()

    async def _tick(self) -> None:
        self._bell.ring()

    async def _beat(self) -> None:
        while not self._stopping:
            self._bell.hush()
            self._silence()
            await self._round()
            await self._bell.heard()

    async def _round(self) -> None:
        try:
            await self._sender.deliver_due()
        except CoachingError as error:
            log.logger.warning("event=RoundFailed error=%s", error.code)
        except Exception as error:
            log.logger.error("event=RoundFailed error=%s", log.describe(error))
        else:
            self._set_alarm(self._sender.next_in)

    def _set_alarm(self, next_in: timedelta | None) -> None:
        # Nothing to set when something is due already and had to wait: the next tick tries again.
        if next_in is not None and next_in > timedelta(0):
            nap = min(next_in, LONGEST_NAP).total_seconds()
            self._alarm = asyncio.get_running_loop().call_later(nap, self._bell.ring)

    def _silence(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
