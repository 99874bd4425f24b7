"""A database that fails in the middle: no promise is lost, and its cause is told once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.delivery import events
from bot.delivery.bell import Bell
from bot.delivery.heartbeat import Heartbeat
from storage.errors import UnreachableError
from storage.outages import CALM
from storage.transaction import Store
from storage.types import DeliveryState
from tests.conftest import FrozenClock
from tests.databases import PostgresServer, SqliteFiles, opened
from tests.delivery.pretend import Line, Office, in_a_thread, settings

OFTEN = timedelta(milliseconds=10)
SOON = 20.0


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.message for each in caplog.records if each.name == "storage"]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not holds():  # noqa: ASYNC110 -- what holds is asked of a database
            await asyncio.sleep(0.01)


@asynccontextmanager
async def beating(office: Office) -> AsyncIterator[list[events.Event]]:
    """A sender at work; gives what happened."""
    happened: list[events.Event] = []
    ways = settings(watch=happened.append)
    sender = office.sender(Line(office.network), hop=in_a_thread, settings=ways)
    heartbeat = Heartbeat(sender, Bell(), every=OFTEN)
    await heartbeat.start()
    try:
        yield happened
    finally:
        await heartbeat.stop()


def failures(happened: list[events.Event]) -> int:
    return sum(isinstance(each, events.Unanswered) for each in happened)


async def test_a_file_that_vanishes_and_comes_back_loses_no_promise(
    sqlite_files: SqliteFiles,
    tmp_path: Path,
    clock: FrozenClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with sqlite_files.address(tmp_path) as address, opened(address) as store:
        office = Office(store, clock)
        file = store.database.file
        assert file is not None
        away = tmp_path / "away.db"
        owed = office.promise(office.schedule(), after=timedelta(minutes=1))
        async with beating(office) as happened:
            file.path.rename(away)
            clock.advance(timedelta(minutes=2))
            await until(lambda: failures(happened) >= 3)
            assert not file.path.exists(), "nobody makes a new file in its place"
            assert office.network.posts == []
            away.rename(file.path)
            await until(lambda: office.row(owed).state is DeliveryState.SENT)
    assert len(office.network.posts) == 1
    said = "the SQLite file was moved or deleted while it was in use"
    assert told(caplog) == [f"DatabaseUnusable code=database.vanished said={said!r}"]
    loud = [each for each in caplog.records if each.levelno > logging.DEBUG]
    assert [each.message for each in loud if "RoundFailed" in each.message] == []


async def test_a_disk_that_fills_up_loses_no_promise(
    sqlite_store: Store, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    office = Office(sqlite_store, clock)
    session = office.schedule()
    owed = [office.promise(session, after=timedelta(minutes=1)) for _ in range(40)]
    pages = "PRAGMA max_page_count = {0}"
    limit = {"pages": 1}  # SQLite takes what the file has by now for the least

    def set_limit(connection: object, *_more: object) -> None:
        connection.execute(pages.format(limit["pages"]))  # type: ignore[attr-defined]

    event.listen(sqlite_store.database.engine, "checkout", set_limit)

    def fill() -> None:
        for _ in range(1000):
            office.promise(session, after=timedelta(days=1))

    with pytest.raises(UnreachableError, match="full"):
        fill()
    async with beating(office):
        clock.advance(timedelta(minutes=2))
        await asyncio.sleep(0.2)
        limit["pages"] = 1_000_000
        await until(lambda: all(office.row(e).state is DeliveryState.SENT for e in owed))
    assert sorted(each.delivery_id for each in office.network.posts) == sorted(owed)
    assert told(caplog) == [
        "DatabaseUnusable code=database.disk_full said='database or disk is full'"
    ]


async def test_a_server_that_stops_and_starts_is_told_once_each(
    postgres_server: PostgresServer,
    tmp_path: Path,
    clock: FrozenClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with postgres_server.address(tmp_path) as address, opened(address) as store:
        office = Office(store, clock)
        owed = office.promise(office.schedule(), after=timedelta(minutes=1))
        async with beating(office) as happened:
            await asyncio.to_thread(postgres_server.crash)
            clock.advance(timedelta(minutes=2))
            await until(lambda: failures(happened) >= 3)
            await asyncio.to_thread(postgres_server.revive)
            await until(lambda: office.row(owed).state is DeliveryState.SENT)
            await asyncio.sleep(CALM.total_seconds())
            await until(lambda: store.outages.current is None)
    codes = [each.split()[1] for each in told(caplog) if "Unusable" in each]
    assert sorted(codes) == sorted(set(codes)), "each cause is told once"
    # Which of these is seen depends on the moment at which the server is asked.
    assert codes
    assert {each.removeprefix("code=database.") for each in codes} <= {
        *("no_answer", "unreachable", "starting"),
    }
    assert told(caplog)[-1].startswith("DatabaseUsable after=")
    assert len([each for each in told(caplog) if "DatabaseUsable" in each]) == 1
    assert len(office.network.posts) == 1
