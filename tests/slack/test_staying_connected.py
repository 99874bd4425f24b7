"""However a socket ends, another is there soon, and the log says once what is wrong."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.delivery.backoff import BackOff
from bot.sandbox import Sandbox
from bot.sandbox.wire.sockets import CONNECTIONS_MOST
from bot.slack.front import build_front
from bot.slack.transport.connection import Connection
from bot.slack.transport.doorway import Doorway
from bot.slack.transport.times import Times
from storage.transaction import Store
from tests.slack.gate import GatedHop
from tests.slack.office import DANA, Office, opened, settings_for

OPEN = "apps.connections.open"
TIMES = Times(
    back_off=BackOff(
        first=timedelta(milliseconds=20),
        longest=timedelta(milliseconds=100),
        least=timedelta(milliseconds=10),
    ),
    handshake=timedelta(seconds=5),
    ping=timedelta(milliseconds=200),
    leaving=timedelta(seconds=5),
    deaf_after=timedelta(0),
)


@pytest.fixture
async def office(sqlite_store: Store, sandbox: Sandbox, hop: GatedHop) -> AsyncIterator[Office]:
    async with opened(sqlite_store, sandbox, hop, times=TIMES) as running:
        yield running


async def until(is_so: Callable[[], bool], *, seconds: float = 10) -> None:
    for _ in range(round(seconds / 0.01)):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Why Slack was unavailable, each time that the log said so."""
    said = [each for each in caplog.messages if "event=SlackUnavailable" in each]
    return [each.split("reason=")[1].split()[0] for each in said]


def is_connected(office: Office) -> Callable[[], bool]:
    return lambda: office.front.connection.status.is_connected


def has_asked(sandbox: Sandbox, times: int) -> Callable[[], bool]:
    """Whether so many addresses were asked for."""
    return lambda: len(sandbox.calls.to(OPEN)) >= times


async def works(office: Office) -> None:
    dana = office.person(DANA)
    before = len(dana.messages)
    await dana.command("/coach help")
    assert len(dana.messages) == before + 1


