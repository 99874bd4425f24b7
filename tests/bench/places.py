"""The databases on which something is measured: a file, and a PostgreSQL server."""

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.databases import PostgresServer, SqliteFiles


@contextmanager
def both_databases() -> Iterator[Sequence[tuple[str, str]]]:
    """Give each kind of database with the address of an empty one."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        files = SqliteFiles(Path(folder))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = PostgresServer(Path(folder))
        stack.callback(server.close)
        yield [
            ("SQLite", stack.enter_context(files.address(Path(folder)))),
            ("PostgreSQL", stack.enter_context(server.address(Path(folder)))),
        ]


def plain(address: str) -> str:
    """Write an address as the drivers of PostgreSQL read it."""
    return address.replace("postgresql+psycopg://", "postgresql://")
