"""A pretend Slack that tells the bot some things twice, as Slack does after a lost answer."""

import asyncio
import random
from dataclasses import replace
from typing import Any

from bot.sandbox import Sandbox
from bot.sandbox.shapes import Json
from bot.sandbox.terms import HttpDelivery
from bot.sandbox.wire.requests import RequestTransport
from bot.sandbox.wire.sockets import SocketTransport
from bot.sandbox.wire.transport import Envelope, NotAcknowledged, Retry, new_envelope_id


class TwiceOver(SocketTransport):
    """Delivers some envelopes again at the same time, over another connection if there is one.

    Some go to the replica that is reached by signed requests, where there is one.
    """

    def __init__(self, dice: random.Random, *, app_id: str, ack_seconds: float) -> None:
        super().__init__(app_id=app_id, ack_seconds=ack_seconds)
        self._dice = dice
        self.share = 0.0
        """What part of all envelopes is delivered twice."""
        self.twice = 0
        self.http_share = 0.0
        """What part of all envelopes is posted to the replica that has an address."""
        self.posted = 0
        """How many of those were answered."""
        self._requests: RequestTransport | None = None
        self._ack_s = ack_seconds

    def post_to(self, delivery: HttpDelivery, share: float) -> None:
        """Send a share of all envelopes as signed requests from now on."""
        self._requests = RequestTransport(delivery, ack_seconds=self._ack_s)
        self.http_share = share

    async def close(self) -> None:
        """Deliver nothing more, on either way."""
        await super().close()
        if self._requests is not None:
            await self._requests.close()
            self._requests = None

    async def deliver(self, envelope: Envelope, *, retry: Retry | None = None) -> Json:
        """Deliver, now and then twice; the first copy's answer counts."""
        again = self._deliver_once
        if self._dice.random() >= self.share:
            return await again(envelope, retry=retry)
        self.twice += 1
        copy = replace(envelope, id=new_envelope_id())
        first, _ = await asyncio.gather(
            again(envelope, retry=retry),
            again(copy, retry=Retry(1, "timeout")),
            return_exceptions=True,
        )
        if isinstance(first, BaseException):
            raise first
        return first

    async def _deliver_once(self, envelope: Envelope, *, retry: Retry | None = None) -> Json:
        if self._requests is not None and self._dice.random() < self.http_share:
            try:
                answer = await self._requests.deliver(envelope, retry=retry)
            except NotAcknowledged as error:
                if error.reason != "connection_failed":
                    raise
                # Nobody listens there just now: a balancer would ask another replica.
            else:
                self.posted += 1
                return answer
        return await super().deliver(envelope, retry=retry)


class UneasySandbox(Sandbox):
    """A sandbox whose sockets tell some things twice."""

    def __init__(self, dice: random.Random, **given: Any) -> None:
        self._dice = dice
        super().__init__(**given)

    def _transport(self) -> SocketTransport:
        self.wire = TwiceOver(
            self._dice, app_id=self.world.cast.app_id, ack_seconds=self.terms.ack_seconds
        )
        self.sockets = self.wire
        return self.wire
