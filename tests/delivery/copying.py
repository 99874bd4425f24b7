"""Copies of a database, and setting it back to them, in the ways that operators have."""

import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, LiteralString

import psycopg
from psycopg import sql

from storage.base import Base
from storage.transaction import Store

Restore = Callable[[], None]
COUNT_ON: Final = (
    "SELECT setval(pg_get_serial_sequence('deliveries', 'id'), (SELECT max(id) FROM deliveries))"
)
"""A dump sets the sequences back as well."""
Copy = Callable[[Store], Restore]
"""Copies a database; what it answers sets the database back to the copy, once."""


def copy_file(store: Store) -> Restore:
    """Copy a SQLite file as `.backup` does, and set it back as `.restore` does."""
    assert store.database.file
    path = store.database.file.path
    copy = path.with_suffix(".copy")
    _carry_over(path, copy)
    return lambda: _carry_over(copy, path)


def _carry_over(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def copy_whole(store: Store) -> Restore:
    """Copy a database of PostgreSQL, and make another of its name from the copy."""
    name, address = _address_of(store)
    live, copy = sql.Identifier(name), sql.Identifier(f"{name}_copy")
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    store.database.engine.dispose()
    _run(address, made.format(copy, live))

    def restore() -> None:
        _run(address, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(live))
        _run(address, made.format(live, copy))
        _run(address, sql.SQL("DROP DATABASE {}").format(copy))

    return restore


def _run(address: str, statement: sql.Composed) -> None:
    with psycopg.connect(address, dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)


def copy_rows(store: Store) -> Restore:
    """Copy the rows of PostgreSQL as a dump does, and write them again into the same tables."""
    _, address = _address_of(store)
    _run_for_tables(address, "CREATE TABLE {copy} AS TABLE {live}")

    def restore() -> None:
        _run_for_tables(address, "DELETE FROM {live}")
        _run_for_tables(address, "INSERT INTO {live} SELECT * FROM {copy}")
        with psycopg.connect(address) as connection:
            connection.execute(COUNT_ON)

    return restore


def _run_for_tables(address: str, said: LiteralString) -> None:
    with psycopg.connect(address) as connection:
        # As a restore does: whatever the order, without looking at what refers to what.
        connection.execute("SET session_replication_role = replica")
        connection.execute("CREATE SCHEMA IF NOT EXISTS copy")
        for each in Base.metadata.sorted_tables:
            live, copy = sql.Identifier("public", each.name), sql.Identifier("copy", each.name)
            connection.execute(sql.SQL(said).format(live=live, copy=copy))


def copy_folder(source: Path, target: Path) -> None:
    """Copy a server's files; they stay those of the user that it runs as."""
    subprocess.run(["cp", "-a", source, target], check=True)


def _address_of(store: Store) -> tuple[str, str]:
    url = store.database.engine.url
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return url.database or "", plain


WAYS: Final = {
    "file": ("sqlite_files", copy_file),
    "whole": ("postgres_server", copy_whole),
    "rows": ("postgres_server", copy_rows),
}
"""The fixture that gives the database, and how it is copied."""
