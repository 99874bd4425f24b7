"""What is wrong with a database is told by its own first line, with what to do and no password."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url, text

from storage import migrations
from storage.engine import connect
from storage.errors import UnreachableError
from storage.failures import CAUSES, VANISHED, Failure, first_line
from storage.transaction import Store
from tests.databases import PostgresServer, SqliteFiles, opened
from tests.storage import rows

PASSWORD: Final = "hunter2"
ROLES: Final = ("locked_out", "no_rights", "needs_password", "few_connections", "elsewhere")
GUARDED: Final = "local all needs_password scram-sha-256\nlocal all elsewhere reject\n"


@pytest.fixture(scope="module")
def server(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """The tests' server with a role for each way to be refused."""
    with psycopg.connect(postgres_server.uri("postgres"), autocommit=True) as operator:
        for role in ROLES:
            named = sql.Identifier(role)
            operator.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'other'").format(named))
        operator.execute("ALTER ROLE locked_out NOLOGIN")
        operator.execute("ALTER ROLE few_connections CONNECTION LIMIT 1")
        [hba] = operator.execute("SHOW hba_file").fetchone() or ()
        before = Path(hba).read_text()
        Path(hba).write_text(GUARDED + before)
        operator.execute("SELECT pg_reload_conf()")
        yield postgres_server
        Path(hba).write_text(before)
        operator.execute("SELECT pg_reload_conf()")


@pytest.fixture
def name(server: PostgresServer, tmp_path: Path) -> Iterator[str]:
    """The name of a migrated database of the server's."""
    with server.address(tmp_path) as address:
        yield str(make_url(address).database)


def address_of(server: PostgresServer, name: str, role: str, **query: str) -> str:
    """The address of a database for a role with the wrong password."""
    url = make_url(server.uri(name)).set(username=role, password=PASSWORD)
    return url.update_query_dict(query).render_as_string(hide_password=False)


def failure_of(address: str) -> Failure:
    """What is told by whoever writes there; the very same is kept as what is wrong now."""
    with opened(address) as store:
        with pytest.raises(UnreachableError) as raised, store.begin() as tx:
            rows.person(tx, "Ann")
        assert store.outages.current == raised.value.failure
    assert PASSWORD not in raised.value.failure.sentence
    assert "\n" not in raised.value.failure.sentence
    return raised.value.failure


def add(store: Store, name: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    with store.begin() as tx:
        rows.person(tx, name)
        meanwhile()


def names(store: Store) -> list[str]:
    with store.read() as tx:
        return sorted(each.name for each in tx.people.all())


@pytest.mark.parametrize(
    ("role", "code", "said"),
    [
        ("nobody_here", "no_role", 'role "nobody_here" does not exist'),
        ("locked_out", "no_role", 'role "locked_out" is not permitted to log in'),
        ("no_rights", "no_right", "permission denied for table "),
        ("needs_password", "wrong_password", 'password authentication failed for user "needs_pass'),
        ("elsewhere", "tls", "pg_hba.conf rejects connection for host"),
    ],
)
def test_a_role_that_is_refused_is_told(
    server: PostgresServer, name: str, role: str, code: str, said: str
) -> None:
    failure = failure_of(address_of(server, name, role))
    assert (failure.code, said in failure.said) == (f"database.{code}", True), failure


def test_a_database_that_is_not_there_is_told(server: PostgresServer) -> None:
    failure = failure_of(address_of(server, "not_here", "postgres"))
    assert failure.code == "database.no_database"
    assert 'FATAL:  database "not_here" does not exist' in failure.said


def test_too_many_connections_are_told(server: PostgresServer, name: str) -> None:
    address = address_of(server, name, "few_connections")
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain):
        failure = failure_of(address)
    assert (failure.code, failure.is_temporary) == ("database.too_many_connections", True)
    assert "too many connections for role" in failure.said


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql://u:hunter2@nowhere.invalid/x", "unknown_host"),
        ("postgresql://u:hunter2@127.0.0.1:1/x", "no_answer"),
        ("postgresql://u:hunter2@127.0.0.1:1,127.0.0.1:2/x", "no_answer"),
        ("postgresql://u:hunter2@/x?host=/nowhere", "no_answer"),
    ],
)
def test_a_server_that_is_not_there_is_told(address: str, code: str) -> None:
    assert failure_of(address).code == f"database.{code}"


def test_a_server_that_takes_no_writes_is_left_for_one_that_does(
    server: PostgresServer, name: str
) -> None:
    """As after a failover: sessions stay read-only, new ones are not."""
    change = sql.SQL("ALTER DATABASE {} {} default_transaction_read_only {}")
    with (
        psycopg.connect(server.uri("postgres"), autocommit=True) as operator,
        opened(server.uri(name)) as store,
        ExitStack() as readers,
    ):
        operator.execute(change.format(sql.Identifier(name), sql.SQL("SET"), sql.SQL("TO on")))
        for _ in range(3):
            readers.enter_context(store.read()).people.all()
        readers.close()  # three sessions that take no writes lie in the pool
        operator.execute(change.format(sql.Identifier(name), sql.SQL("RESET"), sql.SQL("")))
        with pytest.raises(UnreachableError, match="read-only transaction"):
            add(store, "Ann")
        assert store.outages.current
        assert store.outages.current.code == "database.read_only"
        for _ in range(4):
            add(store, "Ben")


