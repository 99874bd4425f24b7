"""Fixtures of the use cases' tests."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from storage.transaction import Store
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.databases import opened


@pytest.fixture
def workplace(store: Store, clock: FrozenClock) -> Workplace:
    """A contact centre on each database."""
    return Workplace(store, clock)


@pytest.fixture
def desk(sqlite_store: Store, clock: FrozenClock) -> Workplace:
    """A contact centre on SQLite alone, for what does not depend on the database."""
    return Workplace(sqlite_store, clock)


@pytest.fixture(scope="module", params=["sqlite_files", "postgres_server"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workplace]:
    """A contact centre on each database for all the tests of a module: they leave no trace."""
    source = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp("shared")
    with source.address(folder) as address, opened(address) as store:
        yield Workplace(store, FrozenClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)))
