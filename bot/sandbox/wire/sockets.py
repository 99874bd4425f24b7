"""Socket Mode: the bot connects, is greeted, gets envelopes and acknowledges them.

An address lives half a minute and is good for one connection, and ten connections are the most.
"""

import asyncio
import itertools
import json
import secrets
import time
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.faults import SOCKET, Faults
from bot.sandbox.shapes import Json
from bot.sandbox.wire.transport import Envelope, NotAcknowledged, Retry

CONNECTIONS_MOST = 10
TICKET_SECONDS = 30.0
HOST = "sandbox"


class SocketTransport:
    """All connections of the bot; each envelope goes to one of them, in turn."""

    def __init__(self, *, app_id: str, ack_seconds: float) -> None:
        self.faults = Faults()
        """Bad days for whoever connects, under the name "socket"."""
        self.ticket_seconds = TICKET_SECONDS
        self._app_id = app_id
        self._ack_seconds = ack_seconds
        self._tickets: dict[str, float] = {}
        self._connections: list[WebSocket] = []
        self._turn = itertools.count()
        self._waiting: dict[str, tuple[WebSocket, asyncio.Future[Json]]] = {}
        self._arrivals: set[asyncio.Future[None]] = set()

    @property
    def connection_count(self) -> int:
        """How many connections the bot holds."""
        return len(self._connections)

    def issue_ticket(self) -> str:
        """Give a ticket that lets the bot connect once."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = time.monotonic()
        return ticket

    async def endpoint(self, socket: WebSocket) -> None:
        """Hold one connection until it ends."""
        fault = self.faults.take(SOCKET)
        if not self._admits(socket) or (fault and fault.kind == "drop_before"):
            await socket.close(code=1008)
            return
        await socket.accept()
        if fault and fault.kind == "error":
            await self._say_goodbye(socket, fault.error)
            return
        if len(self._connections) >= CONNECTIONS_MOST:
            await self._say_goodbye(socket, "too_many_websockets")
            return
        self._connections.append(socket)
        try:
            await socket.send_json(self._hello())
            self._announce_arrival()
            while True:
                self._read(await socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._forget(socket)

    async def deliver(self, envelope: Envelope, *, retry: Retry | None = None) -> Json:
        """Send an envelope over one connection and wait for its acknowledgement."""
        if not self._connections:
            raise NotAcknowledged("connection_failed")
        socket = self._connections[next(self._turn) % len(self._connections)]
        answered: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope.id] = (socket, answered)
        try:
            async with asyncio.timeout(self._ack_seconds):
                await socket.send_json(_written(envelope, retry))
                return await answered
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            raise NotAcknowledged("timeout") from None
        finally:
            self._waiting.pop(envelope.id, None)

    async def pause(self, seconds: float) -> None:
        """Wait this long, or until the bot connects anew."""
        arrival: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals.add(arrival)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await arrival
        self._arrivals.discard(arrival)

    async def wait_connected(self, seconds: float = 5.0) -> None:
        """Wait until the bot holds a connection; raise TimeoutError if it does not come."""
        async with asyncio.timeout(seconds):
            while not self._connections:
                await self.pause(seconds)

    async def warn(self) -> None:
        """Say that the connections will end in a while, as Slack does before it ends them."""
        for socket in tuple(self._connections):
            await socket.send_json(_goodbye("warning"))

    async def refresh(self) -> None:
        """Ask the bot to connect anew, as Slack does every few hours, and end the connections."""
        for socket in tuple(self._connections):
            await self._say_goodbye(socket, "refresh_requested")

    async def cut(self) -> None:
        """End all connections without a word."""
        for socket in tuple(self._connections):
            with suppress(RuntimeError):
                await socket.close(code=1001)

    async def close(self) -> None:
        """End all connections."""
        await self.cut()

    def _admits(self, socket: WebSocket) -> bool:
        """Whether the ticket is one that was given just now, and not used yet."""
        issued = self._tickets.pop(socket.query_params.get("ticket", ""), None)
        return issued is not None and time.monotonic() - issued < self.ticket_seconds

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {"host": HOST, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }

    async def _say_goodbye(self, socket: WebSocket, reason: str) -> None:
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.send_json(_goodbye(reason))
            await socket.close()

    def _announce_arrival(self) -> None:
        for arrival in self._arrivals:
            if not arrival.done():
                arrival.set_result(None)

    def _read(self, text: str) -> None:
        with suppress(ValueError):
            said = json.loads(text)
            if not isinstance(said, dict):
                return
            waiting = self._waiting.get(str(said.get("envelope_id")))
            if waiting and not waiting[1].done():
                payload = said.get("payload")
                waiting[1].set_result(payload if isinstance(payload, dict) else {})

    def _forget(self, socket: WebSocket) -> None:
        if socket in self._connections:
            self._connections.remove(socket)
        for holder, answered in self._waiting.values():
            if holder is socket and not answered.done():
                answered.set_exception(NotAcknowledged("timeout"))


def _goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}


def _written(envelope: Envelope, retry: Retry | None) -> Json:
    written: Json = {
        "payload": envelope.payload,
        "envelope_id": envelope.id,
        "type": envelope.kind,
        "accepts_response_payload": envelope.accepts_response_payload,
    }
    if envelope.kind == "events_api":
        written["retry_attempt"] = retry.number if retry else 0
        written["retry_reason"] = retry.reason if retry else ""
    return written
