"""Who the bot is in its workspace: asked of Slack until it says so, and looked after later."""

import asyncio
from collections.abc import Callable
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from bot.logger import get_logger
from bot.slack.transport.answers import Identity, read_answer
from bot.slack.transport.problems import Problem, problem_of
from bot.slack.transport.times import Times

log = get_logger(__name__)


class Installation(AsyncAuthorize):
    """Who the bot is in the one workspace in which it is installed; asked of Slack once."""

    def __init__(self, client: AsyncWebClient, times: Times) -> None:
        self._client = client
        self._times = times
        self._known: AuthorizeResult | None = None

    async def __call__(self, **_request: Any) -> AuthorizeResult:
        """Give what Bolt must know of a request's installation. Raises SlackApiError."""
        if self._known is None:
            found = read_answer(await self._client.auth_test(), Identity)
            self._known = AuthorizeResult(
                enterprise_id=found.enterprise_id or None,
                team_id=found.team_id or None,
                bot_user_id=found.user_id or None,
                bot_id=found.bot_id or None,
                bot_token=self._client.token,
            )
        return self._known

    async def look(self) -> Problem | None:
        """Ask Slack whether it takes the token; answers what is wrong, None where nothing is."""
        try:
            await self._client.auth_test()
        except Exception as error:
            return problem_of(error, address=self._client.base_url)
        return None

    async def wait_known(self, tell: Callable[[Problem | None], None]) -> AuthorizeResult:
        """Ask again and again until Slack says who the bot is; each problem is told."""
        attempts = 0
        while True:
            try:
                found = await self()
            except Exception as error:
                attempts += 1
                problem = problem_of(error, address=self._client.base_url)
                tell(problem)
                delay = self._times.back_off.delay(attempts, asked=problem.wait)
                await asyncio.sleep(delay.total_seconds())
            else:
                tell(None)
                return found

    async def follow(self, tell: Callable[[Problem | None], None]) -> None:
        """Look now and then whether the token is still taken; an outage is nothing to tell."""
        while True:
            await asyncio.sleep(self._times.look_again.total_seconds())
            problem = await self.look()
            if problem is None or problem.is_refusal:
                tell(problem)
