"""How Slack is reached: each client tries once, unless it only reads; none tells what is said."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.transport.patience import PATIENCE
from bot.slack.transport.proxies import proxy_for
from bot.slack.transport.response_addresses import Answered, is_slacks, post
from bot.slack.transport.times import Times

WIRE: Final = "bot.slack.wire"


def unheard(_at: datetime) -> None:
    """Stand in for whoever compares clocks."""


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
    dated: Callable[[datetime], None] = field(default=unheard, repr=False, compare=False)
    """Told with each answer what time Slack says it is."""
    times: Times = field(default_factory=Times)
    """How long a connection is waited for, and how soon it is tried again."""


class DatedClient(AsyncWebClient):
    """A client that tells what time Slack says it is, whatever it answers."""

    def __init__(self, dated: Callable[[datetime], None], **given: Any) -> None:
        super().__init__(**given)
        self._dated = dated

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        """Call a method of the Web API. Raises SlackApiError."""
        try:
            answer = await super().api_call(api_method, **given)
        except SlackApiError as error:
            self._read_date(getattr(error.response, "headers", None))
            raise
        self._read_date(answer.headers)
        return answer

    def _read_date(self, headers: Any) -> None:
        told = {str(name).lower(): value for name, value in dict(headers or {}).items()}
        try:
            at = parsedate_to_datetime(told["date"]).astimezone(UTC)
        except (KeyError, TypeError, ValueError, OverflowError):
            return
        self._dated(at)


class Reach:
    """Builds whatever speaks to Slack."""

    def __init__(self, settings: SlackSettings) -> None:
        self._settings = settings

    @property
    def times(self) -> Times:
        """How long a connection is waited for, and how soon it is tried again."""
        return self._settings.times

    @property
    def address(self) -> str:
        """Where Slack’s Web API is looked for."""
        return self._settings.api_url

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

    def may_answer(self, address: str) -> bool:
        """Answer whether an address to answer at is Slack's."""
        return is_slacks(address, api_url=self._settings.api_url)

    async def answer(self, address: str, body: dict[str, Any]) -> Answered:
        """Answer at a response address, once. Raises ClientError, TimeoutError."""
        return await post(address, body, seconds=self._settings.timeout_seconds)

    def _client(self, retry_handlers: list[AsyncRetryHandler]) -> AsyncWebClient:
        client = DatedClient(
            self._settings.dated,
            token=self._settings.bot_token,
            base_url=self._settings.api_url,
            timeout=self._settings.timeout_seconds,
            logger=quiet(WIRE),
            retry_handlers=retry_handlers,
        )
        # Set afterwards: without one the library looks for a proxy by itself, and past NO_PROXY.
        client.proxy = proxy_for(self._settings.api_url)
        return client


def quiet(name: str) -> logging.Logger:
    """Give a logger that never writes what people say: the libraries do so at level DEBUG."""
    logger = logging.getLogger(name)
    logger.setLevel(max(logging.INFO, logger.level))
    return logger
