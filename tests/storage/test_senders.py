"""Any number of senders: no promise is taken twice, and all keep to one pace."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy.exc import IntegrityError

from storage import models
from storage.deliveries import Settlement
from storage.transaction import Store
from storage.types import ActionType, DeliveryState
from tests.storage import rows
from tests.storage.rows import NINE, at, discarded

LEASE: Final = timedelta(hours=1)
EVERY: Final = timedelta(seconds=100)
SLACK: Final = timedelta(seconds=20)
"""How long a test may take before a pace measured on the database's clock looks wrong."""
SENDERS: Final = 6


def promise(store: Store, count: int) -> list[int]:
    """Write that many promises that are due at nine."""
    with store.begin() as tx:
        ann = rows.person(tx)
        session = rows.appointment(tx, ann)
        return rows.deliveries(tx, session, ann, [NINE] * count)


def at_once(work: Callable[[int], list[int]]) -> list[int]:
    """Let all senders begin at the same moment; answers all that they took."""
    return [each for taken in rows.in_parallel(work, SENDERS) for each in taken]


def test_senders_never_claim_the_same_promise(store: Store) -> None:
    promised = promise(store, 60)

    def work(number: int) -> list[int]:
        mine: list[int] = []
        while True:
            with store.begin() as tx:
                found = tx.deliveries.claim(now=NINE, limit=5, lease=LEASE, claim=f"{number}")
            if not found:
                return mine
            mine += [each.id for each in found]

    assert sorted(at_once(work)) == sorted(promised)


def test_senders_never_take_over_the_same_promise(store: Store) -> None:
    promised = promise(store, 60)
    with store.begin() as tx:
        tx.deliveries.claim(now=NINE, limit=60, lease=timedelta(0), claim="dead")

    def work(number: int) -> list[int]:
        with store.begin() as tx:
            found = tx.deliveries.reclaim(limit=60, lease=LEASE, claim=f"{number}")
        return [each.id for each in found]

    assert sorted(at_once(work)) == sorted(promised)


def test_a_sender_on_postgres_goes_round_what_another_is_claiming(postgres_store: Store) -> None:
    promised = promise(postgres_store, 10)
    with postgres_store.begin() as first, postgres_store.begin() as second:
        one = first.deliveries.claim(now=NINE, limit=4, lease=LEASE, claim="one")
        two = second.deliveries.claim(now=NINE, limit=99, lease=LEASE, claim="two")
    assert [each.id for each in one + two] == promised
    assert len(one) == 4


def test_a_sender_on_postgres_goes_round_what_another_takes_over(postgres_store: Store) -> None:
    promise(postgres_store, 6)
    with postgres_store.begin() as tx:
        tx.deliveries.claim(now=NINE, limit=6, lease=timedelta(0), claim="dead")
    with postgres_store.begin() as first, postgres_store.begin() as second:
        one = first.deliveries.reclaim(limit=2, lease=LEASE, claim="one")
        two = second.deliveries.reclaim(limit=99, lease=LEASE, claim="two")
    assert len(one) == 2
    assert len({each.id for each in one + two}) == 6


def test_a_claim_that_is_rolled_back_is_free_again(store: Store) -> None:
    promised = promise(store, 3)
    with discarded(store) as tx:
        assert len(tx.deliveries.claim(now=NINE, limit=3, lease=LEASE, claim="lost")) == 3
    with store.begin() as tx:
        found = tx.deliveries.claim(now=NINE, limit=3, lease=LEASE, claim="kept")
    assert [(each.id, each.claim, each.attempts) for each in found] == [
        (each, "kept", 1) for each in promised
    ]


