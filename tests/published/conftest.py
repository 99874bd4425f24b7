"""Fixtures of the tests with published clients."""

from collections.abc import Iterator

import pytest

from storage.transaction import Store
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.published.centre import Centre, served
from tests.published.library import Library


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The published Python library."""
    return Library(tmp_path_factory.mktemp("home"))


@pytest.fixture
def workplace(sqlite_store: Store, clock: FrozenClock) -> Workplace:
    """A contact centre on SQLite."""
    return Workplace(sqlite_store, clock)


@pytest.fixture
def centre(workplace: Workplace, library: Library) -> Iterator[Centre]:
    """A contact centre that is served."""
    with served(workplace, library) as found:
        yield found
