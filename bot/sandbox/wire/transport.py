"""What every way to the bot has in common: deliver an envelope, learn what it was answered."""

import uuid
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.sandbox.shapes import Json

EnvelopeKind = Literal["events_api", "interactive", "slash_commands"]


def new_envelope_id() -> str:
    """Name an envelope."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Envelope:
    """One thing that happened, on its way to the bot."""

    kind: EnvelopeKind
    payload: Json
    accepts_response_payload: bool = False
    id: str = field(default_factory=new_envelope_id)


@dataclass(frozen=True, slots=True)
class Retry:
    """Which further try this is, and why it was needed."""

    number: int
    reason: str


class NotAcknowledged(Exception):
    """The bot did not take an envelope: too late, not there, or not willing."""

    def __init__(self, reason: str, *, may_retry: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.may_retry = may_retry


class Transport(Protocol):
    """A way to the bot."""

    async def deliver(self, envelope: Envelope, *, retry: Retry | None = None) -> Json:
        """Deliver, and give what the bot answered; raise NotAcknowledged if it did not."""

    async def pause(self, seconds: float) -> None:
        """Wait before the next try, not longer than makes sense on this way."""

    async def close(self) -> None:
        """Deliver nothing more."""
