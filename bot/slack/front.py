"""The front end put together: one Bolt app, its features, and what the rest of the bot needs."""

import logging
from dataclasses import dataclass, field
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot import coaching
from bot.hop import Hop
from bot.slack import (
    commands,
    home,
    inbox,
    listing,
    marking,
    people,
    schedule,
    status,
)
from bot.slack import (
    help as helping,
)
from bot.slack.connection import Connection
from bot.slack.errors import write_down
from bot.slack.messenger import SlackMessenger
from bot.slack.patience import PATIENCE
from bot.slack.people import People
from bot.slack.shell import Shell

FEATURES: Final = (commands, schedule, listing, inbox, helping, home, status, marking, people)
WIRE: Final = "bot.slack.wire"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """How the workspace is reached; the secrets do not show when this is printed."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_url: str = "https://slack.com/api/"
    timeout_seconds: int = 10
    patience_seconds: float = PATIENCE


@dataclass(frozen=True, slots=True)
class Front:
    """The front end: the app that listens, the messenger that speaks, and who is known."""

    app: AsyncApp
    shell: Shell
    messenger: SlackMessenger
    people: People
    connection: Connection


def build_front(context: coaching.Context, hop: Hop, settings: SlackSettings) -> Front:
    """Build the front end; nothing is sent and nothing listens yet."""
    app = AsyncApp(
        name="coachbot",
        client=_client(settings),
        signing_secret=settings.signing_secret,
        logger=_quiet("bot.slack.bolt"),
    )
    known = People(context, hop, _reader(settings))
    shell = Shell(app, context=context, hop=hop, people=known, patience=settings.patience_seconds)
    for feature in FEATURES:
        feature.register(shell)
    app.error(_last_resort)
    messenger = SlackMessenger(context, hop, _client(settings), delivered=shell.changed_for)
    connection = Connection(app, settings.app_token, shell.running)
    return Front(app, shell, messenger, known, connection)


def build_app(context: coaching.Context, hop: Hop, settings: SlackSettings) -> AsyncApp:
    """Build the app alone, for whoever brings requests to it by HTTP."""
    return build_front(context, hop, settings).app


async def _last_resort(error: Exception) -> BoltResponse:
    """Log what could not even be answered; Slack need not deliver it again."""
    write_down(error)
    return BoltResponse(status=200, body="")


def _client(settings: SlackSettings, **others: Any) -> AsyncWebClient:
    """Give a client that tries once: a second try could say the same thing twice."""
    return AsyncWebClient(
        token=settings.bot_token,
        base_url=settings.api_url,
        timeout=settings.timeout_seconds,
        logger=_quiet(WIRE),
        **{"retry_handlers": [], **others},
    )


def _reader(settings: SlackSettings) -> AsyncWebClient:
    """Give a client that only reads, and so may try again."""
    patient = [
        AsyncConnectionErrorRetryHandler(),
        AsyncRateLimitErrorRetryHandler(max_retry_count=5),
    ]
    return _client(settings, retry_handlers=patient)


def _quiet(name: str) -> logging.Logger:
    """Give a logger that never writes what people say: the libraries do so at level DEBUG."""
    logger = logging.getLogger(name)
    logger.setLevel(max(logging.INFO, logger.level))
    return logger
