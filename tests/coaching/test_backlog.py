"""The backlog: what is due and not kept, however long it has to wait; nothing else."""

from datetime import timedelta

from bot import coaching
from storage.deliveries import Settlement
from storage.types import DeliveryState
from tests.coaching.workplace import Workplace

LEASE = timedelta(seconds=60)


def seen(at: Workplace) -> tuple[int, timedelta]:
    found = coaching.backlog(at.context)
    return found.due, found.oldest_age


def test_what_is_due_is_counted_until_it_is_settled(workplace: Workplace) -> None:
    at = workplace
    assert seen(at) == (0, timedelta(0))
    at.schedule("Dana", "Priya", "Jonas")
    assert seen(at) == (2, timedelta(0)), "two are told, and what they are reminded of is ahead"
    at.clock.advance(timedelta(minutes=3))
    assert seen(at) == (2, timedelta(minutes=3))
    with at.store.begin() as tx:
        one, other = tx.deliveries.claim(now=at.clock(), limit=9, lease=LEASE, claim="mine")
    assert seen(at) == (2, timedelta(minutes=3)), "what is being sent is not there yet"
    with at.store.begin() as tx:
        later = at.clock() + timedelta(minutes=5)
        tx.deliveries.put_back(one.id, "mine", next_at=later, reason="ratelimited")
        tx.deliveries.settle(other.id, "mine", Settlement(state=DeliveryState.FAILED))
    assert seen(at) == (1, timedelta(minutes=3)), "what waits for another try was due"
