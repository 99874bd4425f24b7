"""Fixtures for deliveries."""

import pytest

from storage.transaction import Store
from tests.conftest import FrozenClock
from tests.delivery.pretend import Office


@pytest.fixture
def office(store: Store, clock: FrozenClock) -> Office:
    """A store with three people, on each database."""
    return Office(store, clock)
