"""Serving HTTP in the running event loop; a stop leaves nobody half answered."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.coaching import CoachingError

BACKLOG = 2048
"""How many connections may wait to be accepted, as uvicorn has it."""


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
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@asynccontextmanager
async def serving(app: ASGIApp, *, host: str, port: int) -> AsyncIterator[str]:
    """Serve until the end of the block; gives the address. Port 0 takes a free one.

    Raises CannotListen.
    """
    async with serving_at(listen(host, port), app) as address:
        yield address


@asynccontextmanager
async def serving_at(listener: socket.socket, app: ASGIApp) -> AsyncIterator[str]:
    """Serve on a port that is taken already, until the end of the block; gives the address."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5
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
