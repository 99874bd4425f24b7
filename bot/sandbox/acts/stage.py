"""Where acts take place: the world, and the way to the bot."""

from dataclasses import dataclass

from bot.sandbox.errors import PersonRefusal
from bot.sandbox.shapes import Json
from bot.sandbox.wire.dispatch import Dispatcher
from bot.sandbox.wire.transport import Envelope, NotAcknowledged
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Stage:
    """The world and the way to the bot."""

    world: World
    dispatcher: Dispatcher

    async def ask(self, envelope: Envelope, *, late: str, lost: str) -> Json:
        """Tell the bot and give its answer; say so to the person if it is late or lost."""
        try:
            return await self.dispatcher.ask(envelope)
        except NotAcknowledged as refused:
            if refused.reason in ("timeout", "http_timeout"):
                raise PersonRefusal("operation_timeout", late, status=504) from None
            raise PersonRefusal("dispatch_failed", lost, status=502) from None

    def complain(self, sentence: str) -> None:
        """Keep what the bot did against Slack's terms, where no error code reaches it."""
        self.world.complaints.append(sentence)
