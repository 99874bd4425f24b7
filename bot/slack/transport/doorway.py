"""HTTP: Slack calls the bot, behind any load balancer; every request carries Slack's signature.

A stop answers what was taken and turns away what comes after it, so that Slack, or the load
balancer, brings it to another replica.
"""

import asyncio
from datetime import timedelta
from typing import Final

from slack_bolt.adapter.starlette.async_handler import (
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.async_app import AsyncApp
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.logger import get_logger
from bot.slack.transport.installation import Installation
from bot.slack.transport.reading import UNREADABLE
from bot.slack.transport.running import Running
from bot.slack.transport.signatures import Claim, Signatures
from bot.slack.transport.status import Status, Telling
from bot.slack.transport.times import LONGEST_STOP

PATH: Final = "/slack/events"
MOST_BYTES: Final = 1_000_000
"""Slack's largest request, a form at its limit of 250 kB, is far below this."""

log = get_logger(__name__)


class Doorway:
    """The address at which Slack's requests arrive, from start to stop."""

    def __init__(
        self,
        app: AsyncApp,
        *,
        running: Running,
        installation: Installation,
        signatures: Signatures,
    ) -> None:
        self._app = app
        self._signatures = signatures
        self._running = running
        self._installation = installation
        self.telling = Telling()
        self.given_up = asyncio.Event()
        """Never set: whether Slack calls is not for this process to mend."""
        self._is_open = asyncio.Event()
        self._opening: asyncio.Task[None] | None = None

    @property
    def route(self) -> Route:
        """The way in, for whoever serves HTTP."""
        return Route(PATH, self._taken, methods=["POST"])

    async def start(self) -> None:
        """Take requests as soon as Slack says who the bot is; returns at once."""
        self._opening = asyncio.create_task(self._open(), name="slack-installation")

    @property
    def status(self) -> Status:
        """How things are with Slack."""
        problem = self.telling.problem
        return Status(self._is_open.is_set() and problem is None, problem)

    async def wait_connected(self) -> None:
        """Wait until requests are taken."""
        await self._is_open.wait()

    async def stop(self, patience: timedelta = LONGEST_STOP) -> None:
        """Take nothing new, and wait for what is in hand."""
        self._is_open.clear()
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        await self._running.halt()
        if not await self._running.drain(patience):
            log.warning("StoppedEarly")
        await self._running.halt()

    async def _open(self) -> None:
        await self._installation.wait_known(self.telling)
        self._is_open.set()
        log.info("SlackConnected", path=PATH)
        await self._installation.follow(self.telling)

    async def _taken(self, request: Request) -> Response:
        if not self._is_open.is_set():
            # Slack brings an event again, and a load balancer asks another replica.
            return _closing("This replica takes no requests now.", 503)
        body = await self._signed_body(request)
        if isinstance(body, Response):
            return body
        with self._running.counted():
            try:
                asked = to_async_bolt_request(request, body)
                return to_starlette_response(await self._app.async_dispatch(asked))
            except UNREADABLE as error:
                # Bolt fails on what no request of Slack's has been like so far.
                log.warning("NotUnderstood", kind="http", error=type(error).__name__)
                return Response(status_code=200)

    async def _signed_body(self, request: Request) -> bytes | Response:
        """Read what Slack signed; gives the refusal of anything else."""
        claim = self._signatures.begin(request.headers)
        if claim is None:
            return _unsigned()
        try:
            body = await _read(request, claim)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return _closing("This is more than Slack sends.", 413)
        return body if claim.is_slacks() else _unsigned()


async def _read(request: Request, claim: Claim) -> bytes | None:
    """Read the body, but no more of it than Slack ever sends; None where there is more."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:18]) > MOST_BYTES:
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return None
        claim.take(piece)
    return bytes(body)


def _unsigned() -> Response:
    return _closing("This is not signed by Slack.", 401)


def _closing(said: str, status: int) -> Response:
    """Refuse somebody of whom nothing more is wanted on this connection."""
    return PlainTextResponse(said, status_code=status, headers={"Connection": "close"})
