"""Finding out about messages whose sender was lost before it could write how its try ended.

The person's message history decides: found is sent; missing goes back to be sent in its order.
A history that cannot be read is tried again for a bounded time; after that the message is sent
once more, the one case in which somebody may read a message twice. To wait because the network
asks for it is no failure: what many histories take is taken.
"""

import asyncio
from datetime import timedelta

from bot.coaching.ground.values import Announcement
from bot.correlation import correlated
from bot.delivery import log
from bot.delivery.events import Reconciled, Retired, Tried
from bot.delivery.hop import Hop
from bot.delivery.messenger import Messenger
from bot.delivery.outbox import Lapsed, Outbox
from bot.delivery.outcomes import Finding, Missing, Sent, Unreadable, code_of
from bot.delivery.settings import Settings

CLOCKS_DIFFER_BY = timedelta(days=1)
"""The network's clock, which dates messages, is not the database's, and that one may be set wrong.

A message is known by its mark: looking further back finds no other in its place.
"""
LONGEST_PAUSE = timedelta(minutes=1)


class Reconciliation:
    """Looks for messages of promises that were taken over."""

    def __init__(
        self,
        outbox: Outbox,
        messenger: Messenger,
        *,
        hop: Hop,
        settings: Settings,
    ) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._hop = hop
        self._settings = settings

    async def settle(
        self, lapsed: Lapsed, announcement: Announcement, *, is_true: bool = True
    ) -> None:
        """Find out about one message and write down what was found.

        One that is no longer true is not sent again; where it is there, it is known to be.
        """
        with correlated(log.name_of(lapsed.delivery)):
            await self._settle(lapsed, announcement, is_true=is_true)

    async def _settle(self, lapsed: Lapsed, announcement: Announcement, *, is_true: bool) -> None:
        finding = await self._find(lapsed, announcement)
        log.logger.warning("TakenOver", delivery=lapsed.delivery.id, found=type(finding).__name__)
        match finding:
            case Sent():
                await self._hop(self._outbox.record, [Tried(lapsed.delivery, finding)])
                if lapsed.is_in_doubt:
                    await self._hop(self._outbox.show_anew, lapsed.delivery)
            case Missing():
                await self._end(lapsed, "was not sent", is_true=is_true)
            case Unreadable():
                await self._wait_or_end(lapsed, finding, is_true=is_true)
        self._settings.watch(Reconciled(lapsed.delivery, finding))

    async def _find(self, lapsed: Lapsed, announcement: Announcement) -> Finding:
        try:
            async with asyncio.timeout(self._settings.send_timeout.total_seconds()):
                return await self._messenger.find(announcement, lapsed.since - CLOCKS_DIFFER_BY)
        except Exception as error:
            log.write_trouble("FindFailed", lapsed.delivery, error)
            return Unreadable(code_of(error))

    async def _wait_or_end(self, lapsed: Lapsed, found: Unreadable, *, is_true: bool) -> None:
        if lapsed.age < self._settings.unreadable_for or found.after:
            wait = found.after or min(lapsed.age, LONGEST_PAUSE)
            pause = max(self._settings.unsure_pause, wait)
            await self._hop(self._outbox.leave_unsure, lapsed.delivery, pause, found.reason)
        else:
            await self._end(lapsed, f"unreadable: {found.reason}", is_true=is_true)

    async def _end(self, lapsed: Lapsed, reason: str, *, is_true: bool) -> None:
        if is_true:
            await self._hop(self._outbox.put_back, lapsed.delivery, reason)
        else:
            await self._hop(self._outbox.retire, [lapsed.delivery])
            self._settings.watch(Retired(1, by_revision=False))
