"""Writing down how tries ended, many in one transaction.

What is not written when the process ends is found out by whoever takes it over, as always: the
message is there, or it is not. So nothing is lost by waiting a moment for more to write.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from bot.coaching.ground.errors import Unavailable
from bot.delivery import log
from bot.delivery.events import Tried
from bot.delivery.hop import Hop
from bot.delivery.outbox import Outbox
from bot.delivery.outcomes import TryLater
from bot.delivery.settings import Settings

Entry = tuple[Tried, asyncio.Future[datetime | None]]


class Ledger:
    """The tries of one round; kept by a task beside those that try."""

    def __init__(self, outbox: Outbox, *, hop: Hop, settings: Settings) -> None:
        self._outbox = outbox
        self._hop = hop
        self._settings = settings
        self._entries: list[Entry] = []
        self._begun = asyncio.Event()
        self._hurried = asyncio.Event()
        self._closed = False

    def enter(self, tried: Tried) -> asyncio.Future[datetime | None]:
        """Have a try written down soon; tells until when the person's next messages must wait."""
        written: asyncio.Future[datetime | None] = asyncio.get_running_loop().create_future()
        self._entries.append((tried, written))
        self._begun.set()
        # Somebody waits to hear for how long; and a full page is not worth waiting for more.
        if isinstance(tried.outcome, TryLater) or len(self._entries) >= self._settings.batch:
            self._hurried.set()
        return written

    def close(self) -> None:
        """Have the rest written down at once; nothing more is entered."""
        self._closed = True
        self._begun.set()
        self._hurried.set()

    async def keep(self) -> None:
        """Write down what is entered, until it is closed."""
        while self._entries or not self._closed:
            await self._begun.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.settle_within.total_seconds()):
                    await self._hurried.wait()
            taken, self._entries = self._entries, []
            if not self._closed:
                self._begun.clear()
                self._hurried.clear()
            await self._write(taken)

    async def _write(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        try:
            held_up = await self._hop(self._outbox.record, [tried for tried, _ in entries])
        except Exception as error:
            await self._write_singly(entries, error)
            return
        for tried, written in entries:
            self._settings.watch(tried)
            if not written.done():
                written.set_result(held_up.get(tried.delivery.id))

    async def _write_singly(self, entries: Sequence[Entry], error: Exception) -> None:
        """Let one that cannot be written hold up no other."""
        if len(entries) > 1 and not isinstance(error, Unavailable):
            for each in entries:
                await self._write([each])
            return
        for tried, written in entries:
            # What is not settled is taken over when its lease ends.
            log.write_trouble("SettleFailed", tried.delivery, error)
            if not written.done():
                written.set_result(None)
