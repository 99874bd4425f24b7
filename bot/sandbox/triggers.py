"""A trigger lets the bot open one form, once, within three real seconds of what a person did."""

import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.errors import SlackRefusal


@dataclass(slots=True)
class Trigger:
    """Who did something, when, and in which view, if it was in one."""

    user_id: str
    view_id: str | None
    minted_at: float
    is_spent: bool = False


class Triggers:
    """Mint triggers, and let each be exchanged once while it is fresh."""

    def __init__(
        self, *, seconds: float = 3.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._numbers = itertools.count(1)
        self._triggers: dict[str, Trigger] = {}

    def mint(self, user_id: str, *, view_id: str | None = None) -> str:
        """Give a fresh trigger for what this person just did."""
        trigger_id = f"{next(self._numbers)}.{9000000000}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user_id, view_id, self._monotonic())
        return trigger_id

    def find(self, trigger_id: str) -> Trigger:
        """Give a trigger that can still be exchanged, or refuse as Slack does."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if trigger.is_spent:
            raise SlackRefusal("exchanged_trigger_id")
        if self._monotonic() - trigger.minted_at > self._seconds:
            raise SlackRefusal("expired_trigger_id")
        return trigger
