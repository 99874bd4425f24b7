"""HTTP: Slack calls the bot, behind any load balancer; every request carries Slack's signature.

A stop answers what was taken and turns away what comes after it, so that Slack, or the load
balancer, brings it to another replica.
"""

import logging
from datetime import timedelta
from typing import Final

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.slack.transport.connection import LONGEST_STOP
from bot.slack.transport.running import Running

PATH: Final = "/slack/events"
MOST_BYTES: Final = 1_000_000
"""Slack's largest request, a form at its limit of 250 kB, is far below this."""

log = logging.getLogger(__name__)


class Doorway:
    """The address at which Slack's requests arrive, from start to stop."""

    def __init__(self, app: AsyncApp, *, running: Running) -> None:
        self._answer = AsyncSlackRequestHandler(app)
        self._running = running
        self._is_open = False

    @property
    def route(self) -> Route:
        """The way in, for whoever serves HTTP."""
        return Route(PATH, self._taken, methods=["POST"])

    async def start(self) -> None:
        """Take requests."""
        self._is_open = True

    async def is_connected(self) -> bool:
        """Answer whether requests are taken."""
        return self._is_open

    async def stop(self, patience: timedelta = LONGEST_STOP) -> None:
        """Take nothing new, and wait for what is in hand."""
        self._is_open = False
        await self._running.halt()
        if not await self._running.drain(patience):
            log.warning("event=StoppedEarly")
        await self._running.halt()

    async def _taken(self, request: Request) -> Response:
        if not self._is_open:
            return PlainTextResponse("This replica is leaving.", status_code=503)
        if int(request.headers.get("content-length") or 0) > MOST_BYTES:
            return PlainTextResponse("This is more than Slack sends.", status_code=413)
        with self._running.counted():
            return await self._answer.handle(request)
