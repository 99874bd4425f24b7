"""Serving HTTP in the running event loop; a stop leaves nobody half answered."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from bot.coaching import CoachingError
from bot.connections import Connections, Limits, most_connections
from bot.http_protocol import LimitedConfig

BACKLOG = 2048
"""How many connections may wait to be accepted, as uvicorn has it."""
ACCEPTED_AT_ONCE = 32
"""Few, so that those that are too many are closed before they take the last descriptors."""


class CannotListen(CoachingError):
    """The port is taken, or not ours to take."""


class _Server(uvicorn.Server):
    """A server that leaves the signals to the program, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets=sockets)
        for each in sockets or ():
            each.listen(BACKLOG)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How connections are taken."""

    trusted_proxies: Sequence[str] = ()
    """Addresses and networks whose word about the client's address is taken."""
    refused: Callable[[str], None] = lambda _reason: None
    """Hears the reason for each connection or request that is refused before it is whole."""
    limits: Limits | None = None
    """None: what fits this process."""


DEFAULT: Final = Serving()


@asynccontextmanager
async def serving(
    app: ASGIApp, *, host: str, port: int, ways: Serving = DEFAULT
) -> AsyncIterator[str]:
    """Serve until the end of the block; gives the address. Port 0 takes a free one.

    Raises CannotListen.
    """
    async with serving_at(listen(host, port), app, ways=ways) as address:
        yield address


@asynccontextmanager
async def serving_at(
    listener: socket.socket, app: ASGIApp, *, ways: Serving = DEFAULT
) -> AsyncIterator[str]:
    """Serve on a port that is taken already, until the end of the block; gives the address."""
    limits = ways.limits or Limits(connections=most_connections())
    config = LimitedConfig(
        app,
        connections=Connections(limits, ways.refused),
        ws="none",
        timeout_graceful_shutdown=5,
        backlog=ACCEPTED_AT_ONCE,
        proxy_headers=bool(ways.trusted_proxies),
        forwarded_allow_ips=list(ways.trusted_proxies),
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    try:
        await server.ready.wait()
        host, port = listener.getsockname()[:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        server.should_exit = True
        await running


def listen(host: str, port: int) -> socket.socket:
    """Take a port, so that nobody else can; 0 takes a free one. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or "a port is a number up to 65535"
        raise CannotListen(
            f"Port {port} on {host} can’t be taken: {reason}. Please choose another."
        ) from error
    listener.setblocking(False)
    return listener
