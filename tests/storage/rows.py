"""Rows to begin a test with: plain values where the test does not say otherwise."""

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from storage import models
from storage.transaction import Store, Transaction
from storage.types import ActionType, Relationship, Status

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)

Answer = TypeVar("Answer")


class DiscardedError(Exception):
    """Ends a transaction of which nothing is to remain."""


@contextmanager
def discarded(store: Store) -> Iterator[Transaction]:
    """Open a transaction that leaves nothing behind, so that the next example finds the same."""
    try:
        with store.begin() as tx:
            yield tx
            raise DiscardedError
    except DiscardedError:
        return


def in_parallel(work: Callable[[int], Answer], count: int) -> list[Answer]:
    """Let that many threads begin at the same moment; answers what each of them answers."""
    ready = threading.Barrier(count, timeout=20)

    def run(number: int) -> Answer:
        ready.wait()
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def at(minutes: float) -> datetime:
    """The moment that many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def person(tx: Transaction, name: str = "Ann", division: str = "Home", **given: Any) -> str:
    """Add a person; answers the id."""
    row = models.Person(name=name, division_id=tx.people.ensure_division(division), **given)
    tx.people.add(row)
    return row.id


def appointment(
    tx: Transaction,
    creator_id: str,
    attendee_ids: Sequence[str] = (),
    *,
    starts_at: datetime = NINE,
    length_minutes: int = 30,
    **given: Any,
) -> str:
    """Add an appointment, of which the creator is the attendee if no other is named."""
    row = models.Appointment(
        name="Tone of voice",
        description="",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=length_minutes),
        length_minutes=length_minutes,
        creator_id=creator_id,
        created_at=NINE,
        modified_by=creator_id,
        modified_at=NINE,
        **given,
    )
    tx.appointments.add(row, attendee_ids or [creator_id])
    return row.id


def deliveries(
    tx: Transaction, appointment_id: str, person_id: str, due_at: Sequence[datetime], **given: Any
) -> list[int]:
    """Add a promise for each of the moments; answers their ids."""
    values: dict[str, Any] = {"revision": 1, "kind": ActionType.REMINDER, "created_at": NINE}
    numbers = itertools.count(len(tx.deliveries.of(appointment_id)))
    rows = [
        models.Delivery(
            appointment_id=appointment_id,
            person_id=person_id,
            occurrence=f"{next(numbers)}",
            due_at=each,
            next_at=each,
            **(values | given),
        )
        for each in due_at
    ]
    tx.deliveries.add(rows)
    tx.session.flush()
    return [each.id for each in rows]


def notification(tx: Transaction, appointment_id: str, person_id: str, **given: Any) -> str:
    """Add an inbox entry; answers its id."""
    values: dict[str, Any] = {"action_type": ActionType.CREATE, "created_at": NINE}
    row = models.Notification(
        person_id=person_id,
        appointment_id=appointment_id,
        relationship=Relationship.ATTENDEE,
        name="Tone of voice",
        starts_at=NINE,
        length_minutes=30,
        status=Status.SCHEDULED,
        **(values | given),
    )
    tx.notifications.add_all([row])
    return row.id
