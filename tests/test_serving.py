"""Whoever half asks, asks too much or never ends is shown out, and keeps nobody else out."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Final

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from bot.connections import Limits, most_connections
from bot.serving import Serving, serving

USUAL: Final = Limits(connections=50, held_bytes=10_000_000)
GET: Final = b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD: Final = b"POST /%s HTTP/1.1\r\nHost: a\r\n"
MORE: Final = 262_144


@dataclass
class House:
    """A server whose application reads up to ten bytes, or everything at /all."""

    port: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    gone: int = 0
    guests: list["Guest"] = field(default_factory=list)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the client's address, or with 413."""
        size, more = 0, True
        while more and (size <= 10 or scope["path"] == "/all"):
            message = await receive()
            if message["type"] == "http.disconnect":
                self.gone += 1
                return
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        status = 413 if more else 200
        said = scope["client"][0].encode()
        length = [(b"content-length", str(len(said)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": length})
        await send({"type": "http.response.body", "body": said})

    async def knock(self, *parts: bytes) -> "Guest":
        """Connect and send something."""
        guest = Guest(*await asyncio.open_connection("127.0.0.1", self.port))
        self.guests.append(guest)
        for each in parts:
            await guest.say(each)
        return guest

    async def is_open(self) -> bool:
        """Whether somebody else's request is answered."""
        guest = await self.knock(GET % b"")
        return (await guest.hear()).startswith(b"HTTP/1.1 200")


class Guest:
    """A client that may do anything."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def say(self, data: bytes) -> None:
        """Send something, if there is still somebody."""
        self._writer.write(data)
        with suppress(ConnectionError):
            await self._writer.drain()

    async def hear(self) -> bytes:
        """Give what is answered first."""
        async with asyncio.timeout(20):
            return await self._reader.read(65536)

    async def hear_all(self) -> bytes:
        """Give everything that is answered until the connection is closed."""
        async with asyncio.timeout(20):
            heard = b""
            with suppress(ConnectionError):
                while piece := await self._reader.read(65536):
                    heard += piece
            return heard

    async def leave(self) -> None:
        """Let go of the connection."""
        self._writer.transport.abort()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


@asynccontextmanager
async def house(limits: Limits = USUAL, *, proxies: Iterable[str] = ()) -> AsyncIterator[House]:
    """Serve until the end of the block."""
    made = House()

    def count(reason: str) -> None:
        made.refused[reason] += 1

    ways = Serving(trusted_proxies=tuple(proxies), refused=count, limits=limits)
    async with serving(made.app, host="127.0.0.1", port=0, ways=ways) as address:
        made.port = int(address.rpartition(":")[2])
        try:
            yield made
        finally:
            for each in made.guests:
                await each.leave()


async def test_half_requests_make_room_and_the_oldest_goes_first() -> None:
    async with house(replace(USUAL, connections=5)) as served:
        half = [await served.knock(HEAD % b"") for _ in range(5)]
        assert await served.is_open()
        assert await half[0].hear_all() == b""
        assert served.refused["full"] >= 1
        await half[4].say(b"\r\n")
        assert (await half[4].hear()).startswith(b"HTTP/1.1 200")


async def test_many_more_than_there_is_room_for_keep_nobody_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        async with house(replace(USUAL, connections=20)) as served:
            for _ in range(3):
                for _ in range(60):
                    await served.knock(HEAD % b"")
                assert await served.is_open()
            assert served.refused["full"] >= 160
    assert len([each for each in caplog.messages if "reason=full" in each]) == 1


async def test_what_is_not_whole_in_time_is_closed() -> None:
    async with house(replace(USUAL, head_seconds=0.1, body_seconds=0.1)) as served:
        silent = await served.knock()
        half = await served.knock(HEAD % b"" + b"X-More: ")
        again = await served.knock(GET % b"", b"GET / HT")
        body = await served.knock(HEAD % b"all" + b"Content-Length: 9\r\n\r\n", b"abc")
        assert await silent.hear_all() == b""
        assert (await half.hear_all()).startswith(b"HTTP/1.1 408")
        assert b"HTTP/1.1 408" in await again.hear_all()
        assert (await body.hear_all()).startswith(b"HTTP/1.1 408")
        assert await served.is_open()
        assert served.gone == 1
        assert served.refused == {"late": 4}


async def test_line_ends_do_not_keep_a_connection() -> None:
    async with house(replace(USUAL, idle_seconds=1)) as served:
        guest = await served.knock(GET % b"")
        assert (await guest.hear()).startswith(b"HTTP/1.1 200")
        await guest.say(b"\r\n")
        assert await guest.hear_all() == b""


MANY_FIELDS: Final = b"".join(b"X-%d: a\r\n" % number for number in range(200))
CHUNKED: Final = HEAD % b"all" + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (HEAD % b"" + b"X-Long: ", b"a" * MORE),
        (HEAD % b"" + b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n", b""),
        (HEAD % b"" + b"X", b"a" * MORE),
        (b"GET /", b"a" * MORE),
        (HEAD % b"" + MANY_FIELDS + b"\r\n", b""),
        (CHUNKED + b"1;", b"a" * MORE),
        (CHUNKED + b"1\r\na\r\n0\r\nX-Trailer: ", b"a" * MORE),
    ],
)
async def test_a_head_that_is_too_large_is_refused(start: bytes, piece: bytes) -> None:
    async with house() as served:
        guest = await served.knock(start, *([piece] * 80))  # 20 MB where there is no end to it
        assert (await guest.hear_all()).startswith(b"HTTP/1.1 431")
        assert await served.is_open()
        assert set(served.refused) == {"large"}


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: -5\r\n",
        b"Content-Length: 5x\r\n",
        b"Content-Length: 99999999999999999999999\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b" folded: header\r\n",
    ],
)
async def test_conflicting_framing_is_refused(framing: bytes) -> None:
    async with house() as served:
        guest = await served.knock(HEAD % b"" + framing + b"\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        assert (await guest.hear_all()).startswith(b"HTTP/1.1 400")
        assert served.refused == {"unreadable": 1}


@pytest.mark.parametrize("garbage", [b"\x16\x03\x01\x02\x00\x01", b"\x00" * 9, b"EHLO a\r\n"])
async def test_garbage_is_refused(garbage: bytes) -> None:
    async with house() as served:
        assert (await (await served.knock(garbage)).hear_all()).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("close", [b"", b"Connection: close\r\n"])
async def test_a_refusal_is_heard_by_whoever_is_still_sending(close: bytes) -> None:
    async with house() as served:
        guest = await served.knock(HEAD % b"" + close + b"Content-Length: 8000000\r\n\r\n")
        for _ in range(16):
            await guest.say(b"a" * 500_000)
        assert (await guest.hear_all()).startswith(b"HTTP/1.1 413")


async def test_whoever_holds_most_memory_goes_first() -> None:
    limits = replace(USUAL, held_bytes=300_000)
    async with house(limits) as served:
        start = HEAD % b"all" + b"Content-Length: 900000\r\n\r\n"
        large = await served.knock(start, b"a" * 200_000)
        small = [
            await served.knock(HEAD % b"all" + b"Content-Length: 20001\r\n\r\n", b"a" * 20_000)
            for _ in range(8)
        ]
        assert await large.hear_all() == b""
        for each in small:
            await each.say(b"a")
            assert (await each.hear()).startswith(b"HTTP/1.1 200")
        assert served.refused == {"memory": 1}


async def test_requests_in_a_row_are_answered_in_order_up_to_a_number() -> None:
    async with house() as served:
        few = await served.knock((GET % b"") * 10)
        heard = b""
        while heard.count(b"HTTP/1.1 200") < 10:
            heard += await few.hear()
        many = await served.knock((GET % b"") * 1000)
        assert (await many.hear_all()).count(b"HTTP/1.1 200") <= 17
        assert await served.is_open()


@pytest.mark.parametrize("asked", [b"websocket", b"h2c"])
async def test_another_protocol_is_answered_as_http(asked: bytes) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: " + asked + b"\r\n\r\n"
    async with house() as served:
        guest = await served.knock(b"GET / HTTP/1.1\r\nHost: a\r\n" + upgrade)
        assert (await guest.hear_all()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        ((), "9.9.9.9", "127.0.0.1"),
        (("10.0.0.0/8",), "9.9.9.9", "127.0.0.1"),
        (("127.0.0.1/32",), "1.1.1.1, 9.9.9.9", "9.9.9.9"),
        (("127.0.0.1/32", "10.0.0.0/8"), "1.1.1.1, 9.9.9.9, 10.1.1.1", "9.9.9.9"),
        (("127.0.0.1/32",), "", "127.0.0.1"),
    ],
)
async def test_only_a_trusted_proxy_says_who_asks(
    proxies: tuple[str, ...], forwarded: str, address: str
) -> None:
    async with house(proxies=proxies) as served, httpx.AsyncClient() as client:
        answer = await client.get(
            f"http://127.0.0.1:{served.port}/", headers={"X-Forwarded-For": forwarded}
        )
        assert answer.text == address


def test_connections_leave_descriptors_for_everything_else() -> None:
    assert 1 <= most_connections() <= 1000
