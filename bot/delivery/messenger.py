"""What the sender asks of whatever carries messages to people."""

from datetime import datetime
from typing import Protocol

from bot.coaching.ground.values import Announcement
from bot.delivery.outcomes import Finding, Outcome


class Messenger(Protocol):
    """Puts a message in front of a person, and looks whether it is there.

    It never tries twice by itself, and puts the announcement's mark on each message.
    """

    async def send(self, announcement: Announcement) -> Outcome:
        """Send one message once; an exception counts as Unsure."""
        ...

    async def update(self, announcement: Announcement, channel: str, message_ts: str) -> Outcome:
        """Put the words in the place of a message that was sent; doing so twice is harmless."""
        ...

    async def withdraw(self, channel: str, message_ts: str) -> Outcome:
        """Let a message that was sent tell nothing more; doing so twice is harmless."""
        ...

    async def find(self, announcement: Announcement, since: datetime) -> Finding:
        """Look in the person's message history for this message, from an instant on."""
        ...
