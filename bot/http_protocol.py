"""One connection by HTTP: uvicorn's, with limits of time and size that uvicorn does not have."""

import asyncio
import enum
from http import HTTPStatus
from typing import Any

import httptools
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from bot.connections import Connections, Reason


class LimitedConfig(uvicorn.Config):
    """The configuration of a server whose connections are limited."""

    def __init__(self, app: ASGIApp, *, connections: Connections, **options: Any) -> None:
        self.connections = connections
        super().__init__(
            app,
            http=LimitedProtocol,
            log_config=None,
            access_log=False,
            lifespan="off",
            interface="asgi3",
            timeout_keep_alive=connections.limits.idle_seconds,
            **options,
        )


class _Phase(enum.Enum):
    """What comes next from the client."""

    HEAD = enum.auto()
    BODY = enum.auto()
    WHOLE = enum.auto()
    """Nothing of this request any more: it is being answered, or was."""
    ENDED = enum.auto()
    """Nothing that is read: the connection is about to be closed."""


class _Refused(Exception):
    """Ends the parsing of what is too large."""


class _PoliteTransport(asyncio.Transport):
    """Closes so that an answer is heard also by a client that is still sending."""

    def __init__(self, transport: asyncio.Transport, protocol: "LimitedProtocol") -> None:
        super().__init__()
        self._transport = transport
        self._protocol = protocol

    def write(self, data: Any) -> None:
        self._transport.write(data)

    def is_closing(self) -> bool:
        return self._protocol.is_ending or self._transport.is_closing()

    def close(self) -> None:
        self._protocol.end()

    def abort(self) -> None:
        self._transport.abort()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)


