"""Keeping promises, a round at a time: claim, ask what to say, send, settle.

No transaction is open while a message is sent. A promise is settled by whoever holds its claim; a
sender whose lease may be over does not send. Any number of senders may share a store.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from weakref import WeakValueDictionary

from bot.coaching.ground.context import Context
from bot.coaching.ground.values import Announcement
from bot.correlation import correlated
from bot.delivery import log
from bot.delivery.deciding import Announce, Decision, decide
from bot.delivery.events import Looked, Retired, Tried, Unanswered
from bot.delivery.hop import Hop
from bot.delivery.last_moment import while_it_may_leave
from bot.delivery.ledger import Ledger
from bot.delivery.messenger import Messenger
from bot.delivery.outbox import Lapsed, Outbox
from bot.delivery.outcomes import Outcome, Scope, TryLater, Unsure, code_of
from bot.delivery.reconciliation import Reconciliation
from bot.delivery.settings import Settings
from bot.delivery.ticking import ticks
from storage.records import Delivery

Work = Callable[[], Awaitable[None]]
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Held:
    """A promise in hand with what to say, and the ticks of its lease's begin and of its turn."""

    delivery: Delivery
    announcement: Announcement
    taken_at: float
    said_at: float
    """Not later than it was put into words."""
    turn_at: float


