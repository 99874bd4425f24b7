"""Fixtures of the API's tests."""

from collections.abc import AsyncIterator

import pytest

from storage.transaction import Store
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.rest.api import Api


@pytest.fixture
def workplace(sqlite_store: Store, clock: FrozenClock) -> Workplace:
    """A contact centre on SQLite: what HTTP does with it depends on no database."""
    return Workplace(sqlite_store, clock)


@pytest.fixture
async def api(workplace: Workplace) -> AsyncIterator[Api]:
    """The API without a limit of requests."""
    made = Api(workplace)
    yield made
    await made.close()


@pytest.fixture
async def api_anywhere(store: Store, clock: FrozenClock) -> AsyncIterator[Api]:
    """The API on each database."""
    made = Api(Workplace(store, clock))
    yield made
    await made.close()
