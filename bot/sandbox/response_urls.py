"""Addresses at which the bot may answer an action: five times within thirty real minutes."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.errors import SlackRefusal

USES = 5
SECONDS = 30 * 60.0


@dataclass(slots=True)
class ResponseUrl:
    """Who acted, where, and on which message, if it was on one."""

    user_id: str
    conversation_id: str
    message_ts: str | None
    expires_at: float
    uses: int = 0


class ResponseUrls:
    """Mint the addresses and count their uses."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._urls: dict[str, ResponseUrl] = {}

    def mint(self, user_id: str, conversation_id: str, message_ts: str | None = None) -> str:
        """Give the name of a new address."""
        name = secrets.token_hex(12)
        until = self._monotonic() + SECONDS
        self._urls[name] = ResponseUrl(user_id, conversation_id, message_ts, until)
        return name

    def use(self, name: str) -> ResponseUrl:
        """Use an address once more, or refuse as Slack does."""
        url = self._urls.get(name)
        if url is None or self._monotonic() > url.expires_at:
            raise SlackRefusal("expired_url")
        if url.uses >= USES:
            raise SlackRefusal("used_url")
        url.uses += 1
        return url
