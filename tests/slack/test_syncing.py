"""Everybody is read in the background: resumed, put off, and without a write where all is known."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from bot.sandbox import Person, Sandbox
from bot.slack.turns.syncing import PageRead, PeopleSync
from storage import models
from storage.transaction import Store
from tests.slack.office import PRIYA, Office

HOURS, AT_ONCE, SIZE = timedelta(hours=6), timedelta(0), 20


@contextmanager
def writes(store: Store) -> Iterator[list[str]]:
    """Every statement about people that is no reading."""
    found: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        first = statement.split(maxsplit=1)[0].upper()
        if first in ("INSERT", "UPDATE", "DELETE") and "syncs" not in statement:
            found.append(statement)

    engine = store.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def crowd(sandbox: Sandbox, count: int) -> None:
    for number in range(count):
        sandbox.world.directory.put(Person(f"U1{number:05}", f"agent{number}", f"Agent {number}"))


def sync_of(office: Office, told: list[PageRead | None]) -> PeopleSync:
    people = office.front.people
    return PeopleSync(
        office.context, office.front.shell._hop, people, told=told.append, pause=AT_ONCE, size=SIZE
    )


async def test_a_second_reading_writes_nothing(office: Office) -> None:
    crowd(office.sandbox, 30)
    told: list[PageRead | None] = []
    sync = sync_of(office, told)
    await sync.run(HOURS)
    with writes(office.store) as found:
        await sync.run(AT_ONCE)
    assert not found
    assert [each.changed for each in told if each][-3:] == [0, 0, 0]
    assert sum(each.changed for each in told if each) == 30
    await sync.run(HOURS)
    assert len(told) == 6


@pytest.mark.parametrize("kind", ["ratelimited", "server_error", "error"])
async def test_a_page_that_fails_is_put_off_and_read_later(office: Office, kind: str) -> None:
    crowd(office.sandbox, 30)
    told: list[PageRead | None] = []
    first, second = sync_of(office, told), sync_of(office, told)
    office.sandbox.faults.add("users.list", "delay", seconds=0.0)
    office.sandbox.faults.add("users.list", kind, seconds=30)  # type: ignore[arg-type]
    await first.run(HOURS)
    await second.run(HOURS)
    assert told[1] is None
    assert len(told) == 2
    with office.store.begin() as tx:
        tx.session.execute(update(models.Sync).values(held_until=None))
    await second.run(HOURS)
    assert sum(each.members for each in told if each) > 30


async def test_two_at_once_read_each_page_once(office: Office) -> None:
    crowd(office.sandbox, 30)
    before = len(office.sandbox.calls.to("users.list"))
    told: list[PageRead | None] = []
    await asyncio.gather(*(sync_of(office, told).run(HOURS) for _ in range(3)))
    assert len(office.sandbox.calls.to("users.list")) - before == 3
    assert len(told) == 3


async def test_one_bad_member_loses_only_that_member(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox = office.sandbox
    sandbox.world.directory.put(Person("U1NULL", "", ""))
    sandbox.world.directory.put(Person("not an id", "x", "X"))
    sandbox.change_person(PRIYA, real_name="Priya R.")
    await office.settle()
    with caplog.at_level(logging.INFO):
        await sync_of(office, []).run(HOURS)
    with office.store.read() as tx:
        priya, nameless = tx.people.by_slack(PRIYA), tx.people.by_slack("U1NULL")
    assert priya
    assert priya.name == "Priya R."
    assert nameless
    assert nameless.name == "U1NULL"
