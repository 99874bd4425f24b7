"""Telling the bot: ask and wait for commands and actions; keep trying for events."""

import asyncio

from bot.sandbox.shapes import Json
from bot.sandbox.terms import Terms
from bot.sandbox.wire.transport import Envelope, NotAcknowledged, Retry, Transport


class Dispatcher:
    """The one place from which the bot is told what happened."""

    def __init__(self, transport: Transport, terms: Terms) -> None:
        self._transport = transport
        self._terms = terms
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, envelope: Envelope) -> Json:
        """Deliver once and give the bot's answer; raise NotAcknowledged without one."""
        return await self._transport.deliver(envelope)

    def announce(self, envelope: Envelope) -> None:
        """Deliver an event that the app asked to hear, again and again until it is taken."""
        event = envelope.payload["event"]
        names = {event["type"], f"{event['type']}.{event.get('channel_type', '')}"}
        if not names & set(self._terms.events):
            return
        task = asyncio.get_running_loop().create_task(self._insist(envelope))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until every event is taken or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Give up what is not delivered yet."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._transport.close()

    async def _insist(self, envelope: Envelope) -> None:
        retry: Retry | None = None
        for number, delay in enumerate((*self._terms.retry_delays, None), start=1):
            try:
                await self._transport.deliver(envelope, retry=retry)
            except NotAcknowledged as refused:
                if delay is None or not refused.may_retry:
                    return
                await self._transport.pause(delay)
                retry = Retry(number, refused.reason)
            else:
                return
