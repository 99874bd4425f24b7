"""Whatever happens on the way, a promise is kept once, or was no longer true."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import event, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from bot.delivery.backoff import BackOff
from storage.transaction import Store
from storage.types import ActionType, DeliveryState
from tests.conftest import FrozenClock
from tests.delivery.pretend import Fate, Line, Network, Office, Post, R, Ts, settings

SESSIONS = 3
OPEN = {DeliveryState.PENDING, DeliveryState.SENDING}


@dataclass(frozen=True)
class Promise:
    """Some people are owed a message about a session."""

    session: int
    people: list[int]
    minutes: int
    kind: ActionType


@dataclass(frozen=True)
class Change:
    """A session changes; what was promised holds on, or does not."""

    session: int
    still_holds: bool


@dataclass(frozen=True)
class Process:
    """A sender with what becomes of its tries, and the transaction by which it dies, if it does."""

    fates: list[Fate] = field(default_factory=list)
    dies_at: int | None = None
    before: bool = False


@dataclass(frozen=True)
class Rounds:
    """Some senders at work at the same time, and what is over afterwards."""

    processes: list[Process]
    leases_end: bool
    pauses_end: bool
    minutes: int


PROMISES = st.builds(
    Promise,
    session=st.integers(0, SESSIONS - 1),
    people=st.lists(st.integers(0, 2), min_size=1, max_size=4),
    minutes=st.integers(0, 20),
    kind=st.sampled_from([ActionType.CREATE, ActionType.UPDATE, ActionType.REMINDER]),
)
CHANGES = st.builds(Change, session=st.integers(0, SESSIONS - 1), still_holds=st.booleans())
PROCESSES = st.builds(
    Process,
    fates=st.lists(st.sampled_from(Fate), max_size=6),
    dies_at=st.none() | st.integers(0, 12),
    before=st.booleans(),
)
ROUNDS = st.builds(
    Rounds,
    processes=st.lists(PROCESSES, min_size=1, max_size=3),
    leases_end=st.booleans(),
    pauses_end=st.booleans(),
    minutes=st.integers(0, 30),
)
LIVES = st.lists(st.one_of(PROMISES, ROUNDS, CHANGES, ROUNDS), min_size=3, max_size=20)


class DyingHop:
    """A hop of a process that ends before or after one of its transactions."""

    def __init__(self, line: Line, process: Process) -> None:
        self.line = line
        self.process = process
        self.number = 0

    async def __call__(self, function: Callable[[*Ts], R], /, *args: *Ts) -> R:
        dies = self.number == self.process.dies_at
        self.number += 1
        if dies and self.process.before:
            await self._die()
        result = function(*args)
        if dies:
            await self._die()
        return result

    async def _die(self) -> None:
        self.line.stuck.set()
        await asyncio.Event().wait()


class Life:
    """An office to which things happen, and what must hold all along and in the end."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.clock = clock
        self.office = Office(store, clock, Network(on_post=self.check_post))
        self.sessions = [self.office.schedule() for _ in range(SESSIONS)]
        self.promised: list[int] = []
        self.checks: list[tuple[bool, bool, bool]] = []
        self.promise(Promise(0, [0, 1, 2, 1], 0, ActionType.CREATE))

    async def run(self, steps: Sequence[Promise | Change | Rounds]) -> None:
        for step in steps:
            match step:
                case Promise():
                    self.promise(step)
                case Change(session, still_holds):
                    self.office.change(self.sessions[session], still_holds=still_holds)
                case Rounds():
                    await self.work(step)

    def promise(self, step: Promise) -> None:
        for person in step.people:
            made = self.office.promise(
                self.sessions[step.session],
                person=person,
                after=timedelta(minutes=step.minutes),
                kind=step.kind,
            )
            self.promised.append(made)

    async def work(self, step: Rounds) -> None:
        await asyncio.gather(*(self.live(process) for process in step.processes))
        self.clock.advance(timedelta(minutes=step.minutes))
        if step.leases_end:
            self.office.lapse()
        if step.pauses_end:
            self.office.end_pauses()

    async def live(self, process: Process) -> None:
        """One sender's round, cut off where it dies."""
        line = Line(self.office.network, process.fates)
        patient = settings(back_off=BackOff(enough_attempts=10_000))
        hop = DyingHop(line, process)
        sender = self.office.sender(line, hop=hop, settings=patient)
        work = asyncio.create_task(sender.deliver_due())
        death = asyncio.create_task(line.stuck.wait())
        await asyncio.wait([work, death], return_when=asyncio.FIRST_COMPLETED)
        for task in (work, death):
            task.cancel()
        await asyncio.wait([work, death])
        if not work.cancelled():
            work.result()

    def check_post(self, post: Post) -> None:
        """What leaves is due, true, and was not there before."""
        row = self.office.row(post.delivery_id)
        with self.office.store.read() as tx:
            is_true = tx.appointments.the(row.appointment_id or "").revision == post.revision
        is_new = not self.office.network.of(post.delivery_id)
        # Kept for later: what is raised here would be taken for a broken network.
        self.checks.append((is_true, is_new, row.due_at <= self.clock()))

    async def end_well(self) -> None:
        """Whoever was lost is replaced, and the network does what it should."""
        for _ in range(3):
            self.clock.advance(timedelta(hours=1))
            self.office.lapse()
            self.office.end_pauses()
            await self.live(Process())
        assert set(self.checks) <= {(True, True, True)}
        for each in self.promised:
            self.check_kept(each)

    def check_kept(self, delivery_id: int) -> None:
        row = self.office.row(delivery_id)
        event(f"{row.state} after {min(row.attempts, 3)} tries")
        with self.office.store.read() as tx:
            holds = tx.appointments.the(row.appointment_id or "").revision == row.revision
        posts = self.office.network.of(delivery_id)
        assert row.state not in OPEN
        if row.state is DeliveryState.STALE:
            assert not holds
        elif row.state is DeliveryState.FAILED:
            assert delivery_id in self.office.network.given_up
            assert not posts
        else:
            assert [post.ts for post in posts] == [row.message_ts]


@example_settings(max_examples=70)
@given(steps=LIVES)
def test_promises_are_kept_once_or_are_untrue(
    sqlite_store: Store, clock: FrozenClock, steps: list[Promise | Change | Rounds]
) -> None:
    live_through(Life(sqlite_store, clock), steps)


@example_settings(max_examples=12)
@given(steps=LIVES)
def test_promises_are_kept_once_or_are_untrue_on_postgres(
    postgres_store: Store, clock: FrozenClock, steps: list[Promise | Change | Rounds]
) -> None:
    live_through(Life(postgres_store, clock), steps)


def live_through(life: Life, steps: list[Promise | Change | Rounds]) -> None:
    async def run() -> None:
        await life.run(steps)
        await life.end_well()

    asyncio.run(run())
