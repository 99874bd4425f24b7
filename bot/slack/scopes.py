"""What the app asks Slack for, and why; the manifest says the same, and a test compares them."""

from collections.abc import Mapping, Sequence

SCOPES: Mapping[str, str] = {
    "commands": "offer /coach",
    "chat:write": "send messages",
    "im:write": "open a conversation with each person",
    "im:history": "look whether a message arrived before it is sent again",
    "users:read": "know people's names and time zones",
    "users:read.email": "match people by address",
}
"""The scopes that the bot token needs, each with what for."""

EVENTS: Sequence[str] = ("app_home_opened", "team_join", "user_change")
"""What Slack tells the app of."""
