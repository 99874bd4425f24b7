"""A transaction is whole or nothing, and takes the locks that it should, when it should."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import models
from storage.transaction import Store, Transaction
from tests.storage import rows


@pytest.fixture
def other(sqlite_store: Store) -> Iterator[sqlite3.Connection]:
    """Somebody else at the same SQLite file, who never waits."""
    path = sqlite_store.database.engine.url.database
    assert path
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    yield connection
    connection.close()


def names(tx: Transaction) -> list[str]:
    return [each.name for each in tx.people.all()]


def may_write(other: sqlite3.Connection) -> bool:
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    other.execute("ROLLBACK")
    return True


def test_a_transaction_is_kept_as_a_whole(store: Store) -> None:
    with store.begin() as tx:
        rows.person(tx, "Ann")
        tx.session.add(models.Division(name="Sales"))
    with store.read() as tx:
        assert names(tx) == ["Ann"]
        assert set(tx.people.divisions().values()) == {"Home", "Sales"}


def test_an_error_leaves_nothing_behind(store: Store) -> None:
    def fail(error: Exception | None = None) -> None:
        with store.begin() as tx:
            rows.person(tx, "Ann", email="a@example.com")
            if error:
                raise error
            rows.person(tx, "Ben", email="a@example.com")

    with pytest.raises(ZeroDivisionError):
        fail(ZeroDivisionError())
    with pytest.raises(IntegrityError):
        fail()
    with store.begin() as tx:
        assert names(tx) == []
        assert tx.people.divisions() == {}
        rows.person(tx, "Dee")
    with store.read() as tx:
        assert names(tx) == ["Dee"]


def test_what_a_reader_adds_is_not_kept(store: Store) -> None:
    with store.read() as tx:
        tx.session.add(models.Division(name="Sales"))
    with store.read() as tx:
        assert tx.people.divisions() == {}


def test_a_row_must_refer_to_what_is_there(store: Store) -> None:
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.session.add(models.Person(name="Ann", division_id="nowhere"))


def test_a_writer_on_sqlite_holds_the_file_before_its_first_statement(
    sqlite_store: Store, other: sqlite3.Connection
) -> None:
    assert may_write(other)
    with sqlite_store.begin():
        assert not may_write(other)
        assert other.execute("SELECT count(*) FROM people").fetchone() == (0,)
    assert may_write(other)


def test_a_reader_on_sqlite_locks_nobody_out_and_sees_one_state(
    sqlite_store: Store, other: sqlite3.Connection
) -> None:
    with sqlite_store.read() as tx:
        assert tx.people.divisions() == {}
        assert may_write(other)
        other.execute("INSERT INTO divisions (id, name) VALUES ('1', 'Home')")
        assert tx.people.divisions() == {}
    with sqlite_store.read() as tx:
        assert tx.people.divisions() == {"1": "Home"}


def test_a_reader_on_sqlite_does_not_wait_for_a_writer(
    sqlite_store: Store, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO divisions (id, name) VALUES ('1', 'Home')")
    with sqlite_store.read() as tx:
        assert tx.people.divisions() == {}
    other.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("pragma", "wanted"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 2000)],
)
def test_sqlite_is_set_up_on_every_connection(
    sqlite_store: Store, pragma: str, wanted: object
) -> None:
    with sqlite_store.read() as first, sqlite_store.read() as second:
        for tx in (first, second):
            assert tx.session.execute(text(f"PRAGMA {pragma}")).scalar_one() == wanted


def test_a_patient_writer_on_sqlite_leaves_its_patience_behind(sqlite_store: Store) -> None:
    asked = text("PRAGMA busy_timeout")

    def fail() -> None:
        with sqlite_store.database.write_patiently() as connection:
            raise LookupError(connection.execute(asked).scalar_one())

    with pytest.raises(LookupError, match="60000"):
        fail()
    with sqlite_store.read() as tx:
        assert tx.session.execute(asked).scalar_one() == 2000


def test_a_reader_on_postgres_holds_no_transaction_open(postgres_store: Store) -> None:
    idle = text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
    with postgres_store.read() as tx:
        tx.people.divisions()
        with postgres_store.begin() as writer:
            rows.person(writer, "Ann")
            assert writer.session.execute(idle).scalar_one() == 0
        assert names(tx) == ["Ann"]
