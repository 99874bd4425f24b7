"""Addresses of databases, for tests that open a database themselves."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.databases import PostgresServer, SqliteFiles

NewDatabase = Callable[[str], str]
"""Makes a database without any table, of a name that is not taken, and tells its address."""


@contextlib.contextmanager
def _in_postgres(server: PostgresServer) -> Iterator[NewDatabase]:
    made = []
    with psycopg.connect(server.uri("postgres"), autocommit=True) as connection:

        def new(name: str) -> str:
            made.append(sql.Identifier(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(made[-1]))
            return server.uri(name)

        yield new
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture(params=["sqlite", "postgres"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Makes databases that no migration has seen; the test runs once on each kind."""
    if request.param == "sqlite":
        yield lambda name: f"sqlite:///{tmp_path / name}.db"
    else:
        with _in_postgres(request.getfixturevalue("postgres_server")) as new:
            yield new


@pytest.fixture
def sqlite_address(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated SQLite file."""
    with sqlite_files.address(tmp_path) as address:
        yield address


@pytest.fixture
def postgres_address(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated PostgreSQL database."""
    with postgres_server.address(tmp_path) as address:
        yield address