def test_a_full_disk_of_a_server_is_told(server: PostgresServer, name: str) -> None:
    """The server's own code for it, raised by the server: its disk is everybody's."""
    said = "could not extend file: No space left on device"
    raising = text(f"DO $$ BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = '53100'; END $$")
    with (
        opened(server.uri(name)) as store,
        pytest.raises(UnreachableError, match="No space left") as raised,
        store.begin() as tx,
    ):
        tx.session.execute(raising)
    assert raised.value.failure.code == "database.disk_full"


@pytest.mark.parametrize("kind", ["no database", "corrupted"])
def test_a_damaged_file_is_told(sqlite_files: SqliteFiles, tmp_path: Path, kind: str) -> None:
    with sqlite_files.address(tmp_path) as address:
        path = Path(make_url(address).database or "")
        whole = path.read_bytes()
        damaged = b"\xff" * 4000
        path.write_bytes(damaged if kind == "no database" else whole[:4096] + damaged * 40)
        failure = failure_of(address)
    assert failure.code == "database.corrupted"
    assert failure.said in {"file is not a database", "database disk image is malformed"}


def test_a_file_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    assert failure_of(f"sqlite:///{tmp_path / 'not_here.db'}").code == "database.no_file"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'nowhere' / 'new.db'}")
    with pytest.raises(UnreachableError, match="No such file or directory") as raised:
        migrations.upgrade(database)
    assert raised.value.failure.code == "database.file_unusable"
    database.close()


def test_another_file_in_its_place_is_neither_read_nor_written(
    sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    with sqlite_files.address(tmp_path) as address, opened(address) as store:
        add(store, "Ann")
        path = Path(make_url(address).database or "")
        mine = path.rename(tmp_path / "mine.db")
        with sqlite_files.address(tmp_path) as other:
            Path(make_url(other).database or "").rename(path)
        before = path.read_bytes()
        for act in (lambda: add(store, "Ben"), lambda: names(store)):
            with pytest.raises(UnreachableError, match="moved or deleted"):
                act()
        assert path.read_bytes() == before
        mine.rename(path)
        add(store, "Cy")
        assert names(store) == ["Ann", "Cy"]


def test_a_file_that_vanishes_before_the_end_is_told_and_nothing_is_said_to_be_kept(
    sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    with sqlite_files.address(tmp_path) as address, opened(address) as store:
        path = Path(make_url(address).database or "")
        with pytest.raises(UnreachableError, match="moved or deleted"):
            add(store, "Ann", meanwhile=path.unlink)
        assert store.outages.current == VANISHED


ON_A_DISK_OF_ITS_OWN: Final = """
import subprocess, sys
from pathlib import Path
from storage import migrations
from storage.engine import connect
from storage.errors import UnreachableError
from storage.transaction import Store

folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], check=True)
database = connect(f"sqlite:///{folder / 'small.db'}")
migrations.upgrade(database)
store = Store(database)

def fail():
    try:
        with store.begin() as tx:
            tx.write_nothing_new()
    except UnreachableError as error:
        return error.failure.code
    return "written"

print(fail())
with (folder / "filling").open("wb", buffering=0) as file:
    try:
        while file.write(b"x" * 512):
            pass
    except OSError:
        pass
print(next((code for code in map(lambda _: fail(), range(2000)) if code != "written"), "written"))
(folder / "filling").unlink()
print(fail())
store.close()
subprocess.run(["mount", "-o", "remount,ro", "none", folder], check=True)
print(fail())
store.close()
"""


def test_a_disk_that_is_full_or_read_only_is_told(tmp_path: Path) -> None:
    """On a disk of one megabyte, made for this alone in a namespace that ends with the process."""
    namespace = ["unshare", "--mount", *(() if os.geteuid() == 0 else ("--map-root-user",))]
    probe = ["mount", "-t", "tmpfs", "none", str(tmp_path)]
    try:
        subprocess.run([*namespace, *probe], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system lets nobody mount a small disk")
    done = subprocess.run(
        [*namespace, sys.executable, "-c", ON_A_DISK_OF_ITS_OWN, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent.parent,
    )
    full, unusable = "database.disk_full", "database.file_unusable"
    assert done.stdout.split() == ["written", full, "written", unusable], done.stderr


def test_each_code_stands_in_the_table_once_and_says_what_to_do() -> None:
    codes = [each.failure.code for each in CAUSES]
    assert len(codes) == len(set(codes))
    states = [state for each in CAUSES for state in each.states]
    assert len(states) == len(set(states))
    for each in CAUSES:
        assert each.states or each.words
        assert each.failure.advice.endswith((".", "it.")), each.failure.code


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("\n  \n", ""),
        ("one\ntwo", "one"),
        ("connection failed: no\n- host: x: FATAL:  no role", "- host: x: FATAL:  no role"),
        ("wrong p%40ss or p@ss.", "wrong … or …"),
        ("x" * 1000, "x" * 299 + "…"),
    ],
)
def test_the_first_line_is_short_and_has_no_password(text: str, line: str) -> None:
    assert first_line(text, password="p@ss") == line
