"""Keeping promises, a round at a time: claim, ask what to say, send, settle.

No transaction is open while a message is sent. A promise is settled by whoever holds its claim; a
sender whose lease may be over does not send. Any number of senders may share a store.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.coaching.context import Context
from bot.coaching.values import Announcement
from bot.delivery import log
from bot.delivery.deciding import Announce, Decision, decide
from bot.delivery.hop import Hop
from bot.delivery.messenger import Messenger
from bot.delivery.outbox import Lapsed, Outbox
from bot.delivery.outcomes import Outcome, Unsure
from bot.delivery.reconciliation import Reconciliation
from bot.delivery.settings import Settings
from storage.records import Delivery

Work = Callable[[], Awaitable[None]]
UNSPOKEN = "could not be put into words"


def ticks() -> float:
    """Count seconds that also pass while the machine sleeps, as the database's clock does."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@dataclass(frozen=True, slots=True)
class Held:
    """A promise in hand with what to say, and the tick at which its lease began."""

    delivery: Delivery
    announcement: Announcement
    taken_at: float


class Sender:
    """Keeps the promises of a store through a messenger."""

    def __init__(
        self,
        context: Context,
        messenger: Messenger,
        *,
        announce: Announce,
        hop: Hop,
        settings: Settings,
        ticks: Callable[[], float] = ticks,
    ) -> None:
        self._outbox = Outbox(context, settings)
        self._messenger = messenger
        self._announce = announce
        self._hop = hop
        self._settings = settings
        self._ticks = ticks
        self._reconciliation = Reconciliation(self._outbox, messenger, hop=hop, settings=settings)
        self._finishing = False
        self.next_in: timedelta | None = None
        """How long after the last look the next promise is due, or a lease ends."""
        self.last_look_at: datetime | None = None
        """When the outbox was last seen, by the system's clock; for health checks."""

    def finish(self) -> None:
        """Take nothing new in hand, and hand back what has not begun to leave."""
        self._finishing = True

    async def deliver_due(self) -> int:
        """Keep every promise that is due now; answers how many were taken in hand."""
        handled = 0
        while not self._finishing:
            outlook = await self._hop(self._outbox.look)
            self.next_in, self.last_look_at = outlook.next_in, datetime.now(UTC)
            taken = await self._take_over() if outlook.has_lapsed else 0
            if outlook.is_due:
                taken += await self._deliver_batch()
            if not taken:
                break
            handled += taken
        return handled

    async def _take_over(self) -> int:
        lapsed = await self._hop(self._outbox.take_over)
        decision = await self._decide([each.delivery for each in lapsed])
        await self._together(
            partial(self._settle, each, decision.words[each.delivery.id])
            for each in lapsed
            if each.delivery.id in decision.words
        )
        return len(lapsed)

    async def _settle(self, lapsed: Lapsed, announcement: Announcement) -> None:
        try:
            await self._reconciliation.settle(lapsed, announcement)
        except Exception as error:
            log.write_trouble("ReconcileFailed", lapsed.delivery, error)

    async def _deliver_batch(self) -> int:
        # Read before the claim: the lease of the database begins later than this.
        taken_at = self._ticks()
        claimed = await self._hop(self._outbox.claim)
        decision = await self._decide(claimed)
        if decision.failed:
            await self._hop(self._outbox.postpone, decision.failed, UNSPOKEN)
        lines: dict[str, list[Held]] = {}
        for each in claimed:
            if words := decision.words.get(each.id):
                lines.setdefault(each.person_id, []).append(Held(each, words, taken_at))
        await self._together(partial(self._serve, line) for line in lines.values())
        return len(claimed)

    async def _decide(self, deliveries: Sequence[Delivery]) -> Decision:
        decision = await decide(self._announce, self._hop, deliveries)
        if decision.stale:
            await self._hop(self._outbox.retire, decision.stale)
            log.write_retired(decision.stale)
        return decision

    async def _together(self, work: Iterable[Work]) -> None:
        places = asyncio.Semaphore(self._settings.at_once)

        async def take_place(each: Work) -> None:
            async with places:
                await each()

        async with asyncio.TaskGroup() as group:
            for each in work:
                group.create_task(take_place(each))

    async def _serve(self, line: Sequence[Held]) -> None:
        """Send what one person is owed, in due order; behind one that waits, all wait."""
        held_up_until: datetime | None = None
        for each in line:
            try:
                if held_up_until is None:
                    held_up_until = await self._keep(each)
                else:
                    held_up_until = await self._hop(
                        self._outbox.release_after, each.delivery, held_up_until
                    )
            except Exception as error:
                # What is not settled is taken over when its lease ends.
                log.write_trouble("SettleFailed", each.delivery, error)

    async def _keep(self, held: Held) -> datetime | None:
        """Send one message in its turn; answers until when the person's next ones must wait."""
        spare = max(self._settings.longest_wait - self._age(held), timedelta(0))
        try:
            wait = await self._hop(self._outbox.reserve, held.delivery, spare)
        except Exception as error:
            log.write_trouble("ReserveFailed", held.delivery, error)
            await self._hop(self._outbox.postpone, [held.delivery], type(error).__name__)
            return None
        if wait > spare:
            return await self._hop(self._outbox.release, held.delivery, wait)
        await asyncio.sleep(wait.total_seconds())
        if self._finishing or self._age(held) > self._settings.latest_start:
            log.write_untried(held.delivery)
            return await self._hop(self._outbox.release, held.delivery, timedelta(0))
        outcome = await self._send(held)
        log.write_outcome(held.delivery, outcome)
        return await self._hop(self._outbox.record, held.delivery, outcome)

    def _age(self, held: Held) -> timedelta:
        return timedelta(seconds=self._ticks() - held.taken_at)

    async def _send(self, held: Held) -> Outcome:
        try:
            async with asyncio.timeout(self._settings.send_timeout.total_seconds()):
                return await self._messenger.send(held.announcement)
        except Exception as error:
            log.write_trouble("SendFailed", held.delivery, error)
            return Unsure(type(error).__name__)
