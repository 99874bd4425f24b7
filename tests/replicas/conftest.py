"""A database on each side, for the processes of the bot to share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import SqliteFiles
from tests.storage.conftest import new_database

__all__ = ["new_database"]


@pytest.fixture(params=["sqlite", "postgres"])
def address(
    request: pytest.FixtureRequest, sqlite_files: SqliteFiles, tmp_path: Path
) -> Iterator[str]:
    """The address of a database without rows; the test runs once on each kind."""
    if request.param == "sqlite":
        with sqlite_files.address(tmp_path) as found:
            yield found
    else:
        yield request.getfixturevalue("postgres_only")


@pytest.fixture
def postgres_only(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without rows on the tests' PostgreSQL server."""
    with request.getfixturevalue("postgres_server").address(tmp_path) as found:
        yield found
