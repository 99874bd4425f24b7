"""A database that does not answer says so soon, in storage's own words, and is found again."""

import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from storage import migrations
from storage.engine import connect
from storage.errors import ContendedError, StorageError, UnreachableError
from storage.transaction import Store
from tests.databases import opened
from tests.storage import rows

HOLD_THE_FILE: Final = """
import sqlite3, sys

held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Refuse a block that takes longer."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


@contextmanager
def port(*, silent: bool) -> Iterator[int]:
    """A port where nobody listens, or one that takes a call and never says a word."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        if silent:
            held.listen()
        yield held.getsockname()[1]


def ask(store: Store) -> None:
    with store.read() as tx:
        tx.people.all()


@pytest.mark.parametrize("silent", [False, True])
def test_a_postgres_that_is_not_there_says_so_within_three_seconds(silent: bool) -> None:
    with port(silent=silent) as number:
        address = f"postgresql://coach:secret@127.0.0.1:{number}/coachbot"
        with opened(address) as store, within(3), pytest.raises(UnreachableError) as raised:
            ask(store)
    assert "timeout" in str(raised.value) if silent else "refused" in str(raised.value)
    assert raised.value.failure.code == "database.no_answer"
    assert "secret" not in raised.value.failure.sentence


def test_every_door_says_so() -> None:
    with port(silent=False) as number, opened(f"postgresql://127.0.0.1:{number}/x") as store:
        with pytest.raises(UnreachableError), store.begin():
            pytest.fail("a database answered")
        with pytest.raises(UnreachableError):
            migrations.upgrade(store.database)
        with pytest.raises(UnreachableError):
            migrations.pending(store.database)


def test_a_sqlite_file_in_no_folder_is_unreachable() -> None:
    with opened("sqlite:////nowhere/at/all.db") as store, pytest.raises(UnreachableError):
        ask(store)


@contextmanager
def another_process_writing(store: Store) -> Iterator[None]:
    path = str(store.database.engine.url.database)
    command = [sys.executable, "-c", HOLD_THE_FILE, path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield
        process.communicate("go\n")


def test_a_sqlite_file_that_another_process_holds_is_given_up_after_the_busy_timeout(
    sqlite_store: Store,
) -> None:
    with another_process_writing(sqlite_store):
        with sqlite_store.read() as tx:
            assert tx.people.all() == []
        started = time.monotonic()
        with pytest.raises((UnreachableError, ContendedError)), sqlite_store.begin():
            pytest.fail("two writers at once")
        waited = time.monotonic() - started
    assert 1.5 < waited < 3.5
    with sqlite_store.begin() as tx:
        rows.person(tx, "Ann")


def test_a_new_sqlite_file_that_another_is_writing_is_waited_for(tmp_path: Path) -> None:
    """Only the first to open a file makes its journal what it is to be; SQLite refuses at once."""
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, other.close)
    release.start()
    with opened(f"sqlite:///{path}") as store, store.read() as tx:
        assert tx.session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    release.join()


def test_no_free_connection_is_said_soon(sqlite_address: str) -> None:
    store = Store(connect(sqlite_address, pool_size=1))
    with store.read(), within(3), pytest.raises(UnreachableError, match="no connection"):
        ask(store)
    ask(store)
    store.close()


def hang_up(store: Store, address: str) -> None:
    """End every connection that the store has to the server."""
    name = store.database.engine.url.database
    with opened(address) as other, other.begin() as tx:
        tx.session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = :name AND pid <> pg_backend_pid()"
            ),
            {"name": name},
        )


def test_a_connection_lost_on_the_way_is_unreachable_and_then_found_again(
    postgres_address: str,
) -> None:
    def write(store: Store) -> None:
        with store.begin() as tx:
            rows.person(tx, "Ann")
            hang_up(store, postgres_address)
            rows.person(tx, "Ben")

    with opened(postgres_address) as store:
        with pytest.raises(UnreachableError):
            write(store)
        with store.read() as tx:
            assert tx.people.all() == []
        hang_up(store, postgres_address)
        with store.begin() as tx:
            rows.person(tx, "Cy")


def test_a_lock_that_is_not_given_up_is_contended(postgres_store: Store) -> None:
    def hold_soon(*people: str) -> None:
        with postgres_store.begin() as tx:
            tx.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            tx.people.hold(people)

    with postgres_store.begin() as holder:
        holder.people.hold(["p"])
        with pytest.raises(ContendedError):
            hold_soon("q", "p")
        hold_soon("q", "r")


def test_there_is_a_limit_to_waiting_for_a_lock(postgres_store: Store) -> None:
    with postgres_store.begin() as tx:
        assert tx.session.execute(text("SHOW lock_timeout")).scalar_one() == "5s"


def test_of_transactions_that_wait_for_each_other_one_is_contended(postgres_store: Store) -> None:
    def hold(first: str, second: str) -> str:
        try:
            with postgres_store.begin() as tx:
                tx.session.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
                tx.people.hold([first])
                met.wait()
                tx.people.hold([second])
        except ContendedError:
            return "contended"
        return "held"

    met = threading.Barrier(2, timeout=10)
    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(hold, "ab", "ba")) == ["contended", "held"]


def test_a_mistake_in_a_query_is_not_called_unreachable(store: Store) -> None:
    with pytest.raises(Exception, match="no_such_table") as raised, store.read() as tx:
        tx.session.execute(text("SELECT * FROM no_such_table"))
    assert not isinstance(raised.value, StorageError)


def test_a_writer_behind_one_that_is_stuck_gives_up(sqlite_store: Store) -> None:
    stuck, done = threading.Event(), threading.Event()

    def hold_on() -> None:
        with sqlite_store.begin():
            stuck.set()
            done.wait()

    thread = threading.Thread(target=hold_on)
    thread.start()
    stuck.wait()
    began = time.monotonic()
    try:
        with pytest.raises(ContendedError), sqlite_store.begin():
            pass
        assert time.monotonic() - began < 3
    finally:
        done.set()
        thread.join()
