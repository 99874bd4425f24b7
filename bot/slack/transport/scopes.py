"""What the app asks Slack for, and why; the manifest says the same, and a test compares them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

SCOPES: Mapping[str, str] = {
    "commands": "offer /coach",
    "chat:write": "send messages",
    "im:write": "open a conversation with each person",
    "im:history": "look whether a message arrived before it is sent again",
    "files:read": "attach files that somebody puts into the form",
    "files:write": "put a report’s file into a direct message",
    "users:read": "know people's names and time zones",
    "users:read.email": "match people by address",
}
"""The scopes that the bot token needs, each with what for."""

EVENTS: Sequence[str] = ("app_home_opened", "team_join", "user_change")
"""What Slack tells the app of."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Something that Slack offers in the menu of a message, or anywhere."""

    name: str
    type: Literal["message", "global"]
    callback_id: str
    description: str


COACH_ON_THIS: Final = Shortcut(
    "Coach on this", "message", "coach_on_this", "Schedule coaching about this message"
)
SCHEDULE_COACHING: Final = Shortcut(
    "Schedule coaching", "global", "schedule_coaching", "Schedule a coaching session"
)
SHORTCUTS: Sequence[Shortcut] = (COACH_ON_THIS, SCHEDULE_COACHING)
"""What can be done without a command."""
