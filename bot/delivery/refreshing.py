"""Showing messages anew that were sent and no longer say what is true.

Each is composed from what is true when it is shown. What is due to be sent never waits for this:
few messages are shown anew at a time, at a pace of their own. Showing one twice is harmless, so
one of which nothing was heard is simply shown again.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.coaching.ground.context import Context
from bot.coaching.ground.values import Announcement
from bot.correlation import correlated
from bot.delivery import log
from bot.delivery.deciding import Announce, Decision, decide
from bot.delivery.events import Refreshed
from bot.delivery.hop import Hop
from bot.delivery.messenger import Messenger
from bot.delivery.outcomes import GiveUp, Outcome, Scope, Sent, TryLater, Unsure, code_of
from bot.delivery.settings import Settings
from storage.records import Delivery

UPDATES = "updates"
"""The pace that all who show messages anew share."""
AT_ONCE = timedelta(0)
LONGEST_NAP = timedelta(seconds=1)
"""So soon it is seen that the process is to stop."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The messages that were taken, and how long the pace lets nothing more through."""

    deliveries: list[Delivery]
    wait: timedelta


class Outdated:
    """The transactions of showing anew: each method opens one, and none stays open."""

    def __init__(self, context: Context, settings: Settings) -> None:
        self._context = context
        self._settings = settings

    def take(self) -> Taken:
        """Take what is to be shown anew, as much of it as the pace lets through now."""
        pace, most = self._settings.updates, self._settings.updates_at_once
        with self._context.begin() as tx:
            behind = tx.deliveries.waits([UPDATES])[UPDATES]
            places = pace.places_from(behind, AT_ONCE, most)
            if not places:
                return Taken([], behind - pace.tolerance)
            taken = tx.deliveries.claim_outdated(
                now=self._context.clock(), limit=places, lease=self._settings.lease
            )
            for _ in taken if pace.per_workspace else ():
                tx.deliveries.reserve(UPDATES, every=pace.per_workspace)
        return Taken(taken, AT_ONCE)

    def freshen(self, taken: Delivery, true_until: datetime | None = None) -> None:
        """Write that a message is true; what was outdated meanwhile is shown once more."""
        with self._context.begin() as tx:
            if not tx.deliveries.freshen(taken, true_until=true_until):
                # Somebody else may have shown what is newer before this one arrived.
                tx.deliveries.outdate_again(taken.id, at=self._context.clock())

    def drop(self, taken: Delivery) -> None:
        """Leave a message as it is."""
        with self._context.begin() as tx:
            tx.deliveries.freshen(taken)

    def put_off(self, taken: Delivery, delay: timedelta, scope: Scope) -> None:
        """Try again after a while; a wait that the network asked for holds for all."""
        with self._context.begin() as tx:
            if scope is not Scope.NONE:
                tx.deliveries.pause(UPDATES, delay + self._settings.updates.tolerance)
            tx.deliveries.put_off(taken, refresh_at=self._context.clock() + delay)


class Refresher:
    """Keeps the messages of a store true through a messenger."""

    def __init__(
        self,
        context: Context,
        messenger: Messenger,
        *,
        shown_anew: Announce,
        hop: Hop,
        settings: Settings,
    ) -> None:
        self._outdated = Outdated(context, settings)
        self._messenger = messenger
        self._shown_anew = shown_anew
        self._hop = hop
        self._settings = settings
        self._failures: dict[int, int] = {}
        self._finishing = False

    def finish(self) -> None:
        """Take nothing new in hand."""
        self._finishing = True

    async def refresh_all(self) -> bool:
        """Show anew everything that is to be, in its pace; answers whether there was anything."""
        found = False
        while (wait := await self.refresh_some()) is not None:
            found = True
            await asyncio.sleep(min(wait, LONGEST_NAP).total_seconds())
        return found

    async def refresh_some(self) -> timedelta | None:
        """Show a few messages anew; answers when to come again, None where all are true."""
        if self._finishing:
            return None
        taken = await self._hop(self._outdated.take)
        if not taken.deliveries:
            return taken.wait or None
        decision = await decide(self._shown_anew, self._hop, taken.deliveries)
        async with asyncio.TaskGroup() as group:
            for each in taken.deliveries:
                group.create_task(self._settle(each, decision))
        return AT_ONCE

    async def _settle(self, taken: Delivery, decision: Decision) -> None:
        with correlated(log.name_of(taken)):
            await self._keep_true(taken, decision)

    async def _keep_true(self, taken: Delivery, decision: Decision) -> None:
        words = decision.words.get(taken.id)
        try:
            if reason := decision.failed.get(taken.id):
                await self._record(taken, TryLater(AT_ONCE, reason))
            elif taken.channel and taken.message_ts:
                true_until = words.true_until if words else None
                await self._record(taken, await self._show(taken, words), true_until)
            else:
                await self._hop(self._outdated.drop, taken)
        except Exception as error:
            # It comes back when its lease is over.
            log.write_trouble("FreshenFailed", taken, error)

    async def _show(self, taken: Delivery, words: Announcement | None) -> Outcome:
        """Put the words in the place of the message; what its reader may not see is taken out."""
        channel, message_ts = taken.channel or "", taken.message_ts or ""
        try:
            async with asyncio.timeout(self._settings.send_timeout.total_seconds()):
                if words is None:
                    return await self._messenger.withdraw(channel, message_ts)
                return await self._messenger.update(words, channel, message_ts)
        except Exception as error:
            log.write_trouble("UpdateFailed", taken, error)
            return Unsure(code_of(error))

    async def _record(
        self, taken: Delivery, outcome: Outcome, true_until: datetime | None = None
    ) -> None:
        log.write_refreshed(taken, outcome)
        self._settings.watch(Refreshed(taken, outcome))
        match outcome:
            case Sent():
                self._failures.pop(taken.id, None)
                await self._hop(self._outdated.freshen, taken, true_until)
            case GiveUp():
                self._failures.pop(taken.id, None)
                await self._hop(self._outdated.drop, taken)
            case TryLater(after, _, scope):
                await self._put_off(taken, after, scope)
            case Unsure():
                await self._put_off(taken, AT_ONCE, Scope.NONE)
            case _:
                assert_never(outcome)

    async def _put_off(self, taken: Delivery, asked: timedelta, scope: Scope) -> None:
        failures = self._failures.get(taken.id, 0) + (scope is Scope.NONE)
        if failures >= self._settings.back_off.enough_attempts:
            self._failures.pop(taken.id, None)
            await self._hop(self._outdated.drop, taken)
            return
        self._failures[taken.id] = failures
        delay = self._settings.back_off.delay(max(failures, 1), asked=asked)
        await self._hop(self._outdated.put_off, taken, delay, scope)
