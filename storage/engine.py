"""A database as transactions see it; how long others are waited for is decided here."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text

from storage import postgres, sqlite
from storage.addresses import described, read_address
from storage.dialect import Dialect
from storage.errors import ContendedError, StorageError
from storage.postgres import set_for_this_transaction
from storage.sqlite import BUSY_TIMEOUT_MS, SqliteFile

PATIENT_TIMEOUT_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Database(Dialect):
    """An engine with what only this kind of database knows."""

    engine: Engine
    file: SqliteFile | None = None
    """On SQLite, the file that everything is in."""
    writing: threading.RLock = field(default_factory=threading.RLock)
    """Held by the one writer in this process on SQLite: writers queue here, not at the file."""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; on SQLite it holds the file's only write lock."""
        turn = self._turn() if self.is_sqlite else _nothing()
        with turn, self.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                set_for_this_transaction(connection)
                yield connection
            self._ensure_kept()

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
        """Open a transaction that waits as long as it takes for others to finish theirs.

        It may make tables anew, so SQLite looks at its references once, at the end.
        """
        with self.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            patience = _sqlite_patience(connection) if self.is_sqlite else _nothing()
            with patience, connection.begin():
                if not self.is_sqlite:
                    set_for_this_transaction(connection)
                    connection.execute(text("SET LOCAL lock_timeout = 0"))
                yield connection
                if self.is_sqlite:
                    _ensure_references(connection)
            self._ensure_kept()

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

    @property
    def password(self) -> str | None:
        """The password of the address, which nothing that is told may repeat."""
        password = self.engine.url.password
        return None if password is None else str(password)

    @property
    def is_there(self) -> bool:
        """Whether there is a file, on SQLite; of a server only its answer tells."""
        return self.file is None or self.file.path.exists()

    @property
    def place(self) -> str:
        """Where it is, without a password."""
        return str(self.file.path) if self.file is not None else described(self.engine.url)

    def make(self) -> None:
        """Make an empty database where that takes no more than a file, unless it is there."""
        if self.file is not None:
            self.file.make()

    def keep_private(self) -> bool:
        """Let nobody else read the file, on SQLite; answers whether that is so now."""
        return self.file is None or self.file.keep_private()

    def _ensure_kept(self) -> None:
        # What was committed to a file that is gone would be found by nobody.
        if self.file is not None:
            self.file.ensure_there()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _sqlite_patience(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    # A table is changed by making another in its place, which those that refer to it must bear.
    for pragma in (f"busy_timeout={PATIENT_TIMEOUT_MS}", "foreign_keys=OFF"):
        driver.execute(f"PRAGMA {pragma}")
    try:
        yield
    finally:
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
            driver.execute(f"PRAGMA {pragma}")


def _ensure_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StorageError(f"a row of {broken[0]} refers to one of {broken[2]} that is not there")


def connect(address: str, *, pool_size: int = 10, leaves_journal: bool = False) -> Database:
    """Prepare the database at a URL such as `sqlite:///coachbot.db` or `postgresql+psycopg://…`.

    Nothing is opened yet, and a connection makes no file. `leaves_journal` leaves a SQLite file in
    the mode of its journal that it has. Raises ValueError for an address of any other kind.
    """
    url = read_address(address)
    if url.get_backend_name() != "sqlite":
        return Database(engine=postgres.engine_of(url, pool_size), is_sqlite=False)
    path = Path(url.database or "").absolute()
    file = SqliteFile(path=path, leaves_journal=leaves_journal)
    return Database(engine=sqlite.engine_of(url, file, pool_size), is_sqlite=True, file=file)
