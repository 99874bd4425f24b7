"""Bringing a database to the tables that this version needs, and seeing how far it is from them."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.engine import Database
from storage.errors import StorageError, UnreachableError, told_plainly
from storage.failures import explain_file

LOCK = "coachbot:migrations"


class Age(Enum):
    """How a database's tables are to those of this version."""

    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The version that a database's tables have, and the one that is wanted here."""

    age: Age
    found: str | None
    wanted: str


class NewerError(StorageError):
    """The tables are of a version that this one does not know. Nothing was done."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(f"the tables are of version {tables.found}, newer than {tables.wanted}")
        self.tables = tables


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply the migrations that are missing, under a lock: two processes may start at once.

    Makes the file of a SQLite database that is not there. Raises NewerError, UnreachableError.
    """
    with told_plainly(database.password):
        _make(database)
        with database.write_patiently() as connection:
            database.hold(connection, [LOCK])
            tables = _tables(connection)
            if tables.age is Age.NEWER:
                raise NewerError(tables)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)


def examine(database: Database) -> Tables:
    """See how the tables are to those of this version; changes nothing. Raises UnreachableError."""
    if not database.is_there:
        return Tables(age=Age.MISSING, found=None, wanted=_head(_scripts()))
    with told_plainly(database.password), database.read() as connection:
        return _tables(connection)


def pending(database: Database) -> bool:
    """Answer whether the database lacks a migration of this version."""
    return examine(database).age is not Age.CURRENT


def ensure_writable(database: Database) -> None:
    """Write the version of the tables as it is. Raises UnreachableError, ContendedError."""
    with told_plainly(database.password), database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")


def _tables(connection: Connection) -> Tables:
    found = MigrationContext.configure(connection).get_current_revision()
    scripts = _scripts()
    wanted = _head(scripts)
    if found is None:
        age = Age.MISSING
    elif found == wanted:
        age = Age.CURRENT
    else:
        known = {each.revision for each in scripts.walk_revisions()}
        age = Age.OLDER if found in known else Age.NEWER
    return Tables(age=age, found=found, wanted=wanted)


def _make(database: Database) -> None:
    try:
        database.make()
    except OSError as error:
        raise UnreachableError(explain_file(error)) from error


def _head(scripts: ScriptDirectory) -> str:
    return scripts.get_current_head() or ""


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
