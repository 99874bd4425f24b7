"""One socket of Socket Mode, from its address to its end.

The address lives half a minute and is good for one connection, so each try asks for another. A
socket is heard only when Slack has greeted it; one that no longer answers pings is closed.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.logger import get_logger
from bot.slack.transport.problems import CLOSED
from bot.slack.transport.proxies import proxy_for
from bot.slack.transport.times import Times

log = get_logger(__name__)


class NotGreeted(Exception):
    """Slack ended a socket instead of greeting it; the text is its reason."""


class Socket:
    """A connection that Slack has greeted."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse, connections: int) -> None:
        self._wire = wire
        self.connections = connections
        """How many connections the app has, this one among them, as Slack counts them."""
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Done with Slack's reason as soon as another socket is wanted in its place."""

    @property
    def is_open(self) -> bool:
        """Whether something can be sent over it."""
        return not self._wire.closed

    async def listen(self, take: Callable[["Socket", SocketModeRequest], None]) -> None:
        """Hand on each request until the socket is closed, also after Slack wants it replaced."""
        try:
            async for said in _objects(self._wire):
                if said.get("type") == "disconnect":
                    self._end(str(said.get("reason") or CLOSED))
                elif request := SocketModeRequest.from_dict(said):
                    take(self, request)
        finally:
            self._end(CLOSED)

    async def acknowledge(self, envelope_id: str, payload: dict[str, Any] | None) -> None:
        """Tell Slack that a request was taken. Raises ConnectionError where the socket is gone."""
        answer = SocketModeResponse(envelope_id, payload or None)
        await self._wire.send_str(json.dumps(answer.to_dict()))

    async def close(self) -> None:
        """Hang up."""
        self._end(CLOSED)
        await self._wire.close()

    def _end(self, reason: str) -> None:
        if not self.over.done():
            self.over.set_result(reason)


@asynccontextmanager
async def opened(client: AsyncWebClient, app_token: str, times: Times) -> AsyncIterator[Socket]:
    """Ask for an address, connect to it and wait for the greeting; closed after the block.

    Raises SlackApiError, aiohttp.ClientError, OSError, TimeoutError, NotGreeted.
    """
    seconds = times.handshake.total_seconds()
    answer = await client.apps_connections_open(app_token=app_token)
    address = str(answer["url"])
    async with aiohttp.ClientSession() as session:
        async with asyncio.timeout(seconds):
            wire = await session.ws_connect(
                address,
                heartbeat=times.ping.total_seconds(),
                proxy=proxy_for(address),
                timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
            )
        try:
            async with asyncio.timeout(seconds):
                socket = await _greeted(wire)
            yield socket
        finally:
            # Slack counts a connection that was not closed as one of the ten.
            with suppress(Exception):
                await wire.close()


async def _greeted(wire: aiohttp.ClientWebSocketResponse) -> Socket:
    async for said in _objects(wire):
        if said.get("type") == "hello":
            connections = said.get("num_connections")
            return Socket(wire, connections if isinstance(connections, int) else 0)
        if said.get("type") == "disconnect":
            raise NotGreeted(str(said.get("reason") or CLOSED))
    raise NotGreeted(CLOSED)


async def _objects(wire: aiohttp.ClientWebSocketResponse) -> AsyncIterator[dict[str, Any]]:
    async for message in wire:
        if message.type is not aiohttp.WSMsgType.TEXT:
            continue
        try:
            said = json.loads(message.data)
        except ValueError:
            said = None
        if isinstance(said, dict):
            yield said
        else:
            log.warning("NotUnderstood", kind="socket")
