"""Connecting to a database; how SQLite and PostgreSQL are waited for lives here."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from storage.dialect import Dialect
from storage.errors import ContendedError

BUSY_TIMEOUT_MS = 2000
PATIENT_TIMEOUT_MS = 60_000
LOOK_AGAIN_S = 0.01
CONNECT_TIMEOUT_S = 2
GIVE_UP_IDLE = "-c idle_in_transaction_session_timeout=15s"
"""A replica that freezes inside a transaction holds what it locked no longer than this."""
POOL_WAIT_S = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Database(Dialect):
    """An engine with what only this kind of database knows."""

    engine: Engine
    writing: threading.RLock = field(default_factory=threading.RLock)
    """Held by the one writer in this process on SQLite: writers queue here, not at the file."""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; on SQLite it holds the file's only write lock."""
        turn = self._turn() if self.is_sqlite else _nothing()
        with turn, self.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.writing.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise ContendedError("another writer of this process did not finish in time")
        try:
            yield
        finally:
            self.writing.release()

    @contextmanager
    def write_patiently(self) -> Iterator[Connection]:
        """Open a transaction that waits as long as it takes for others to finish theirs."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            patience = _sqlite_patience(connection) if self.is_sqlite else _nothing()
            with patience, connection.begin():
                if not self.is_sqlite:
                    connection.execute(text("SET LOCAL lock_timeout = 0"))
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading; autocommit on PostgreSQL, one snapshot on SQLite."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                with connection.begin():
                    yield connection
            else:
                yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def hold(self, connection: Connection, keys: Sequence[str]) -> None:
        """Lock the keys, in sorted order, until the transaction ends.

        SQLite needs nothing: its write transaction already excludes every other writer.
        """
        if not self.is_sqlite:
            for key in sorted(set(keys)):
                lock = func.pg_advisory_xact_lock(func.hashtextextended(key, 0))
                connection.execute(select(lock))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _sqlite_patience(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={PATIENT_TIMEOUT_MS}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def connect(address: str, *, pool_size: int = 10) -> Database:
    """Prepare the database at a URL such as `sqlite:///coachbot.db` or `postgresql+psycopg://…`.

    Nothing is opened yet. Raises ValueError for an address of any other kind.
    """
    url = _read_url(address)
    if url.get_backend_name() == "sqlite":
        return Database(engine=_sqlite(url, pool_size), is_sqlite=True)
    return Database(engine=_postgres(url, pool_size), is_sqlite=False)


def _read_url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # What they say may repeat the password.
        raise ValueError("the database address is not a URL") from None
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise ValueError("the database address must start with sqlite:/// or postgresql://")
    if url.get_backend_name() == "sqlite" and not _is_file(url):
        raise ValueError("SQLite needs a file: sqlite:///coachbot.db")
    return url


def _is_file(url: URL) -> bool:
    elsewhere = url.host or url.port or url.username or url.query
    return not elsewhere and url.database not in {None, "", ":memory:"}


def _postgres(url: URL, pool_size: int) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "options": f"-c lock_timeout=5s -c timezone=UTC {GIVE_UP_IDLE}",
        },
    )


def _sqlite(url: URL, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN is deferred and late; ours is sent by the listener below.
        connection.isolation_level = None
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")
        _ensure_wal(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.execute(text("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED"))

    return engine


def _lower(value: Any) -> Any:
    # SQLite's own function knows no letter outside ASCII.
    return value.lower() if isinstance(value, str) else value


def _ensure_wal(connection: sqlite3.Connection) -> None:
    # Two processes may open a new file at once, and SQLite does not wait for this one by itself.
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(LOOK_AGAIN_S)
        else:
            return