async def test_each_try_has_a_fresh_address(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    asked = len(office.sandbox.calls.to(OPEN))
    office.sandbox.faults.add("socket", "drop_before", times=5)
    await office.sandbox.sockets.cut()
    await until(lambda: len(office.sandbox.calls.to(OPEN)) == asked + 6)
    await until(is_connected(office))
    await works(office)
    assert told(caplog) in (["closed", "socket_refused"], ["socket_refused"])


async def test_an_address_that_was_too_old_is_not_used_again(office: Office) -> None:
    sandbox = office.sandbox
    asked = len(sandbox.calls.to(OPEN))
    sandbox.sockets.ticket_seconds = 0
    await sandbox.sockets.cut()
    await until(lambda: len(sandbox.calls.to(OPEN)) > asked + 2)
    assert office.front.connection.status.problem
    sandbox.sockets.ticket_seconds = 30
    await until(is_connected(office))
    await works(office)


async def test_with_ten_connections_taken_the_eleventh_waits_its_turn(
    sqlite_store: Store, sandbox: Sandbox, hop: GatedHop, caplog: pytest.LogCaptureFixture
) -> None:
    unhurried = replace(TIMES, back_off=replace(TIMES.back_off, least=timedelta(milliseconds=90)))
    async with opened(sqlite_store, sandbox, hop, times=unhurried) as office:
        async with AsyncExitStack() as taken:
            http = await taken.enter_async_context(aiohttp.ClientSession())
            for _ in range(CONNECTIONS_MOST - 1):
                ticket = sandbox.sockets.issue_ticket()
                address = f"{sandbox.url}/socket?ticket={ticket}"
                await taken.enter_async_context(http.ws_connect(address))
            another = build_front(office.context, hop, settings_for(sandbox, times=unhurried))
            before = len(sandbox.calls.to(OPEN))
            await another.connection.start()
            await until(lambda: len(sandbox.calls.to(OPEN)) >= before + 3)
            problem = another.connection.status.problem
            assert problem
            assert (problem.code, problem.is_refusal) == ("too_many_websockets", False)
            assert "ten connections" in problem.message
            before = len(sandbox.calls.to(OPEN))
            await asyncio.sleep(0.5)
            assert len(sandbox.calls.to(OPEN)) - before <= 6
            assert sandbox.sockets.connection_count == CONNECTIONS_MOST
        await asyncio.wait_for(another.connection.wait_connected(), 10)
        await another.connection.stop()
    assert told(caplog).count("too_many_websockets") == 1


async def test_a_socket_that_will_end_is_replaced_and_nothing_in_hand_is_lost(
    office: Office, hop: GatedHop, caplog: pytest.LogCaptureFixture
) -> None:
    sockets, dana = office.sandbox.sockets, office.person(DANA)
    with hop.shut():
        asked = asyncio.create_task(dana.command("/coach help"))
        await hop.reached()
        await sockets.warn()
        await until(lambda: sockets.connection_count == 2)
        assert office.front.connection.status.is_connected
    await asked
    for _ in range(4):  # over both sockets in turn: Slack uses each that is there
        await dana.command("/coach help")
    await sockets.refresh()
    await until(lambda: sockets.connection_count == 1)
    await works(office)
    assert len(dana.messages) == 6
    assert told(caplog) == []


async def test_a_refresh_without_a_warning_is_followed_by_another_socket(office: Office) -> None:
    sandbox = office.sandbox
    for number in range(3):
        await sandbox.sockets.refresh()
        await until(has_asked(sandbox, number + 2))
        await until(lambda: sandbox.sockets.connection_count == 1)
        await until(is_connected(office))
        await works(office)


class Relay:
    """A line to the sandbox that can fall silent: what is sent over it goes nowhere."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []
        self._silent: set[asyncio.StreamWriter] = set()

    def fall_silent(self) -> None:
        """Let the connections that are there carry nothing more."""
        self._silent.update(self._writers)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers += [writer, far_writer]
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while said := await reader.read(65536):
                if writer not in self._silent:
                    writer.write(said)
        writer.close()


@asynccontextmanager
async def relayed(sandbox: Sandbox) -> AsyncIterator[Relay]:
    relay = Relay(urlsplit(sandbox.url).port or 0)
    server = await asyncio.start_server(relay.take, "127.0.0.1", 0)
    near = sandbox.world.url
    sandbox.world.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield relay
    finally:
        sandbox.world.url = near
        server.close()


async def test_a_socket_that_is_only_half_open_is_found_and_replaced(
    sqlite_store: Store, sandbox: Sandbox, hop: GatedHop
) -> None:
    async with (
        relayed(sandbox) as relay,
        opened(sqlite_store, sandbox, hop, times=TIMES) as office,
    ):
        asked = len(sandbox.calls.to(OPEN))
        relay.fall_silent()
        await until(lambda: len(sandbox.calls.to(OPEN)) > asked)
        await until(is_connected(office))
        await until(lambda: sandbox.sockets.connection_count == 1)
        await works(office)


@asynccontextmanager
async def deaf(
    store: Store, sandbox: Sandbox, hop: GatedHop
) -> AsyncIterator[Connection | Doorway]:
    times = replace(TIMES, deaf_after=timedelta(milliseconds=300))
    async with opened(store, sandbox, hop, times=times) as office:
        yield office.front.connection


async def test_who_stays_deaf_though_slack_answers_begins_anew_and_then_gives_up(
    sqlite_store: Store, sandbox: Sandbox, hop: GatedHop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with deaf(sqlite_store, sandbox, hop) as connection:
        sandbox.faults.add("socket", "drop_before", times=10_000)
        await sandbox.sockets.cut()
        await asyncio.wait_for(connection.given_up.wait(), 10)
    said = [each.split()[0] for each in caplog.messages]
    assert said.index("event=SlackRestarted") < said.index("event=SlackDeaf")


Trouble = Callable[[Sandbox], Awaitable[None]]


async def slack_is_down(sandbox: Sandbox) -> None:
    sandbox.faults.add("*", "server_error", times=10_000)


async def all_places_are_taken(sandbox: Sandbox) -> None:
    sandbox.faults.add("socket", "error", error="too_many_websockets", times=10_000)


async def the_token_is_refused(sandbox: Sandbox) -> None:
    sandbox.faults.add(OPEN, "error", error="invalid_auth", times=10_000)


@pytest.mark.parametrize(
    ("begin", "code"),
    [
        (slack_is_down, "server_error"),
        (all_places_are_taken, "too_many_websockets"),
        (the_token_is_refused, "invalid_auth"),
    ],
)
async def test_where_slack_says_why_a_new_process_would_hear_the_same(
    sqlite_store: Store, sandbox: Sandbox, hop: GatedHop, begin: Trouble, code: str
) -> None:
    async with deaf(sqlite_store, sandbox, hop) as connection:
        await begin(sandbox)
        await sandbox.sockets.cut()
        await asyncio.sleep(1.2)
        assert not connection.given_up.is_set()
        problem = connection.status.problem
        assert problem
        assert problem.code == code
        assert connection.telling.refused.is_set() == problem.is_refusal
        sandbox.faults.clear()
        await until(lambda: connection.status.is_connected)
        assert not connection.telling.refused.is_set()


async def test_a_token_that_is_revoked_later_is_noticed(
    sqlite_store: Store, sandbox: Sandbox, hop: GatedHop
) -> None:
    times = replace(TIMES, look_again=timedelta(milliseconds=50))
    async with opened(sqlite_store, sandbox, hop, times=times) as office:
        sandbox.faults.add("auth.test", "server_error", times=2)
        sandbox.faults.add("auth.test", "error", error="token_revoked", times=2)
        connection = office.front.connection
        await until(lambda: not connection.status.is_connected)
        problem = connection.status.problem
        assert problem
        assert problem.code == "token_revoked", "an outage alone is nothing to tell"
        await until(is_connected(office))
