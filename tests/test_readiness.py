"""Whether the database takes writes is tried now and then, and what keeps it from that is told."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import event

from bot.clocks import Clocks
from bot.coaching import Context
from bot.health import WRITE_AGAIN, WRITE_EVERY, Health, State, counting_due
from bot.hop import Hop
from bot.metrics import Metrics
from storage.errors import UnreachableError
from storage.outages import CALM, Outages
from storage.transaction import Store
from tests.conftest import FrozenClock
from tests.databases import PostgresServer
from tests.delivery.pretend import statements
from tests.storage import rows


class Ticks:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def advance(self, span: timedelta) -> None:
        self.seconds += span.total_seconds()


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def looking(clock: FrozenClock, ticks: Ticks) -> Iterator[Callable[[Store], Health]]:
    """Make health of a store."""
    hop = Hop(threads=2)

    def look_at(store: Store) -> Health:
        store.outages = Outages(ticks)
        context = Context(store=store, clock=clock)
        return Health(
            count_due=counting_due(context, hop, ticks=ticks),
            clocks=Clocks(),
            metrics=Metrics(clock=clock),
        )

    yield look_at
    hop.close()


def database_of(state: State) -> dict[str, Any]:
    facts: dict[str, Any] = state.facts["database"]
    return facts


def hire(store: Store, name: str) -> None:
    with store.begin() as tx:
        rows.person(tx, name)


def written(made: list[tuple[str, Any]]) -> int:
    return sum(each.startswith("UPDATE alembic_version") for each, _ in made)


async def test_it_is_tried_now_and_then_however_often_somebody_asks(
    store: Store, looking: Callable[[Store], Health], ticks: Ticks
) -> None:
    health = looking(store)
    with statements(store) as made:
        for _ in range(5):
            assert database_of(await health.look()) == {"answers": True}
        assert written(made) == 1
        ticks.advance(WRITE_EVERY)
        await health.look()
        await health.look()
        assert written(made) == 2


async def test_a_server_that_takes_no_writes_is_not_ready_until_it_does(
    postgres_server: PostgresServer,
    postgres_store: Store,
    looking: Callable[[Store], Health],
    ticks: Ticks,
) -> None:
    health = looking(postgres_store)
    name = sql.Identifier(str(postgres_store.database.engine.url.database))
    assert database_of(await health.look()) == {"answers": True}
    with psycopg.connect(postgres_server.uri("postgres"), autocommit=True) as operator:
        operator.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only TO on").format(name)
        )
        postgres_store.close()  # as when the server was started anew as a standby
        ticks.advance(WRITE_EVERY)
        for _ in range(3):
            facts = database_of(await health.look())
            assert facts == {"answers": False, "reason": "database.read_only"}
        operator.execute(
            sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name)
        )
    ticks.advance(WRITE_AGAIN)
    await health.look()  # the try that throws away the sessions of before
    ticks.advance(CALM)
    assert database_of(await health.look()) == {"answers": True}
    assert postgres_store.outages.current is None


async def test_a_full_disk_is_seen_by_what_failed_and_is_ready_again_with_room(
    sqlite_store: Store, looking: Callable[[Store], Health], ticks: Ticks
) -> None:
    health = looking(sqlite_store)
    limit = {"pages": 1}  # SQLite takes what the file has by now for the least

    def set_limit(connection: Any, *_more: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit['pages']}")

    event.listen(sqlite_store.database.engine, "checkout", set_limit)
    assert database_of(await health.look()) == {"answers": True}

    def fill() -> None:
        for number in range(1000):
            hire(sqlite_store, f"Person {number}")

    with pytest.raises(UnreachableError, match="full"):
        fill()
    full = {"answers": False, "reason": "database.disk_full"}
    assert database_of(await health.look()) == full
    limit["pages"] = 1_000_000
    hire(sqlite_store, "Ann")
    assert database_of(await health.look()) == full, "for as long as a write failed just now"
    ticks.advance(max(CALM, WRITE_AGAIN))
    assert database_of(await health.look()) == {"answers": True}


async def test_a_file_that_was_deleted_is_not_ready(
    sqlite_store: Store, looking: Callable[[Store], Health]
) -> None:
    health = looking(sqlite_store)
    assert database_of(await health.look()) == {"answers": True}
    assert sqlite_store.database.file
    sqlite_store.database.file.path.unlink()
    gone = {"answers": False, "reason": "database.vanished"}
    assert database_of(await health.look()) == gone
    assert not sqlite_store.database.file.path.exists()


async def test_somebody_else_who_writes_for_long_is_no_reason(
    sqlite_store: Store, looking: Callable[[Store], Health]
) -> None:
    health = looking(sqlite_store)
    with sqlite_store.begin():
        assert database_of(await health.look()) == {"answers": True}
    assert sqlite_store.outages.current is None
