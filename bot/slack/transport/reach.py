"""How Slack is reached: each client tries once, unless it only reads; none passes on what is said.

A pretend Slack on this computer is reached directly, also where a proxy is set for everything else.
"""

import logging
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.transport.patience import PATIENCE

HERE: Final = frozenset(("127.0.0.1", "::1", "localhost"))
WIRE: Final = "bot.slack.wire"

Client = TypeVar("Client", AsyncWebClient, AsyncWebhookClient, SocketModeClient)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """How the workspace is reached; the secrets do not show when this is printed."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    by_http: bool = False
    """Whether Slack calls the bot, instead of the bot calling Slack."""
    api_url: str = "https://slack.com/api/"
    timeout_seconds: int = 10
    patience_seconds: float = PATIENCE


class Reach:
    """Builds whatever speaks to Slack."""

    def __init__(self, settings: SlackSettings) -> None:
        self._settings = settings

    def speaker(self) -> AsyncWebClient:
        """Give a client that tries once: a second try could say the same thing twice."""
        return self._client([])

    def patient(self) -> AsyncWebClient:
        """Give a client that waits where Slack asks it to: what was put off was not done."""
        return self._client([AsyncRateLimitErrorRetryHandler(max_retry_count=2)])

    def reader(self) -> AsyncWebClient:
        """Give a client that only reads, and so may try again and wait when asked to."""
        again = AsyncRateLimitErrorRetryHandler(max_retry_count=5)
        return self._client([AsyncConnectionErrorRetryHandler(), again])

    def nobody(self) -> AsyncWebClient:
        """Give a client without a token, for calls that bring their own."""
        client = self._client([])
        client.token = None
        return client

    def webhook(self, address: str) -> AsyncWebhookClient:
        """Give a client for a response address; it tries once."""
        webhook = AsyncWebhookClient(
            address,
            timeout=self._settings.timeout_seconds,
            logger=quiet(WIRE),
            retry_handlers=[],
        )
        return self.direct(webhook)

    def direct(self, client: Client) -> Client:
        """Take away the proxy that a client found by itself, where Slack is on this computer."""
        if urlsplit(self._settings.api_url).hostname in HERE:
            client.proxy = None
        return client

    def _client(self, retry_handlers: list[AsyncRetryHandler]) -> AsyncWebClient:
        client = AsyncWebClient(
            token=self._settings.bot_token,
            base_url=self._settings.api_url,
            timeout=self._settings.timeout_seconds,
            logger=quiet(WIRE),
            retry_handlers=retry_handlers,
        )
        return self.direct(client)


class Installation(AsyncAuthorize):
    """Who the bot is in the one workspace in which it is installed; asked of Slack once."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: AuthorizeResult | None = None

    async def __call__(self, **_request: Any) -> AuthorizeResult:
        """Give what Bolt must know of a request's installation. Raises SlackApiError."""
        if self._known is None:
            answer = await self._client.auth_test()
            self._known = AuthorizeResult(
                enterprise_id=answer.get("enterprise_id"),
                team_id=answer.get("team_id"),
                bot_user_id=answer.get("user_id"),
                bot_id=answer.get("bot_id"),
                bot_token=self._client.token,
            )
        return self._known


def quiet(name: str) -> logging.Logger:
    """Give a logger that never writes what people say: the libraries do so at level DEBUG."""
    logger = logging.getLogger(name)
    logger.setLevel(max(logging.INFO, logger.level))
    return logger
