"""A database that is set back to a copy: nothing goes out twice, and nothing is missing."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.coaching import doubt_database
from bot.delivery.events import Doubted, Event
from bot.delivery.sender import Sender
from storage.errors import UnreachableError
from storage.transaction import Store
from storage.types import ActionType, DeliveryState
from tests.conftest import FrozenClock
from tests.databases import PostgresServer, opened
from tests.delivery.copying import WAYS, Copy, copy_folder
from tests.delivery.pretend import Line, Office, settings

MINUTE: Final = timedelta(minutes=1)


@pytest.fixture(params=WAYS)
def way(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock
) -> Iterator[tuple[Office, Copy]]:
    """An office, and how its database is copied and set back."""
    fixture, copy = WAYS[request.param]
    with request.getfixturevalue(fixture).address(tmp_path) as address, opened(address) as store:
        yield Office(store, clock), copy


async def keep_promises(office: Office, sender: Sender) -> None:
    """Let everything be sent that is to be, however often a lease has to end for it."""
    for _ in range(3):
        office.clock.advance(MINUTE)
        await sender.deliver_due()
        office.lapse()


def new_sender(office: Office, watch: Callable[[Event], None] = lambda _: None) -> Sender:
    """Start as the bot does: a file tells nothing of what happened before."""
    is_file = office.store.database.is_sqlite
    return office.sender(Line(office.network), settings=settings(doubts_start=is_file, watch=watch))


@pytest.mark.parametrize("is_started_anew", [False, True])
async def test_nothing_goes_out_twice_after_the_database_was_set_back(
    way: tuple[Office, Copy], is_started_anew: bool
) -> None:
    office, copy = way
    sender = new_sender(office)
    first = office.promise(office.schedule())
    await keep_promises(office, sender)
    waiting = office.promise(office.schedule())
    later = office.promise(office.schedule(), after=timedelta(hours=1))
    restore = copy(office.store)
    await keep_promises(office, sender)
    lost = office.promise(office.schedule())
    await keep_promises(office, sender)
    assert office.network.order == [first, waiting, lost]
    was = office.network.posts[1]

    restore()
    if is_started_anew:
        sender = new_sender(office)
    again = office.promise(office.schedule())
    assert again == lost, "numbers come again"
    await keep_promises(office, sender)
    assert office.network.order == [first, waiting, lost, again]
    row = office.row(waiting)
    assert (row.state, row.message_ts) == (DeliveryState.SENT, was.ts)
    assert row.refresh_at is not None, "it may tell of what was lost"
    office.clock.advance(timedelta(hours=1))
    await keep_promises(office, sender)
    assert office.network.order == [first, waiting, lost, again, later]
    assert len({each.mark for each in office.network.posts}) == 5


async def test_what_was_not_sent_before_the_restore_is_sent_after_it(
    way: tuple[Office, Copy],
) -> None:
    office, copy = way
    sender = new_sender(office)
    await keep_promises(office, sender)
    owed = [office.promise(office.schedule()) for _ in range(3)]
    copy(office.store)()
    await keep_promises(office, sender)
    assert office.network.order == owed
    assert [office.row(each).state for each in owed] == [DeliveryState.SENT] * 3


async def test_a_consequence_that_is_promised_anew_is_recognised(way: tuple[Office, Copy]) -> None:
    """What follows from another message has another row after it, and is the same promise."""
    office, copy = way
    sender = new_sender(office)
    session = office.schedule()
    await keep_promises(office, sender)
    waiting = office.promise(session)
    restore = copy(office.store)
    await keep_promises(office, sender)
    follows = {"kind": ActionType.UNREACHABLE, "occurrence": "closed:somebody"}
    office.promise(session, **follows)  # type: ignore[arg-type]
    await keep_promises(office, sender)
    assert len(office.network.posts) == 2
    restore()
    await keep_promises(office, sender)
    anew = office.promise(session, **follows)  # type: ignore[arg-type]
    await keep_promises(office, sender)
    assert [office.row(each).state for each in (waiting, anew)] == [DeliveryState.SENT] * 2
    assert len(office.network.posts) == 2


async def test_what_an_operator_says_was_restored_is_doubted(office: Office) -> None:
    line = Line(office.network)
    sender = office.sender(line)
    await sender.deliver_due()
    owed = office.promise(office.schedule())
    office.clock.advance(MINUTE)
    doubt_database(office.context)
    await keep_promises(office, sender)
    assert [each for each, _ in line.lookups] == office.network.order == [owed]


async def test_in_ordinary_days_nothing_is_looked_for(office: Office) -> None:
    line = Line(office.network)
    sender = office.sender(line)
    for _ in range(3):
        office.promise(office.schedule())
        office.clock.advance(MINUTE)
        await sender.deliver_due()
    assert len(office.network.posts) == 3
    assert line.lookups == []


def wait_for(store: Store, *, seconds: float = 60) -> None:
    """Wait until a server answers; a busy machine may take long over what it has to recover."""
    until = time.monotonic() + seconds
    while True:
        try:
            with store.read() as tx:
                tx.deliveries.next_due_at()
        except UnreachableError:
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.2)
        else:
            return


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server whose files are the test's to copy, where whoever it runs as can read them."""
    with tempfile.TemporaryDirectory(prefix="coachbot-postgres-") as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.close()


async def test_a_server_whose_files_were_set_back_is_doubted(
    own_server: PostgresServer, tmp_path: Path, clock: FrozenClock
) -> None:
    folder = own_server.folder
    copy = folder.with_name("copy")
    with own_server.address(tmp_path) as address, opened(address) as store:
        office, events = Office(store, clock), list[Event]()
        sender = new_sender(office, events.append)
        await keep_promises(office, sender)
        owed = office.promise(office.schedule())
        for _ in range(2):
            own_server.crash()
            store.database.engine.dispose()
            if copy.exists():
                shutil.rmtree(folder)
                copy.rename(folder)
            else:
                copy_folder(folder, copy)
            own_server.revive()
            wait_for(store)
            await keep_promises(office, sender)
            assert office.network.order == [owed]
            assert office.row(owed).state is DeliveryState.SENT
        assert [each for each in events if isinstance(each, Doubted)] == [Doubted(1)] * 2
