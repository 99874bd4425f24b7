"""A pretend Slack that tells the bot some things twice, as Slack does after a lost answer."""

import asyncio
import random
from dataclasses import replace
from typing import Any

from bot.sandbox import Sandbox
from bot.sandbox.shapes import Json
from bot.sandbox.wire.sockets import SocketTransport
from bot.sandbox.wire.transport import Envelope, Retry, new_envelope_id


class TwiceOver(SocketTransport):
    """Delivers some envelopes again at the same time, over another connection if there is one."""

    def __init__(self, dice: random.Random, *, app_id: str, ack_seconds: float) -> None:
        super().__init__(app_id=app_id, ack_seconds=ack_seconds)
        self._dice = dice
        self.share = 0.0
        """What part of all envelopes is delivered twice."""
        self.twice = 0

    async def deliver(self, envelope: Envelope, *, retry: Retry | None = None) -> Json:
        """Deliver, now and then twice; the first copy's answer counts."""
        again = super().deliver
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
