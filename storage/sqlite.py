"""SQLite's side of a connection: the file it is in, what each connection needs, a file that goes.

A connection is never what makes a file: `SqliteFile.make` is. A file that is moved or deleted while
connections to it are open would go on to take writes that nobody finds again, so each connection
is compared with the file at the path before it is used.
"""

import contextlib
import os
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError

from storage.errors import UnreachableError
from storage.failures import MISSING, VANISHED

BUSY_TIMEOUT_MS = 2000
LOOK_AGAIN_S = 0.01
POOL_WAIT_S = 2
OWNERS_ALONE = 0o600
OTHERS = 0o077


@dataclass(slots=True, kw_only=True)
class SqliteFile:
    """The file that a database is in."""

    path: Path
    leaves_journal: bool = False
    """Leave the mode of its journal as it is; it was set when the tables were made."""
    opened: tuple[int, int] | None = field(default=None, init=False)
    """Device and inode of the file as it was first opened."""

    def make(self) -> None:
        """Make the file where there is none, for its owner alone; its folder has to be there.

        SQLite gives what it puts beside the file the same mode.
        """
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, OWNERS_ALONE))

    def keep_private(self) -> bool:
        """Let nobody but the owner read the file and what SQLite put beside it.

        Answers whether that is so now; only the owner can change it.
        """
        if os.name != "posix":
            return True
        parts = [self.path.with_name(f"{self.path.name}{end}") for end in ("", "-wal", "-shm")]
        return not [each for each in parts if not _is_private(each)]

    def open(self) -> sqlite3.Connection:
        """Open the file that is there. Raises UnreachableError where it is not, or is another.

        SQLite would add to another file what the journal beside it holds of the first.
        """
        found = self._found()
        if found is None and self.opened is None:
            raise UnreachableError(MISSING)
        if self.opened not in {None, found}:
            raise UnreachableError(VANISHED)
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode=rw",
            uri=True,
            check_same_thread=False,
            timeout=BUSY_TIMEOUT_MS / 1000,
        )
        self.opened = found
        return connection

    def ensure_there(self) -> None:
        """Raise UnreachableError where the file that was opened is not at its path any more."""
        if self._found() != self.opened:
            raise UnreachableError(VANISHED)

    def _found(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.path)  # noqa: PTH116 the quickest way, and it is asked often
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _is_private(path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        found = path.stat()
        if found.st_mode & OTHERS and found.st_uid == os.geteuid():
            path.chmod(OWNERS_ALONE)
            return True
        return not found.st_mode & OTHERS
    return True


def engine_of(url: URL, file: SqliteFile, pool_size: int) -> Engine:
    """Prepare connections to the file; nothing is opened yet."""
    engine = create_engine(
        url,
        creator=file.open,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN is deferred and late; ours is sent by the listener below.
        connection.isolation_level = None
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")
        if not file.leaves_journal:
            _ensure_wal(connection)

    @event.listens_for(engine, "checkout")
    def compare(_connection: Any, _record: Any, _proxy: Any) -> None:
        try:
            file.ensure_there()
        except UnreachableError as error:
            raise InvalidatePoolError(str(error)) from error

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
