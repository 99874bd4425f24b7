"""A beat costs the same however much is promised for later."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from storage import models
from storage.deliveries import Deliveries
from storage.types import ActionType, DeliveryState
from tests.delivery.pretend import Office, statements

MANY = 20_000


@pytest.fixture
def crowd(office: Office) -> Office:
    """Many promises for later, many that were kept, and statistics that know it."""
    session, now = office.schedule(), office.clock()
    rows = [
        {
            "kind": ActionType.REMINDER,
            "person_id": office.people[number % 3],
            "appointment_id": session,
            "revision": 1,
            "occurrence": str(number),
            "due_at": now + timedelta(seconds=1 + number),
            "next_at": now + timedelta(seconds=1 + number),
            "created_at": now,
            "mark": str(uuid.uuid4()),
            "state": DeliveryState.PENDING if number % 2 else DeliveryState.SENT,
            "attempts": 0,
        }
        for number in range(MANY)
    ]
    with office.store.begin() as tx:
        tx.session.execute(insert(models.Delivery), rows)
    with office.store.begin() as tx:
        tx.session.execute(text("ANALYZE"))
    return office


def plans(crowd: Office, ask: Callable[[Deliveries], object]) -> str:
    """What the database means to do for everything that is asked of it."""
    database = crowd.store.database
    with crowd.store.begin() as tx:
        with statements(crowd.store) as heard:
            ask(tx.deliveries)
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        connection = tx.session.connection()
        lines: list[str] = []
        for statement, parameters in heard:
            rows = connection.exec_driver_sql(explain + statement, parameters)
            lines.extend(str(row[-1]) for row in rows)
    return "\n".join(lines)


def scans(plan: str) -> list[str]:
    """Lines by which a whole table or index is read."""
    return re.findall(r"Seq Scan on deliveries|SCAN deliveries(?! USING)", plan)


def claim(deliveries: Deliveries, crowd: Office, *, after: timedelta) -> object:
    now = crowd.clock() + after
    return deliveries.claim(now=now, limit=10, lease=timedelta(seconds=60), claim="me")


def test_a_look_reads_the_first_due_from_the_index(crowd: Office) -> None:
    seen = plans(crowd, lambda deliveries: deliveries.outlook(crowd.clock()))
    assert not scans(seen), seen
    assert "ix_deliveries_next_at" in seen
    assert "ix_deliveries_claimed_until" in seen
    assert "ix_deliveries_refresh_at" in seen


def test_what_is_to_be_shown_anew_is_read_from_the_index(crowd: Office) -> None:
    lease = timedelta(seconds=60)
    seen = plans(crowd, lambda each: each.claim_outdated(now=crowd.clock(), limit=5, lease=lease))
    assert not scans(seen), seen
    assert "ix_deliveries_refresh_at" in seen


def test_a_session_s_messages_are_outdated_without_reading_others(crowd: Office) -> None:
    appointment_id = crowd.schedule()
    crowd.promise(appointment_id)
    seen = plans(crowd, lambda each: each.outdate(appointment_id, at=crowd.clock()))
    assert not scans(seen), seen
    assert "uq_deliveries_promise" in seen or "sqlite_autoindex_deliveries" in seen, seen


@pytest.mark.parametrize("after", [timedelta(0), timedelta(hours=1)])
def test_a_claim_reads_what_is_due_from_the_index(crowd: Office, after: timedelta) -> None:
    seen = plans(crowd, lambda deliveries: claim(deliveries, crowd, after=after))
    assert not scans(seen), seen
    assert "ix_deliveries_next_at" in seen
    assert ("next_at<" in seen) or ("Index Cond: (next_at <=" in seen), seen


def test_a_takeover_reads_what_lapsed_from_the_index(crowd: Office) -> None:
    lease = timedelta(seconds=60)
    seen = plans(crowd, lambda each: each.reclaim(limit=10, lease=lease, claim="me"))
    assert not scans(seen), seen
    assert "ix_deliveries_claimed_until" in seen


def test_what_is_due_is_counted_from_the_index(crowd: Office) -> None:
    seen = plans(crowd, lambda deliveries: deliveries.backlog(crowd.clock()))
    assert not scans(seen), seen