class LimitedProtocol(HttpToolsProtocol):
    """One connection: each request has a time and a size within which it must be whole."""

    def __init__(
        self,
        config: LimitedConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._open = config.connections
        self._limits = config.connections.limits
        self._phase = _Phase.HEAD
        self._raw: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._fetching: asyncio.TimerHandle | None = None
        self._has_begun = False
        self._head_bytes = 0
        self._unread = 0
        """Bytes since the parser last gave something of a body, or the end of a head."""
        self._was_large = False
        self.held = 0

    @property
    def is_ending(self) -> bool:
        """Whether nothing more is read from this connection."""
        return self._phase is _Phase.ENDED

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._raw = transport
        self.transport = _PoliteTransport(transport, self)
        if self._open.make_room():
            self._enter(_Phase.HEAD)
        else:
            self.drop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._phase = _Phase.ENDED
        self._stop_timers()
        self._release()
        self._open.leave(self)
        self._raw = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read more of a request, if it is not too much by now."""
        if self.is_ending:
            return
        self._unread += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            else:
                self.cycle.keep_alive = False  # what comes after it is not ours to read
        except httptools.HttpParserError:
            if self._was_large:
                self._refuse("large", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            else:
                self._refuse("unreadable", HTTPStatus.BAD_REQUEST)
        else:
            if self._unread > self._limits.head_bytes:
                self._refuse("large", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection to whoever speaks WebSocket."""
        self._stop_timers()
        self._open.leave(self)
        if self._raw is not None:
            self.transport = self._raw
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        """Begin to read a head."""
        self._unset_keepalive_if_required()
        super().on_message_begin()
        self._head_bytes = 0
        if len(self.pipeline) >= self._limits.pipelined:
            raise _Refused
        # The time of the first head counts from the connection on.
        if self._has_begun:
            self._enter(_Phase.HEAD)
        self._has_begun = True

    def on_url(self, url: bytes) -> None:
        """Take more of the address."""
        self._measure(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._measure(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer; a body may follow."""
        self._unread = 0
        self._enter(_Phase.BODY)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take more of the body."""
        self._unread = 0
        super().on_body(body)
        if not (self.is_ending or self.cycle.response_complete):
            self.held += len(body)
            self._open.hold(len(body))

    def on_message_complete(self) -> None:
        """Take note that the request is whole."""
        self._unread = 0
        if not self.is_ending:
            self._enter(_Phase.WHOLE)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, unless this one was answered before it was whole."""
        self._release()
        if self._phase is _Phase.BODY and not self.pipeline:
            self.end()
        super().on_response_complete()
        if not (self.is_ending or self._is_answering):
            self._open.wait(self)

    def pause_writing(self) -> None:
        """Give the client some time to fetch what was answered."""
        super().pause_writing()
        self._fetching = self.loop.call_later(self._limits.answer_seconds, self._unfetched)

    def resume_writing(self) -> None:
        """Go on answering."""
        super().resume_writing()
        if self._fetching is not None:
            self._fetching.cancel()
            self._fetching = None

    def end(self, *, is_sending: bool = False) -> None:
        """Close the connection when what was answered is sent; read nothing more.

        A client that is still sending gets a moment to hear the answer: closing at once would
        make its system throw the answer away.
        """
        if self._raw is None or self.is_ending:
            return
        is_sending = is_sending or self._phase is _Phase.BODY
        self._enter(_Phase.ENDED)
        self._release()
        self.flow.resume_reading()
        if is_sending and self._raw.can_write_eof():
            self._raw.write_eof()
        else:
            self._raw.close()

    def drop(self) -> None:
        """Close the connection at once, without an answer."""
        if self._raw is not None:
            self._stop_timers()
            self._release()
            self._open.leave(self)
            self._phase = _Phase.ENDED
            self._hang_up()
            self._raw.abort()

    def _enter(self, phase: _Phase) -> None:
        self._phase = phase
        self._stop_deadline()
        if (seconds := self._seconds_of(phase)) is not None:
            self._deadline = self.loop.call_later(seconds, self._too_late)
        if phase is _Phase.BODY:
            self._open.send(self)
        elif phase is _Phase.WHOLE or self._is_answering:
            self._open.work(self)
        else:
            self._open.wait(self)

    def _seconds_of(self, phase: _Phase) -> float | None:
        """Say how long a phase may last; None where it is ours to end it."""
        if phase is _Phase.HEAD:
            return self._limits.head_seconds
        if phase is _Phase.BODY:
            return self._limits.body_seconds
        if phase is _Phase.ENDED:
            has_more = self._raw is not None and self._raw.get_write_buffer_size() > 0
            return self._limits.answer_seconds if has_more else self._limits.linger_seconds
        return None

    @property
    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _too_late(self) -> None:
        if self.is_ending:
            self.drop()
        elif self._phase is _Phase.BODY and self.flow.read_paused:
            self._enter(_Phase.BODY)  # it is we who do not read
        elif self._has_begun:
            self._refuse("late", HTTPStatus.REQUEST_TIMEOUT)
        else:
            self._open.note("late")
            self.drop()

    def _unfetched(self) -> None:
        self._open.note("unfetched")
        self.drop()

    def _refuse(self, reason: Reason, status: HTTPStatus) -> None:
        self._open.note(reason)
        # An answer that has begun, or one to an earlier request, would be spoiled by another.
        earlier = self._phase is not _Phase.BODY and self._is_answering
        if self._raw is None or earlier or (self._is_answering and self.cycle.response_started):
            self.drop()
            return
        said = status.phrase.encode()
        self._raw.write(
            b"HTTP/1.1 %d %s\r\ncontent-type: text/plain\r\ncontent-length: %d\r\n"
            b"connection: close\r\n\r\n%s" % (status, said, len(said), said)
        )
        self._hang_up()
        self.end(is_sending=True)

    def _hang_up(self) -> None:
        """Tell whoever is answering that nobody listens any more."""
        if self._is_answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.pipeline.clear()

    def _measure(self, size: int) -> None:
        self._head_bytes += size
        is_crowded = len(self.headers) >= self._limits.header_fields
        if is_crowded or self._head_bytes > self._limits.head_bytes:
            self._was_large = True
            raise _Refused

    def _release(self) -> None:
        self._open.hold(-self.held)
        self.held = 0

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_timers(self) -> None:
        self._stop_deadline()
        self._unset_keepalive_if_required()
        if self._fetching is not None:
            self._fetching.cancel()
            self._fetching = None
