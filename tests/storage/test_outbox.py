"""The outbox, held against a model in plain Python through any order of events."""

import itertools
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from storage.deliveries import Settlement
from storage.records import Delivery
from storage.transaction import Store
from storage.types import DeliveryState
from tests.storage import rows
from tests.storage.rows import at, discarded

NOW_OVER = timedelta(0)
HELD = timedelta(hours=1)
ENDS = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.STALE)

leases = st.sampled_from((NOW_OVER, HELD))
numbers = st.integers(0, 30)
sessions = st.integers(0, 1)
ends = st.sampled_from(ENDS)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What the model knows of a row; `lapsed` says that the lease is over."""

    id: int
    session: str
    revision: int
    next_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    claim: str | None = None
    lapsed: bool = False
    reason: str | None = None
    message_ts: str | None = None


class Outbox(RuleBasedStateMachine):
    """Two sessions of one person, and everything that can happen to what is promised of them."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.door = discarded(store)
        self.tx = self.door.__enter__()
        self.person = rows.person(self.tx)
        self.sessions = [rows.appointment(self.tx, self.person) for _ in range(2)]
        self.revisions = dict.fromkeys(self.sessions, 1)
        self.model: dict[int, Promise] = {}
        self.minute = 0
        self.claims = itertools.count(1)

    def teardown(self) -> None:
        self.door.__exit__(None, None, None)

    def any_of(self, number: int) -> Promise | None:
        return [*self.model.values()][number % len(self.model)] if self.model else None

    def change(self, promise: Promise, **values: object) -> None:
        self.model[promise.id] = replace(promise, **values)  # type: ignore[arg-type]

    def in_state(self, state: DeliveryState) -> list[Promise]:
        return [each for each in self.model.values() if each.state is state]

    @rule(session=sessions, minutes=st.lists(st.integers(0, 9), min_size=1, max_size=3))
    def promise(self, session: int, minutes: list[int]) -> None:
        chosen = self.sessions[session]
        moments = [at(self.minute + each) for each in minutes]
        revision = self.revisions[chosen]
        made = rows.deliveries(self.tx, chosen, self.person, moments, revision=revision)
        for promise_id, next_at in zip(made, moments, strict=True):
            self.model[promise_id] = Promise(
                id=promise_id, session=chosen, revision=revision, next_at=next_at
            )

    @rule(minutes=st.integers(1, 5))
    def let_time_pass(self, minutes: int) -> None:
        self.minute += minutes

    @rule(session=sessions, keep=st.booleans(), others=st.booleans())
    def revise(self, session: int, keep: bool, others: bool) -> None:
        chosen = self.sessions[session]
        revision = self.revisions[chosen]
        unsettled = [
            each
            for state in (DeliveryState.PENDING, DeliveryState.SENDING)
            for each in self.in_state(state)
            if (each.session, each.revision) == (chosen, revision)
        ]
        found = self.tx.deliveries.unsettled(chosen, revision=revision)
        assert {each.id for each in found} == {each.id for each in unsettled}
        row = self.tx.appointments.for_change(chosen)
        assert row
        row.revision = self.revisions[chosen] = revision + 1
        self.tx.appointments.flush()
        kept = unsettled[:2] if keep else []
        over = (each for state in ENDS for each in self.in_state(state))
        settled = list(over) if others else []
        self.tx.deliveries.restamp([each.id for each in kept + settled], revision=revision + 1)
        for each in kept:
            self.change(each, revision=revision + 1)

    @rule(limit=st.integers(1, 4), lease=leases)
    def claim(self, limit: int, lease: timedelta) -> None:
        claim = str(next(self.claims))
        expected = self.take_due(limit, claim, lapsed=lease == NOW_OVER)
        found = self.tx.deliveries.claim(now=at(self.minute), limit=limit, lease=lease, claim=claim)
        assert [each.id for each in found] == expected

    def take_due(self, limit: int, claim: str, *, lapsed: bool) -> list[int]:
        """Retire what no longer holds, and take the first that does with its neighbours."""
        while True:
            pending = self.in_state(DeliveryState.PENDING)
            due = [each for each in pending if each.next_at <= at(self.minute)]
            batch = sorted(due, key=lambda each: (each.next_at, each.id))[:limit]
            true = [each for each in batch if each.revision == self.revisions[each.session]]
            for each in batch:
                self.change(each, state=DeliveryState.STALE, reason="superseded")
            for each in true:
                self.change(
                    each,
                    state=DeliveryState.SENDING,
                    claim=claim,
                    lapsed=lapsed,
                    attempts=each.attempts + 1,
                )
            if true or not batch:
                return [each.id for each in true]

    @rule(lease=leases)
    def reclaim(self, lease: timedelta) -> None:
        claim = str(next(self.claims))
        begun = {each.id: each for each in self.in_state(DeliveryState.SENDING)}
        lapsed = {each: promise for each, promise in begun.items() if promise.lapsed}
        before = {each: self.read(each) for each in lapsed}
        found = self.tx.deliveries.reclaim(limit=100, lease=lease, claim=claim)
        assert {each.id for each in found} == lapsed.keys()
        for each in found:
            assert each == replace(before[each.id], claim=claim)
            self.change(lapsed[each.id], claim=claim, lapsed=lease == NOW_OVER)

    def read(self, promise_id: int) -> Delivery:
        found = self.tx.deliveries.get(promise_id)
        assert found
        return found

    def is_mine(self, promise: Promise, claim: str) -> bool:
        return promise.state is DeliveryState.SENDING and promise.claim == claim

    @rule(number=numbers, end=ends, late=st.booleans())
    def settle(self, number: int, end: DeliveryState, late: bool) -> None:
        if promise := self.any_of(number):
            claim = "another" if late or promise.claim is None else promise.claim
            settlement = Settlement(state=end, message_ts="1.2", reason=end.value)
            done = self.tx.deliveries.settle(promise.id, claim, settlement)
            assert done is self.is_mine(promise, claim)
            if done:
                self.change(promise, state=end, message_ts="1.2", reason=end.value)

    @rule(number=numbers, minutes=st.integers(0, 9), tried=st.booleans(), late=st.booleans())
    def give_back(self, number: int, minutes: int, tried: bool, late: bool) -> None:
        if promise := self.any_of(number):
            claim = "another" if late or promise.claim is None else promise.claim
            verb = self.tx.deliveries.put_back if tried else self.tx.deliveries.release
            next_at = at(self.minute + minutes)
            done = verb(promise.id, claim, next_at=next_at, reason="busy")
            assert done is self.is_mine(promise, claim)
            if done:
                self.change(
                    promise,
                    state=DeliveryState.PENDING,
                    next_at=next_at,
                    reason="busy",
                    attempts=promise.attempts - (not tried),
                )

    @rule(number=numbers, pause=leases, late=st.booleans())
    def leave_unsure(self, number: int, pause: timedelta, late: bool) -> None:
        if promise := self.any_of(number):
            claim = "another" if late or promise.claim is None else promise.claim
            done = self.tx.deliveries.leave_unsure(promise.id, claim, pause=pause, reason="?")
            assert done is self.is_mine(promise, claim)
            if done:
                self.change(promise, lapsed=pause == NOW_OVER, reason="?")

    @invariant()
    def the_rows_are_those_of_the_model(self) -> None:
        found = [each for session in self.sessions for each in self.tx.deliveries.of(session)]
        assert {each.id: as_promise(each) for each in found} == {
            each.id: replace(each, lapsed=False) for each in self.model.values()
        }

    @invariant()
    def the_outlook_is_true(self) -> None:
        pending = [each.next_at for each in self.in_state(DeliveryState.PENDING)]
        begun = [each.lapsed for each in self.in_state(DeliveryState.SENDING)]
        outlook = self.tx.deliveries.outlook(at(self.minute))
        assert outlook.next_at == self.tx.deliveries.next_due_at() == min(pending, default=None)
        ahead = [each for each in pending if each > at(self.minute)]
        assert outlook.ahead_at == min(ahead, default=None)
        assert (outlook.lapses_in is None) is (not begun)
        if outlook.lapses_in is not None:
            assert (outlook.lapses_in <= NOW_OVER) is any(begun)


def as_promise(found: Delivery) -> Promise:
    return Promise(
        id=found.id,
        session=found.appointment_id or "",
        revision=found.revision,
        next_at=found.next_at,
        state=found.state,
        attempts=found.attempts,
        claim=found.claim,
        reason=found.reason,
        message_ts=found.message_ts,
    )


def run(store: Store, scope: settings) -> None:
    class Here(Outbox):
        def __init__(self) -> None:
            super().__init__(store)

    run_state_machine_as_test(Here, settings=scope)


def test_the_outbox_follows_its_model_on_sqlite(sqlite_store: Store) -> None:
    run(sqlite_store, settings(max_examples=40, stateful_step_count=25))


def test_the_outbox_follows_its_model_on_postgres(postgres_store: Store) -> None:
    run(postgres_store, settings(max_examples=15, stateful_step_count=20))
