"""Every database comes to the tables that the models describe, whoever upgrades it, and back."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

import storage
from storage import migrations
from storage.base import Base
from storage.engine import Database, connect
from tests.storage.conftest import NewDatabase

ROUNDS: Final = 3
UPGRADE_AT_A_WORD: Final = """
import sys

from storage import migrations
from storage.engine import connect

for address in sys.argv[1:]:
    print("ready", flush=True)
    sys.stdin.readline()
    database = connect(address)
    migrations.upgrade(database)
    database.close()
print("done", flush=True)
"""
INDEXES: Final = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND tablename <> 'alembic_version' AND indexname <> 'no_double_booking'"
    ),
}


def find_differences(database: Database) -> list[object]:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def read_indexes(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text(INDEXES[connection.dialect.name]))
    return {name: " ".join(said.split()) for name, said in rows}


def read_tables(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.dialect.get_table_names(connection))


def downgrade(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.write_patiently() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def test_an_upgrade_makes_the_tables_of_the_models(new_database: NewDatabase) -> None:
    database = connect(new_database("fresh"))
    assert migrations.pending(database)
    migrations.upgrade(database)
    assert not migrations.pending(database)
    assert find_differences(database) == []
    migrations.upgrade(database)
    assert read_tables(database) == {"alembic_version", *Base.metadata.tables}
    database.close()


def test_the_indexes_are_those_of_the_models_to_the_word(new_database: NewDatabase) -> None:
    """The comparison by Alembic does not look at what a partial index leaves out."""
    found = []
    for name in ("migrated", "described"):
        database = connect(new_database(name))
        if name == "migrated":
            migrations.upgrade(database)
        database.make()
        with database.write() as connection:
            Base.metadata.create_all(connection)
            found.append(read_indexes(connection))
        database.close()
    migrated, described = found
    assert migrated == described
    assert {"ix_deliveries_next_at", "ix_bookings_person_id_ends_at"} <= migrated.keys()


def test_a_downgrade_takes_everything_back(new_database: NewDatabase) -> None:
    database = connect(new_database("back"))
    migrations.upgrade(database)
    downgrade(database)
    assert read_tables(database) == {"alembic_version"}
    assert migrations.pending(database)
    migrations.upgrade(database)
    assert find_differences(database) == []
    database.close()


def test_processes_that_upgrade_at_once_do_not_disturb_each_other(
    new_database: NewDatabase,
) -> None:
    addresses = [new_database(f"shared{number}") for number in range(ROUNDS)]
    processes = [start(addresses) for _ in range(2)]
    for _ in addresses:
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
    ends = [process.communicate() for process in processes]
    assert ends == [("done\n", ""), ("done\n", "")]
    for address in addresses:
        database = connect(address)
        assert not migrations.pending(database)
        database.close()


def start(addresses: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", UPGRADE_AT_A_WORD, *addresses],
        cwd=Path(storage.__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
