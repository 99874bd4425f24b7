"""Bringing a database to the tables that this version needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.engine import Database
from storage.errors import told_plainly

LOCK = "coachbot:migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply the migrations that are missing, under a lock: two processes may start at once."""
    with told_plainly(), database.write_patiently() as connection:
        database.hold(connection, [LOCK])
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def pending(database: Database) -> bool:
    """Answer whether the database lacks a migration of this version."""
    with told_plainly(), database.read() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current != ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
