"""The attacks, each in a process of its own: `python -m tests.attacks.strangers NAME PORT SECONDS`.

A signed request to be repeated, headers and body, comes by standard input.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final

from tests.clocks import signed_at

PIECE: Final = b"a=1&" * 16_384
FORGED: Final = b"x-slack-signature: v0=%s\r\nx-slack-request-timestamp: %s\r\n"
START: Final = b"POST %s HTTP/1.1\r\nHost: a\r\n"
FORM: Final = b"content-type: application/x-www-form-urlencoded\r\n"


class Stranger:
    """Somebody who goes on until the time is over."""

    def __init__(self, port: int, seconds: float, signed: bytes) -> None:
        self._port = port
        self._end = time.monotonic() + seconds
        self._signed = signed
        self.tries = 0

    @property
    def goes_on(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self._end

    async def repeat(self, once: Callable[[], Awaitable[None]], *, callers: int) -> None:
        """Let so many do something again and again."""

        async def call() -> None:
            while self.goes_on:
                with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                    async with asyncio.timeout(10):
                        await once()
                self.tries += 1
                await asyncio.sleep(0)

        await asyncio.gather(*(call() for _ in range(callers)))

    async def unsigned(self) -> None:
        """Post 1 MB without a signature, four at a time."""
        await self.repeat(lambda: self._large(b""), callers=4)

    async def forged(self) -> None:
        """Post 1 MB with a signature of the right shape, four at a time."""
        await self.repeat(lambda: self._large(self._forged()), callers=4)

    async def chunked(self) -> None:
        """Post 400 MB in chunks, again and again."""
        await self.repeat(self._endless, callers=1)

    async def half(self) -> None:
        """Keep 1,100 connections open, each with half a head."""
        await self.repeat(self._half, callers=1100)

    async def header(self) -> None:
        """Send a header of 20 MB, four at a time."""
        await self.repeat(self._long_header, callers=4)

    async def tokens(self) -> None:
        """Try 120 wrong secrets at once, each with another address in its header."""
        await self.repeat(self._wrong_secret, callers=120)

    async def commas(self) -> None:
        """Type 8,000 commas, ten times a second."""

        async def typed() -> None:
            await self._exchange(self._signed)
            await asyncio.sleep(0.1)

        await self.repeat(typed, callers=1)

    def _forged(self) -> bytes:
        return FORGED % (b"a" * 64, signed_at().encode())

    async def _large(self, headers: bytes) -> None:
        length = b"content-length: 983040\r\n\r\n"
        await self._exchange(START % b"/slack/events" + FORM + headers + length, PIECE * 15)

    async def _endless(self) -> None:
        start = START % b"/slack/events" + FORM + self._forged()
        chunk = b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
        await self._exchange(start + b"transfer-encoding: chunked\r\n\r\n", *[chunk] * 6_104)

    async def _half(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(START % b"/slack/events" + b"X-More: ")
            await reader.read()
        finally:
            writer.close()

    async def _long_header(self) -> None:
        await self._exchange(START % b"/slack/events" + b"X-More: ", *[b"a" * 65_536] * 305)

    async def _wrong_secret(self) -> None:
        body = b"grant_type=client_credentials&client_id=a%d&client_secret=b" % self.tries
        forwarded = b"x-forwarded-for: 10.0.%d.%d\r\n" % divmod(self.tries % 65_536, 256)
        length = b"content-length: %d\r\n\r\n" % len(body)
        await self._exchange(START % b"/oauth/token" + FORM + forwarded + length + body)
        await asyncio.sleep(1)

    async def _exchange(self, *parts: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            for each in parts:
                writer.write(each)
                await writer.drain()
            await reader.read(1)
        finally:
            writer.close()


ATTACKS: Final[Mapping[str, Callable[[Stranger], Awaitable[None]]]] = {
    "unsigned": Stranger.unsigned,
    "forged": Stranger.forged,
    "chunked": Stranger.chunked,
    "half": Stranger.half,
    "header": Stranger.header,
    "tokens": Stranger.tokens,
    "commas": Stranger.commas,
}


def main() -> None:
    """Attack until the time is over, and say how often it was tried."""
    name, port, seconds = sys.argv[1:]
    signed = sys.stdin.buffer.read()
    print("begun", flush=True)
    stranger = Stranger(int(port), float(seconds), signed)
    asyncio.run(_attack(stranger, name))
    print(stranger.tries)  # what the measurement reads


async def _attack(stranger: Stranger, name: str) -> None:
    await ATTACKS[name](stranger)


if __name__ == "__main__":
    main()