def test_what_is_due_first_is_claimed_first(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        moments = [at(minutes) for minutes in (3, 1, 4, 1, 5, 2)]
        ids = rows.deliveries(tx, rows.appointment(tx, ann), ann, moments)
    found = []
    for _ in range(3):
        with store.begin() as tx:
            found += tx.deliveries.claim(now=at(9), limit=2, lease=LEASE, claim="a")
    assert [each.id for each in found] == [ids[index] for index in (1, 3, 5, 0, 2, 4)]


def test_what_is_not_due_is_left_alone(store: Store) -> None:
    promise(store, 1)
    with store.begin() as tx:
        early = NINE - timedelta(microseconds=1)
        assert tx.deliveries.claim(now=early, limit=9, lease=LEASE, claim="a") == []
        assert len(tx.deliveries.claim(now=NINE, limit=9, lease=LEASE, claim="a")) == 1


def test_a_promise_of_an_older_revision_is_never_sent(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        moved, still = (rows.appointment(tx, ann) for _ in range(2))
        old = rows.deliveries(tx, moved, ann, [at(0), at(1)])
        kept = rows.deliveries(tx, still, ann, [at(2)])
        row = tx.appointments.for_change(moved)
        assert row
        row.revision = 2
        new = rows.deliveries(tx, moved, ann, [at(3)], revision=2)
    with store.begin() as tx:
        found = tx.deliveries.claim(now=at(9), limit=9, lease=LEASE, claim="a")
    with store.read() as tx:
        states = {each.id: (each.state, each.attempts) for each in tx.deliveries.of(moved)}
    assert [each.id for each in found] == kept + new
    assert states == {
        **dict.fromkeys(old, (DeliveryState.STALE, 0)),
        new[0]: (DeliveryState.SENDING, 1),
    }


def test_only_what_is_not_yet_kept_is_carried_over_to_a_new_revision(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        session = rows.appointment(tx, ann)
        ids = rows.deliveries(tx, session, ann, [at(0), at(1), at(2)])
    sent, begun, pending = ids
    with store.begin() as tx:
        tx.deliveries.claim(now=at(1), limit=9, lease=LEASE, claim="a")
        tx.deliveries.settle(sent, "a", Settlement(state=DeliveryState.SENT))
    with store.begin() as tx:
        found = tx.deliveries.unsettled(session, revision=1)
        assert {each.id for each in found} == {begun, pending}
        assert tx.deliveries.unsettled(session, revision=2) == []
        tx.deliveries.restamp(ids, revision=2)
    with store.read() as tx:
        revisions = {each.id: each.revision for each in tx.deliveries.of(session)}
    assert revisions == {sent: 1, begun: 2, pending: 2}


def test_the_same_promise_cannot_be_made_twice(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        session = rows.appointment(tx, ann)
        rows.deliveries(tx, session, ann, [NINE])

    def again(**given: object) -> None:
        values = {"kind": ActionType.REMINDER, "revision": 1, "occurrence": "0"} | given
        with store.begin() as tx:
            row = models.Delivery(
                person_id=ann,
                appointment_id=session,
                due_at=NINE,
                next_at=NINE,
                created_at=NINE,
                **values,  # type: ignore[arg-type]
            )
            tx.deliveries.add([row])

    for other in ({"revision": 2}, {"kind": ActionType.OVERDUE}, {"occurrence": "1h"}):
        again(**other)
    with pytest.raises(IntegrityError):
        again()


def test_a_transaction_knows_the_first_moment_that_it_promised(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        session = rows.appointment(tx, ann)
        assert tx.deliveries.earliest is None
        rows.deliveries(tx, session, ann, [at(5), at(3), at(4)])
        assert tx.deliveries.earliest == at(3)


def test_a_settled_promise_keeps_where_its_message_is(store: Store) -> None:
    [promised] = promise(store, 1)
    with store.begin() as tx:
        tx.deliveries.claim(now=NINE, limit=1, lease=LEASE, claim="a")
        done = Settlement(state=DeliveryState.SENT, channel="D1", message_ts="1.2", reason="ok")
        assert tx.deliveries.settle(promised, "a", done)
    with store.read() as tx:
        found = tx.deliveries.get(promised)
        assert found
        assert [found] == tx.deliveries.many([promised, promised + 1])
        assert (found.channel, found.message_ts, found.reason) == ("D1", "1.2", "ok")
        assert tx.deliveries.get(promised + 1) is None


def reserve(store: Store, key: str) -> timedelta:
    with store.begin() as tx:
        return tx.deliveries.reserve(key, every=EVERY)


def is_about(found: timedelta, wanted: timedelta) -> bool:
    """Waits shrink while the test runs; they never grow."""
    return wanted - SLACK < found <= wanted


def test_places_in_a_pace_follow_one_another(store: Store) -> None:
    waits = [reserve(store, "C1") for _ in range(4)]
    assert waits[0] == timedelta(0)
    assert all(is_about(wait, EVERY * number) for number, wait in enumerate(waits))
    assert reserve(store, "C2") == timedelta(0)


def test_senders_never_take_the_same_place(store: Store) -> None:
    places = at_once(lambda _number: [round(reserve(store, "C1") / EVERY) for _ in range(3)])
    assert sorted(places) == list(range(3 * SENDERS))


def test_a_pause_holds_everything_back_and_a_shorter_one_does_not_end_it(store: Store) -> None:
    long, short = timedelta(seconds=500), timedelta(seconds=50)
    with store.begin() as tx:
        tx.deliveries.pause("C1", long)
        tx.deliveries.pause("C1", short)
        tx.deliveries.pause("C2", short)
        tx.deliveries.pause("C2", long)
    with store.read() as tx:
        waits = tx.deliveries.waits(["C1", "C2", "C3"])
    assert is_about(waits["C1"], long)
    assert is_about(waits["C2"], long)
    assert waits["C3"] == timedelta(0)
    assert is_about(reserve(store, "C1"), long)
    assert is_about(reserve(store, "C1"), long + EVERY)
    assert reserve(store, "C3") == timedelta(0)


def test_a_pace_that_was_idle_saves_no_places_up(store: Store) -> None:
    with store.begin() as tx:
        tx.deliveries.pause("C1", timedelta(hours=-1))
    with store.read() as tx:
        assert tx.deliveries.waits(["C1"]) == {"C1": timedelta(0)}
    assert reserve(store, "C1") == timedelta(0)
    assert is_about(reserve(store, "C1"), EVERY)


def test_what_is_being_decided_about_is_not_begun_with(postgres_store: Store) -> None:
    """Whoever deletes a session sees what is unsaid; no sender may begin to say it meanwhile."""
    store = postgres_store
    with store.begin() as tx:
        ann = rows.person(tx)
        session = rows.appointment(tx, ann)
        rows.deliveries(tx, session, ann, [NINE])
    with store.begin() as deciding:
        [unsaid] = deciding.deliveries.unsettled(session, revision=1)
        with store.begin() as sender:
            assert sender.deliveries.claim(now=NINE, limit=5, lease=LEASE, claim="eager") == []
    with store.begin() as sender:
        [taken] = sender.deliveries.claim(now=NINE, limit=5, lease=LEASE, claim="patient")
    assert taken.id == unsaid.id