class Turn:
    """What one person is sent, a message at a time, however many rounds there are at once."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.held_up_until: datetime | None = None
        """Behind a message that has to wait, all wait."""


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
        self._outbox = Outbox(context, settings, ticks)
        self._messenger = messenger
        self._announce = announce
        self._hop = hop
        self._settings = settings
        self._ticks = ticks
        self._reconciliation = Reconciliation(self._outbox, messenger, hop=hop, settings=settings)
        self._finishing = False
        self._clock = context.clock
        self._places = asyncio.Semaphore(settings.at_once)
        self._turns: WeakValueDictionary[str, Turn] = WeakValueDictionary()
        self._paused_until = 0.0
        self.next_in: timedelta | None = None
        """How long after the last look the next promise is due, or a lease ends."""
        self.refresh_in: timedelta | None = None
        """How long after the last look a message that was sent is to be shown anew."""
        self.last_look_at: datetime | None = None
        """When the outbox was last seen, by the system's clock; for health checks."""

    def finish(self) -> None:
        """Take nothing new in hand, and hand back what has not begun to leave."""
        self._finishing = True

    def go_without(self) -> None:
        """Take note that the database cannot be used now: a sign of life all the same."""
        self._settings.watch(Unanswered())

    async def deliver_due(self) -> int:
        """Keep every promise that is due now; answers how many were taken in hand."""
        handled = 0
        while not self._finishing:
            outlook = await self._hop(self._outbox.look)
            self.next_in, self.refresh_in = outlook.next_in, outlook.refresh_in
            self.last_look_at = datetime.now(UTC)
            self._settings.watch(Looked())
            taken = await self._take_over() if outlook.has_lapsed else 0
            if outlook.is_due:
                taken += await self._deliver_batch()
            if not taken:
                break
            handled += taken
        return handled

    async def _take_over(self) -> int:
        lapsed = await self._hop(self._outbox.take_over)
        decision = await decide(self._announce, self._hop, [each.delivery for each in lapsed])
        # What is untrue by now may have arrived when it was true, and must not stay as it was.
        before = await decide(self._outbox.words_of_then, self._hop, decision.stale)
        await self._retire(before.stale)
        words = decision.words | before.words
        await self._together(
            partial(
                self._settle,
                each,
                words[each.delivery.id],
                is_true=each.delivery.id in decision.words,
            )
            for each in lapsed
            if each.delivery.id in words
        )
        return len(lapsed)

    async def _settle(self, lapsed: Lapsed, announcement: Announcement, *, is_true: bool) -> None:
        try:
            await self._reconciliation.settle(lapsed, announcement, is_true=is_true)
        except Exception as error:
            log.write_trouble("ReconcileFailed", lapsed.delivery, error)

    async def _deliver_batch(self) -> int:
        # Read before the claim: the lease of the database begins later than this.
        taken_at = self._ticks()
        claimed = await self._hop(self._outbox.claim)
        said_at = self._ticks()
        decision = await self._decide(claimed)
        if decision.failed:
            await self._hop(self._outbox.postpone, claimed, decision.failed)
        lines: dict[str, list[Held]] = {}
        for each in await self._take_turns(claimed, decision.words, (taken_at, said_at)):
            lines.setdefault(each.delivery.person_id, []).append(each)
        await self._serve_all(lines.values())
        return len(claimed)

    async def _take_turns(
        self,
        claimed: Sequence[Delivery],
        words: Mapping[int, Announcement],
        began: tuple[float, float],
    ) -> list[Held]:
        """Take places in the pace for all that is to be said; what has none was handed back."""
        said = [each for each in claimed if each.id in words]
        now = self._ticks()
        taken_at, said_at = began
        spare = self._settings.longest_wait - timedelta(seconds=now - taken_at)
        try:
            turns = await self._hop(self._outbox.reserve, said, max(spare, NO_TIME)) if said else {}
        except Exception as error:
            log.write_trouble("ReserveFailed", said[0], error)
            reasons = dict.fromkeys((each.id for each in said), code_of(error))
            await self._hop(self._outbox.postpone, said, reasons)
            return []
        return [
            Held(each, words[each.id], taken_at, said_at, now + turns[each.id].total_seconds())
            for each in said
            if each.id in turns
        ]

    async def _decide(self, deliveries: Sequence[Delivery]) -> Decision:
        decision = await decide(self._announce, self._hop, deliveries)
        await self._retire(decision.stale)
        return decision

    async def _retire(self, stale: Sequence[Delivery]) -> None:
        if stale:
            await self._hop(self._outbox.retire, stale)
            log.write_retired(stale)
            self._settings.watch(Retired(len(stale), by_revision=False))

    async def _together(self, work: Iterable[Work]) -> None:
        places = asyncio.Semaphore(self._settings.at_once)

        async def take_place(each: Work) -> None:
            async with places:
                await each()

        async with asyncio.TaskGroup() as group:
            for each in work:
                group.create_task(take_place(each))

    async def _serve_all(self, lines: Iterable[Sequence[Held]]) -> None:
        """Send to everybody at once, and write down together what became of it."""
        ledger = Ledger(self._outbox, hop=self._hop, settings=self._settings)
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(ledger.keep())
            serving = [group.create_task(self._serve(each, ledger)) for each in lines]
            if serving:
                await asyncio.wait(serving)
            ledger.close()
            await keeping

    async def _serve(self, line: Sequence[Held], ledger: Ledger) -> None:
        """Send what one person is owed, in due order; behind one that waits, all wait."""
        person_id = line[0].delivery.person_id
        turn = self._turns.setdefault(person_id, Turn())
        async with turn.lock:
            for each in line:
                try:
                    with correlated(log.name_of(each.delivery)):
                        turn.held_up_until = await self._keep_in_turn(each, turn, ledger)
                except Exception as error:
                    # What is not settled is taken over when its lease ends.
                    log.write_trouble("SettleFailed", each.delivery, error)

    async def _keep_in_turn(self, held: Held, turn: Turn, ledger: Ledger) -> datetime | None:
        until = turn.held_up_until
        if until is not None and until >= self._clock():
            return await self._hop(self._outbox.release_after, held.delivery, until)
        return await self._keep(held, ledger)

    async def _keep(self, held: Held, ledger: Ledger) -> datetime | None:
        """Send one message in its turn; answers until when the person's next ones must wait."""
        await asyncio.sleep(max(held.turn_at - self._ticks(), 0.0))
        async with self._places:
            is_true = await self._is_still_true(held)
            wait = self._wait_before(held) if is_true else NO_TIME
            outcome = await self._send(held) if wait is None else None
        if outcome is None:
            return await self._hop(self._outbox.release, held.delivery, wait or NO_TIME)
        log.write_outcome(held.delivery, outcome)
        written = ledger.enter(Tried(held.delivery, outcome))
        return await written if isinstance(outcome, TryLater) else None

    async def _is_still_true(self, held: Held) -> bool:
        """Ask about what waited so long that its session may have changed in the meantime."""
        if self._ticks() - held.said_at <= self._settings.trusted_for.total_seconds():
            return True
        return await self._hop(self._outbox.still_holds, held.delivery)

    def _wait_before(self, held: Held) -> timedelta | None:
        """Tell how long a message has to wait though its turn has come; None: it may leave."""
        if self._finishing or self._age(held) > self._settings.latest_start:
            log.write_untried(held.delivery)
            return NO_TIME
        pause = timedelta(seconds=self._paused_until - self._ticks())
        return pause if pause > NO_TIME else None

    def _age(self, held: Held) -> timedelta:
        return timedelta(seconds=self._ticks() - held.taken_at)

    async def _send(self, held: Held) -> Outcome:
        try:
            async with asyncio.timeout(self._settings.send_timeout.total_seconds()):
                with while_it_may_leave(lambda: self._age(held) <= self._settings.latest_start):
                    outcome = await self._messenger.send(held.announcement)
        except Exception as error:
            log.write_trouble("SendFailed", held.delivery, error)
            return Unsure(code_of(error))
        if isinstance(outcome, TryLater) and outcome.scope is Scope.WORKSPACE:
            # What has its turn already must not go on in the meantime.
            self._paused_until = self._ticks() + outcome.after.total_seconds()
        return outcome
