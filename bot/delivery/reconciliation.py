"""Finding out about messages whose sender was lost before it could write how its try ended.

The person's message history decides: found is sent; missing goes back to be sent in its order.
A history that cannot be read is tried again for a bounded time; after that the message is sent
once more, the one case in which somebody may read a message twice.
"""

import asyncio
from datetime import timedelta

from bot.coaching.values import Announcement
from bot.correlation import correlated
from bot.delivery import log
from bot.delivery.events import Reconciled, Tried
from bot.delivery.hop import Hop
from bot.delivery.messenger import Messenger
from bot.delivery.outbox import Lapsed, Outbox
from bot.delivery.outcomes import Finding, Missing, Sent, Unreadable
from bot.delivery.settings import Settings

CLOCKS_DIFFER_BY = timedelta(minutes=1)
"""The network's clock, which dates messages, is not the database's."""
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

    async def settle(self, lapsed: Lapsed, announcement: Announcement) -> None:
        """Find out about one message and write down what was found."""
        with correlated(log.name_of(lapsed.delivery)):
            await self._settle(lapsed, announcement)

    async def _settle(self, lapsed: Lapsed, announcement: Announcement) -> None:
        finding = await self._find(lapsed, announcement)
        log.logger.warning(
            "event=TakenOver delivery=%d found=%s", lapsed.delivery.id, type(finding).__name__
        )
        match finding:
            case Sent():
                await self._hop(self._outbox.record, [Tried(lapsed.delivery, finding)])
            case Missing():
                await self._hop(self._outbox.put_back, lapsed.delivery, "was not sent")
            case Unreadable(reason):
                await self._wait_or_send(lapsed, reason)
        self._settings.watch(Reconciled(lapsed.delivery, finding))

    async def _find(self, lapsed: Lapsed, announcement: Announcement) -> Finding:
        try:
            async with asyncio.timeout(self._settings.send_timeout.total_seconds()):
                return await self._messenger.find(announcement, lapsed.since - CLOCKS_DIFFER_BY)
        except Exception as error:
            log.write_trouble("FindFailed", lapsed.delivery, error)
            return Unreadable(type(error).__name__)

    async def _wait_or_send(self, lapsed: Lapsed, reason: str) -> None:
        if lapsed.age < self._settings.unreadable_for:
            pause = max(self._settings.unsure_pause, min(lapsed.age, LONGEST_PAUSE))
            await self._hop(self._outbox.leave_unsure, lapsed.delivery, pause, reason)
        else:
            await self._hop(self._outbox.put_back, lapsed.delivery, f"unreadable: {reason}")
