"""Messages that were sent end up saying what is true, whatever happens, and none is sent twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from bot.coaching.ground.values import Announcement
from bot.delivery.backoff import BackOff
from bot.delivery.bell import Bell
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pacing import Pace
from bot.delivery.refreshing import Refresher
from storage.transaction import Store
from storage.types import DeliveryState
from tests.conftest import FrozenClock
from tests.delivery.pretend import (
    UNHURRIED,
    Fate,
    Line,
    Office,
    announcement_of,
    at_once,
    in_a_thread,
    settings,
    statements,
)
from tests.delivery.test_heartbeat import RARELY, until
from tests.delivery.test_promises import DyingHop, Process

FATES = st.sampled_from([each for each in Fate if each is not Fate.UNREACHABLE])
UNTIRING = BackOff(enough_attempts=10_000)


class Desk:
    """An office whose sessions change, and whose messages are kept true."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.office = Office(store, clock)
        self.session = self.office.schedule()

    def change(self) -> None:
        """Change the session; whatever was sent or is being sent about it is outdated."""
        self.office.change(self.session, still_holds=True)
        with self.office.store.begin() as tx:
            tx.deliveries.outdate(self.session, at=self.office.clock())

    def shown_anew(self, delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
        """Say what is true now."""
        with self.office.store.read() as tx:
            appointment = tx.appointments.the(self.session)
            rows = tx.deliveries.many(delivery_ids)
            return {each.id: announcement_of(each, appointment) for each in rows}

    def refresher(self, line: Line, **changes: object) -> Refresher:
        ways = {"updates": UNHURRIED, "back_off": UNTIRING}
        hop = changes.pop("hop", at_once)
        return Refresher(
            self.office.context,
            line,
            shown_anew=self.shown_anew,
            hop=hop,  # type: ignore[arg-type]
            settings=settings(**(ways | changes)),
        )

    def sent(self, line: Line, count: int = 1) -> list[int]:
        """Send messages to people, one each."""
        made = [self.office.promise(self.session, person=each % 3) for each in range(count)]
        asyncio.run(self.office.sender(line).deliver_due())
        return made

    @property
    def revision(self) -> int:
        with self.office.store.read() as tx:
            return tx.appointments.the(self.session).revision

    def shows(self, delivery_id: int) -> int:
        """The revision that the person sees."""
        return self.office.network.shown[
            self.office.row(delivery_id).message_ts or ""
        ].card.revision


@pytest.fixture
def desk(store: Store, clock: FrozenClock) -> Desk:
    return Desk(store, clock)


def test_what_was_outdated_is_shown_anew_once_and_nothing_else(desk: Desk) -> None:
    line = Line(desk.office.network)
    made = desk.sent(line, 12)
    desk.change()
    refresher = desk.refresher(line)
    assert asyncio.run(refresher.refresh_all())
    assert sorted(line.updates) == made
    assert {desk.shows(each) for each in made} == {desk.revision}
    assert len(desk.office.network.posts) == 12
    assert not asyncio.run(refresher.refresh_all())


def test_what_changed_while_it_was_shown_is_shown_again(desk: Desk) -> None:
    line = Line(desk.office.network, [Fate.ARRIVES, Fate.HANGS_AFTER])
    [made] = desk.sent(line)
    desk.change()

    async def change_meanwhile() -> None:
        work = asyncio.create_task(desk.refresher(line).refresh_all())
        await line.stuck.wait()
        desk.change()
        line.freed.set()
        await work

    asyncio.run(change_meanwhile())
    assert desk.shows(made) == desk.revision
    assert line.updates == [made, made]


def test_a_message_that_is_gone_is_left_alone(desk: Desk) -> None:
    line = Line(desk.office.network)
    [made] = desk.sent(line)
    line.fates.append(Fate.UNREACHABLE)
    desk.change()
    asyncio.run(desk.refresher(line).refresh_all())
    assert line.updates == [made]
    assert desk.office.row(made).refresh_at is None
    assert desk.office.row(made).state is DeliveryState.SENT


def test_what_its_reader_may_not_see_any_more_is_taken_out_of_the_message(desk: Desk) -> None:
    line = Line(desk.office.network)
    [made] = desk.sent(line)
    desk.change()
    desk.shown_anew = dict.fromkeys  # type: ignore[method-assign,assignment]
    asyncio.run(desk.refresher(line).refresh_all())
    assert line.updates == []
    assert line.network.withdrawn == [desk.office.row(made).message_ts]
    assert desk.office.row(made).refresh_at is None


def test_what_always_fails_is_given_up_after_enough_tries(desk: Desk) -> None:
    line = Line(desk.office.network)
    [made] = desk.sent(line)
    line.fates.extend([Fate.REFUSED, Fate.LOST_BEFORE] * 10)
    desk.change()
    refresher = desk.refresher(line, back_off=BackOff(enough_attempts=5))
    for _ in range(20):
        asyncio.run(refresher.refresh_all())
        desk.office.clock.advance(timedelta(minutes=5))
    assert line.updates == [made] * 5
    assert desk.office.row(made).refresh_at is None


def test_a_wait_that_was_asked_for_holds_for_all(desk: Desk) -> None:
    line = Line(desk.office.network)
    made = desk.sent(line, 3)
    line.fates.append(Fate.WORKSPACE_LIMIT)
    desk.change()
    refresher = desk.refresher(line, updates_at_once=1)
    wait = asyncio.run(one_after_another(refresher, 2))
    assert line.updates == [made[0]]
    assert timedelta(seconds=25) < (wait or timedelta(0)) <= timedelta(seconds=30)
    owed = desk.office.promise(desk.session)
    asyncio.run(desk.office.sender(line).deliver_due())
    assert desk.office.row(owed).state is DeliveryState.SENT, "what is due does not wait for this"


async def one_after_another(refresher: Refresher, times: int) -> timedelta | None:
    wait = None
    for _ in range(times):
        wait = await refresher.refresh_some()
    return wait


def test_the_pace_lets_a_burst_through_and_then_one_at_a_time(desk: Desk) -> None:
    line = Line(desk.office.network)
    made = desk.sent(line, 9)
    desk.change()
    slow = Pace(per_channel=timedelta(0), per_workspace=timedelta(minutes=1), burst=7)
    refresher = desk.refresher(line, updates=slow)
    wait = asyncio.run(one_after_another(refresher, 4))
    assert sorted(line.updates) == made[:7]
    assert timedelta(seconds=50) < (wait or timedelta(0)) <= timedelta(minutes=1)


def test_a_message_is_shown_anew_when_it_stops_being_true(desk: Desk) -> None:
    line = Line(desk.office.network)
    [made] = desk.sent(line)
    until_then = desk.office.clock() + timedelta(seconds=30)
    plain = desk.shown_anew

    def for_a_while(delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
        said = plain(delivery_ids)
        later = until_then if desk.office.clock() < until_then else None
        return {each: words and replace(words, true_until=later) for each, words in said.items()}

    desk.shown_anew = for_a_while  # type: ignore[method-assign]
    desk.change()
    refresher = desk.refresher(line)
    asyncio.run(refresher.refresh_all())
    asyncio.run(refresher.refresh_all())
    assert line.updates == [made]
    desk.office.clock.advance(timedelta(seconds=30))
    asyncio.run(refresher.refresh_all())
    assert line.updates == [made, made]
    assert desk.office.row(made).refresh_at is None


async def test_the_heartbeat_shows_anew_beside_what_is_due(office: Office) -> None:
    desk = Desk(office.store, office.clock)
    line = Line(desk.office.network)
    made = desk.office.promise(desk.session)
    sender = desk.office.sender(line, hop=in_a_thread)
    refresher = desk.refresher(line, hop=in_a_thread)
    bell = Bell()
    heartbeat = Heartbeat(sender, bell, refresher=refresher, every=RARELY)
    await heartbeat.start()
    await until(lambda: desk.office.row(made).state is DeliveryState.SENT)
    line.fates.append(Fate.HANGS_AFTER)
    desk.change()
    heartbeat.wake()
    await line.stuck.wait()
    owed = desk.office.promise(desk.session)
    heartbeat.wake()
    await until(lambda: desk.office.row(owed).state is DeliveryState.SENT)
    stopping = asyncio.create_task(heartbeat.stop())
    await asyncio.sleep(0.05)
    assert not stopping.done(), "what is being shown is waited for"
    line.freed.set()
    await stopping
    assert desk.shows(made) == desk.revision
    assert desk.office.row(made).refresh_at is None


async def test_a_round_with_nothing_to_show_anew_asks_nothing_more(office: Office) -> None:
    desk = Desk(office.store, office.clock)
    line = Line(desk.office.network)
    heartbeat = Heartbeat(
        desk.office.sender(line), Bell(), refresher=desk.refresher(line), every=RARELY
    )
    with statements(desk.office.store) as heard:
        await heartbeat.start()
        await until(lambda: heartbeat.last_beat_at is not None)
        await heartbeat.stop()
    asked = [each for each, _ in heard if not each.startswith("BEGIN")]
    at_the_start = ("timelines", "claimed_until >")
    assert len([each for each in asked if not any(at in each for at in at_the_start)]) == 1


@dataclass(frozen=True)
class Work:
    """Some who send and show anew at the same time, and what is over afterwards."""

    senders: list[Process]
    refreshers: list[Process]
    changes_meanwhile: bool
    seconds: int


@dataclass(frozen=True)
class Change:
    """The session changes, and somebody is told."""

    tells: list[int] = field(default_factory=list)


PROCESSES = st.lists(
    st.builds(
        Process,
        fates=st.lists(FATES, max_size=5),
        dies_at=st.none() | st.integers(0, 9),
        before=st.booleans(),
    ),
    max_size=2,
)
STEPS = st.lists(
    st.one_of(
        st.builds(Change, tells=st.lists(st.integers(0, 2), max_size=3)),
        st.builds(
            Work,
            senders=PROCESSES,
            refreshers=PROCESSES,
            changes_meanwhile=st.booleans(),
            seconds=st.sampled_from([0, 1, 30, 61, 600]),
        ),
    ),
    min_size=2,
    max_size=14,
)


async def live(desk: Desk, process: Process, *, sends: bool) -> None:
    """One process at work, cut off where it dies or hangs."""
    line = Line(desk.office.network, process.fates)
    hop = DyingHop(line, process)
    if sends:
        patient = settings(back_off=UNTIRING)
        work = asyncio.create_task(
            desk.office.sender(line, hop=hop, settings=patient).deliver_due()
        )
    else:
        work = asyncio.create_task(desk.refresher(line, hop=hop).refresh_some())  # type: ignore[arg-type]
    death = asyncio.create_task(line.stuck.wait())
    await asyncio.wait([work, death], return_when=asyncio.FIRST_COMPLETED)
    for task in (work, death):
        task.cancel()
    await asyncio.wait([work, death])
    if not work.cancelled():
        work.result()


async def do(desk: Desk, step: Change | Work) -> None:
    if isinstance(step, Change):
        desk.change()
        for person in step.tells:
            desk.office.promise(desk.session, person=person)
        return
    at_work = [live(desk, each, sends=True) for each in step.senders]
    at_work += [live(desk, each, sends=False) for each in step.refreshers]

    async def change() -> None:
        await asyncio.sleep(0)
        if step.changes_meanwhile:
            desk.change()

    await asyncio.gather(*at_work, change())
    desk.office.clock.advance(timedelta(seconds=step.seconds))
    desk.office.lapse()
    desk.office.end_pauses()


async def run(desk: Desk, steps: Sequence[Change | Work]) -> None:
    desk.office.promise(desk.session)
    for step in steps:
        await do(desk, step)
    line = Line(desk.office.network)
    for _ in range(3):
        desk.office.lapse()
        desk.office.end_pauses()
        desk.office.clock.advance(timedelta(hours=1))
        await desk.office.sender(line).deliver_due()
        await desk.refresher(line).refresh_all()


def ensure_all_is_true(desk: Desk) -> None:
    with desk.office.store.read() as tx:
        rows = tx.deliveries.of(desk.session)
    posts = desk.office.network.posts
    assert len({post.delivery_id for post in posts}) == len(posts), "no second message"
    for row in rows:
        assert row.state is DeliveryState.SENT
        assert row.refresh_at is None
        assert desk.shows(row.id) == desk.revision


@example_settings(max_examples=60)
@given(steps=STEPS)
def test_every_message_ends_up_true(
    sqlite_store: Store, clock: FrozenClock, steps: list[Change | Work]
) -> None:
    desk = Desk(sqlite_store, clock)
    asyncio.run(run(desk, steps))
    ensure_all_is_true(desk)


@example_settings(max_examples=10)
@given(steps=STEPS)
def test_every_message_ends_up_true_on_postgres(
    postgres_store: Store, clock: FrozenClock, steps: list[Change | Work]
) -> None:
    desk = Desk(postgres_store, clock)
    asyncio.run(run(desk, steps))
    ensure_all_is_true(desk)
