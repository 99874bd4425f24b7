"""A load balancer of the plainest kind: each connection goes to the next replica that answers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count

from tests.replicas.process import free_port


class Balancer:
    """Passes bytes on, and knows nothing of what they say."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._turn = count()

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it."""
        replica = await self._connect()
        if replica is not None:
            there, back = replica
            pipes = asyncio.gather(_pipe(reader, back), _pipe(there, writer))
            with suppress(ConnectionError):
                await pipes
        writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self._ports:
            port = self._ports[next(self._turn) % len(self._ports)]
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65_536):
        target.write(data)
        await target.drain()
    target.close()


@asynccontextmanager
async def balanced(ports: Sequence[int]) -> AsyncIterator[int]:
    """Listen at a port, until the end of the block, for these replicas."""
    port = free_port()
    server = await asyncio.start_server(Balancer(ports).pass_on, "127.0.0.1", port)
    try:
        yield port
    finally:
        server.close()
