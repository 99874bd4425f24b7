"""The terms under which the app is installed: scopes, commands, events, and Slack's patience."""

from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.errors import SlackRefusal

ShortcutKind = Literal["message", "global"]
BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
DEFAULT_SCOPES = (
    "commands",
    "chat:write",
    "im:write",
    "im:history",
    "users:read",
    "users:read.email",
    "usergroups:read",
    "files:write",
    "files:read",
)
DEFAULT_EVENTS = ("app_home_opened", "user_change", "team_join", "app_uninstalled")


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How often a message may be posted; None means as often as one likes."""

    per_channel_per_second: int | None = None
    per_workspace_per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class HttpDelivery:
    """Where the bot is told by signed HTTP requests instead of Socket Mode."""

    request_url: str
    signing_secret: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut that the app declares: on a message, or anywhere."""

    name: str
    type: ShortcutKind
    callback_id: str
    description: str = ""

    def __post_init__(self) -> None:
        """Refuse what Slack would not take into an app's manifest."""
        lengths = ((self.name, 24), (self.callback_id, 255), (self.description, 150))
        if not self.name or not self.callback_id or any(len(said) > n for said, n in lengths):
            msg = f"Slack would not take the shortcut {self.callback_id!r}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the app was granted, what it asked to hear, and how long Slack waits for it."""

    scopes: tuple[str, ...] = DEFAULT_SCOPES
    commands: tuple[str, ...] = ("/coach",)
    events: tuple[str, ...] = DEFAULT_EVENTS
    shortcuts: tuple[Shortcut, ...] = ()
    should_escape: bool = True
    rate_limits: RateLimits = field(default_factory=RateLimits)
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    http: HttpDelivery | None = None

    def offers(self, callback_id: str, kind: ShortcutKind) -> bool:
        """Whether there is such a shortcut; an app that declares none takes any."""
        declared = [(one.callback_id, one.type) for one in self.shortcuts]
        return not declared or (callback_id, kind) in declared

    def ensure_scope(self, needed: str) -> None:
        """Refuse what the app was not granted."""
        if needed not in self.scopes:
            provided = ",".join(self.scopes)
            raise SlackRefusal("missing_scope", extra={"needed": needed, "provided": provided})
