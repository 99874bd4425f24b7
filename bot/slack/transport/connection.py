"""Socket Mode: the bot calls Slack, so that it needs no address of its own.

A stop takes nothing new, lets what was taken be answered, and then hangs up. What was not taken is
delivered again by Slack, to whoever is still there.
"""

import logging
from datetime import timedelta
from typing import Any, Final

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.transport.reach import Reach
from bot.slack.transport.running import Running

LONGEST_STOP: Final = timedelta(seconds=10)

log = logging.getLogger(__name__)


class Connection:
    """The socket to Slack, from start to stop."""

    def __init__(self, app: AsyncApp, app_token: str, *, reach: Reach, running: Running) -> None:
        self._app = app
        self._app_token = app_token
        self._reach = reach
        self._running = running
        self._socket: AsyncSocketModeHandler | None = None

    async def start(self) -> None:
        """Connect; a connection that is lost later comes back by itself."""
        self._socket = _Counting(self._app, self._app_token, self._running)
        await self._reach.direct(self._socket.client).connect()  # type: ignore[no-untyped-call]

    async def is_connected(self) -> bool:
        """Answer whether Slack can be heard now."""
        return self._socket is not None and await self._socket.client.is_connected()

    async def stop(self, patience: timedelta = LONGEST_STOP) -> None:
        """Take nothing new, wait for what is in hand, and hang up."""
        if self._socket is None:
            return
        self._socket.client.socket_mode_request_listeners.clear()
        await self._running.halt()
        if not await self._running.drain(patience):
            log.warning("event=StoppedEarly")
        await self._running.halt()
        await self._socket.client.close()  # type: ignore[no-untyped-call]
        self._socket = None


class _Counting(AsyncSocketModeHandler):
    """Counts a request as in hand until its acknowledgement has left."""

    def __init__(self, app: AsyncApp, app_token: str, running: Running) -> None:
        super().__init__(app, app_token)
        self._running = running

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> Any:  # type: ignore[override]
        with self._running.counted():
            await super().handle(client, req)
