"""Everything works through a PgBouncer that hands each transaction to another session."""

import json
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
import pytest
from sqlalchemy import text

from bot import coaching
from bot.cli import main
from bot.coaching import AccessType, Interval, SlotQuery, Status
from storage.engine import Database, connect
from storage.errors import UnreachableError
from storage.postgres import POOLED
from storage.transaction import Store
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.databases import PostgresServer, opened
from tests.delivery.pretend import Fate, Line, Office, settings
from tests.poolers import Address, pgbouncer

CLIENTS: Final = 4
ROUNDS: Final = 3
PEOPLE: Final = """\
email,name,roles
grace@example.com,Grace Okafor,Quality Manager
priya@example.com,Priya Raman,
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="coachbot-pgbouncer-") as found:
        yield Path(found)


@pytest.fixture(scope="module")
def pooler(postgres_server: PostgresServer, folder: Path) -> Iterator[Address]:
    """A PgBouncer in transaction mode with two connections to the server."""
    with pgbouncer(postgres_server, folder) as address:
        yield address


@pytest.fixture
def name(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[str]:
    """The name of a migrated database of the server's."""
    with postgres_server.address(tmp_path) as address:
        yield address.partition("?")[0].rpartition("/")[2]


def is_pooled(database: Database) -> bool:
    with database.read() as connection:
        return bool(connection.info[POOLED])


def test_a_pooler_is_seen_and_a_server_is_not_taken_for_one(
    pooler: Address, postgres_server: PostgresServer, name: str
) -> None:
    for address, wanted in ((pooler(name), True), (postgres_server.uri(name), False)):
        with opened(address) as store:
            assert is_pooled(store.database) is wanted
            with store.read() as tx:
                assert tx.session.execute(text("SHOW TimeZone")).scalar_one() == "UTC"
            with store.begin() as tx:
                for setting, value in (
                    ("lock_timeout", "5s"),
                    ("idle_in_transaction_session_timeout", "15s"),
                ):
                    assert tx.session.execute(text(f"SHOW {setting}")).scalar_one() == value


def test_what_waits_through_a_pooler_is_left_to_nobody_else(pooler: Address, name: str) -> None:
    with opened(pooler(name)) as store, store.begin():
        pass
    with psycopg.connect(pooler(name), autocommit=True) as other:
        other.prepare_threshold = None
        found = {other.execute("SHOW lock_timeout").fetchone() for _ in range(9)}
    assert found == {("0",)}


def test_every_command_runs_through_a_pooler(
    pooler: Address,
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with psycopg.connect(postgres_server.uri("postgres"), autocommit=True) as plain:
        plain.execute("CREATE DATABASE through_a_pooler")
    monkeypatch.setenv("DATABASE_URL", pooler("through_a_pooler"))
    people, roles = tmp_path / "people.csv", tmp_path / "roles.json"
    people.write_text(PEOPLE)

    def run(*command: str, code: int = 0) -> str:
        assert main(command) == code, capsys.readouterr().err
        return capsys.readouterr().out

    assert "is new: run will make its tables." in run("check", code=1)
    run("db", "upgrade")
    for _ in range(2):
        run("people", "import", str(people))
        run("people", "grant", "priya@example.com", "Supervisor")
        run("people", "revoke", "priya@example.com", "Supervisor")
        assert len(json.loads(run("people", "list", "--json"))) == 2
        roles.write_text(run("roles", "show"))
        run("roles", "load", str(roles))
        made = json.loads(run("client", "create", "--as", "grace@example.com"))
        assert made["client_id"] in run("client", "list")
        run("client", "revoke", made["client_id"])
        assert "its tables are up to date" in run("check", code=1)
        run("why", "nothing", code=2)
    with psycopg.connect(postgres_server.uri("postgres"), autocommit=True) as plain:
        plain.execute("DROP DATABASE through_a_pooler WITH (FORCE)")


def deeds(place: Workplace, number: int) -> Iterator[Callable[[], object]]:
    """What one client does: each kind of use case, all of them about a session of its own."""
    context, dana, priya = place.context, place.caller("Dana"), place.ids["Priya"]
    starts_at = place.clock() + timedelta(days=2, hours=number)
    request = place.request("Priya", starts_at=starts_at, name=f"Session {number}")
    session = coaching.schedule(context, dana, request)
    week = Interval(starts_at=place.clock(), ends_at=place.clock() + timedelta(days=7))
    for _ in range(ROUNDS):
        yield lambda: coaching.find(context, dana, session.id)
        yield lambda: coaching.status_history(context, dana, session.id)
        yield lambda: coaching.status_page(context, dana, session.id)
        yield lambda: coaching.home(context, dana)
        yield lambda: coaching.inbox(context, place.caller("Priya"))
        yield lambda: coaching.settings_page(context, dana)
        yield lambda: coaching.open_form(context, dana, session.id)
        yield lambda: coaching.backlog(context)
        yield lambda: coaching.plan_anew(context)
        yield lambda: coaching.add_annotation(
            context, dana, session.id, text="A note", access_type=AccessType.PUBLIC
        )
        yield lambda: coaching.find_slots(
            context, dana, SlotQuery(interval=week, length_minutes=30, attendee_ids=[priya])
        )
    yield lambda: coaching.change_status(context, dana, session.id, Status.IN_PROGRESS)


def test_several_clients_do_everything_at_once(
    pooler: Address, name: str, clock: FrozenClock
) -> None:
    store = Store(connect(pooler(name), pool_size=CLIENTS))
    place = Workplace(store, clock)

    def work(number: int) -> int:
        done = 0
        for deed in deeds(place, number):
            deed()
            done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as clients:
        assert list(clients.map(work, range(CLIENTS))) == [11 * ROUNDS + 1] * CLIENTS
    assert store.outages.current is None
    store.close()


async def test_the_sender_keeps_its_promises_through_a_pooler(
    pooler: Address, name: str, clock: FrozenClock
) -> None:
    with opened(pooler(name)) as store:
        office = Office(store, clock)
        session = office.schedule()
        owed = [office.promise(session, person=number % 3) for number in range(12)]
        line = Line(office.network, [Fate.ARRIVES] * len(owed))
        await office.sender(line, settings=settings(at_once=2)).deliver_due()
        assert {office.row(each).state.value for each in owed} == {"sent"}


def test_the_one_of_several_hosts_that_answers_is_found(pooler: Address, name: str) -> None:
    place = pooler(name).removeprefix("postgresql://postgres@")
    address = f"postgresql://postgres@127.0.0.1:1,{place}?target_session_attrs=read-write"
    with opened(address) as store, store.begin() as tx:
        assert tx.people.all() == []


def test_encryption_that_is_not_there_is_told(pooler: Address, name: str) -> None:
    with opened(f"{pooler(name)}?sslmode=require") as store:
        with pytest.raises(UnreachableError, match="SSL"), store.read():
            pass
        assert store.outages.current
        assert store.outages.current.code == "database.tls"


def test_a_parameter_that_a_pooler_refuses_is_told(pooler: Address, name: str) -> None:
    address = f"{pooler(name)}?options=-c%20geqo%3Doff"
    with opened(address) as store:
        with pytest.raises(UnreachableError, match="startup parameter: options"), store.read():
            pass
        assert store.outages.current
        assert store.outages.current.code == "database.pooler_parameter"
