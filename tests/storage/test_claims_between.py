"""A claim that begins before a change is there, and comes to the promise after it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, update

from storage import models
from storage.transaction import Store
from storage.types import DeliveryState
from tests.storage import rows
from tests.storage.rows import NINE

LEASE = timedelta(hours=1)
GATE = 71


@contextmanager
def claims_held_up(store: Store) -> Iterator[threading.Event]:
    """Hold claims up between their view of the database and their rows, while a gate is shut."""
    begun = threading.Event()

    def hold_up(_c: Any, _u: Any, said: str, given: Any, *_: Any) -> tuple[str, Any]:
        if "SKIP LOCKED" in said and "JOIN" in said:
            begun.set()
            gate = f"(SELECT pg_advisory_xact_lock_shared({GATE}) IS NOT NULL)"
            said = said.replace("WHERE", f"WHERE {gate} AND", 1)
        return said, given

    event.listen(store.database.engine, "before_cursor_execute", hold_up, retval=True)
    yield begun
    event.remove(store.database.engine, "before_cursor_execute", hold_up)


def test_what_a_change_carries_over_meanwhile_is_not_taken_for_untrue(
    postgres_store: Store,
) -> None:
    store = postgres_store
    with store.begin() as tx:
        ann = rows.person(tx)
        session = rows.appointment(tx, ann)
        [promised] = rows.deliveries(tx, session, ann, [NINE])
    taken: list[int] = []

    def claim() -> None:
        with store.begin() as tx:
            found = tx.deliveries.claim(now=NINE, limit=5, lease=LEASE, claim="a")
        taken.extend(each.id for each in found)

    with claims_held_up(store) as begun, store.database.engine.connect() as gate:
        gate.exec_driver_sql(f"SELECT pg_advisory_lock({GATE})")
        sender = threading.Thread(target=claim)
        sender.start()
        assert begun.wait(10)
        _wait_until_held_up(gate)
        with store.begin() as tx:
            tx.session.execute(update(models.Appointment).values(revision=2))
            tx.deliveries.unsettled(session, revision=1)
            tx.deliveries.restamp([promised], revision=2)
        gate.exec_driver_sql(f"SELECT pg_advisory_unlock({GATE})")
        sender.join(10)
        assert not sender.is_alive()
    with store.begin() as tx:
        taken += [each.id for each in tx.deliveries.claim(now=NINE, limit=5, lease=LEASE, claim="")]
        [kept] = tx.deliveries.of(session)
    assert (kept.state, taken) == (DeliveryState.SENDING, [promised])


def _wait_until_held_up(gate: Any) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    for _ in range(1000):
        if gate.exec_driver_sql(waiting).scalar_one():
            return
        threading.Event().wait(0.01)
    raise AssertionError("the claim was not held up")
