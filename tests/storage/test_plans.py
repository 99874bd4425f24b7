"""The queries that run all day find their rows by an index once the tables have grown."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, event, insert, text

from storage import models
from storage.filters import AppointmentFilter, Interval, IntervalCondition, Reach
from storage.notifications import InboxFilter
from storage.sight import Sight
from storage.transaction import Store, Transaction
from storage.types import ActionType, DeliveryState, Relationship, Source, Status
from tests.storage.rows import HALF_AN_HOUR, NINE, at, discarded

Asks = Callable[[Transaction], object]

GROWN: Final = 2000
PERSONS: Final = 600
ON_SQLITE: Final = (
    ("sqlite_autoindex_deliveries_1", "uq_deliveries_promise"),
    ("sqlite_autoindex_people_2", "uq_people_email"),
    ("sqlite_autoindex_people_3", "uq_people_slack_user_id_slack_team_id"),
)
"""SQLite does not take over the names of the constraints that it makes an index for."""


def wanted(**given: Any) -> AppointmentFilter:
    return AppointmentFilter(now=NINE, reach=Reach(person_id="7", division_ids=None), **given)


def claim(tx: Transaction) -> object:
    return tx.deliveries.claim(now=NINE, limit=9, lease=timedelta(hours=1), claim="a")


def reclaim(tx: Transaction) -> object:
    return tx.deliveries.reclaim(limit=9, lease=timedelta(hours=1), claim="a")


def read_inbox(tx: Transaction) -> object:
    window = InboxFilter(
        sight=Sight(person_id="7"),
        action_types=[ActionType.CREATE],
        starts_from=NINE - timedelta(days=60),
        starts_before=NINE + timedelta(days=60),
    )
    return tx.notifications.page(window)


def list_week(tx: Transaction) -> object:
    week = Interval(starts_at=NINE, ends_at=at(60))
    return tx.appointments.page(
        wanted(interval=week, interval_condition=IntervalCondition.STARTS_IN)
    )


def list_completed(tx: Transaction) -> object:
    week = Interval(starts_at=NINE, ends_at=at(60))
    return tx.appointments.count(wanted(completion_interval=week))


def list_mine(tx: Transaction) -> object:
    return tx.appointments.count(wanted(user_ids=["7"]))


QUERIES: Final[Mapping[str, tuple[Asks, set[str]]]] = {
    "claim": (claim, {"ix_deliveries_next_at"}),
    "reclaim": (reclaim, {"ix_deliveries_claimed_until"}),
    "next due": (lambda tx: tx.deliveries.next_due_at(), {"ix_deliveries_next_at"}),
    "outlook": (
        lambda tx: tx.deliveries.outlook(NINE),
        {"ix_deliveries_next_at", "ix_deliveries_claimed_until"},
    ),
    "promises": (lambda tx: tx.deliveries.of("7"), {"uq_deliveries_promise"}),
    "overlaps": (
        lambda tx: tx.appointments.overlapping(["7"], NINE, at(30)),
        {"ix_bookings_person_id_ends_at"},
    ),
    "inbox": (read_inbox, {"ix_notifications_person_id_created_at"}),
    "week": (list_week, {"ix_appointments_starts_at"}),
    "completed": (list_completed, {"ix_appointments_completed_at"}),
    "mine": (
        list_mine,
        {
            "ix_appointments_creator_id",
            "ix_appointments_facilitator_id",
            "ix_attendees_person_id",
        },
    ),
    "history": (lambda tx: tx.appointments.statuses("7"), {"ix_status_changes_appointment_id"}),
    "trail": (lambda tx: tx.audit.of("appointment", "7"), {"ix_audit_entity_entity_id"}),
    "account": (lambda tx: tx.people.by_slack("U7"), {"uq_people_slack_user_id_slack_team_id"}),
    "address": (lambda tx: tx.people.by_email("7@b.c"), {"uq_people_email"}),
}


def grow(tx: Transaction) -> None:
    """Fill the tables as some years would: nearly everything in them is over."""
    tx.session.add(models.Division(id="1", name="Home"))
    tx.session.flush()
    for table, rows in (
        (models.Person, [person(each) for each in range(PERSONS)]),
        (models.Appointment, [appointment(each) for each in range(GROWN)]),
        (models.Attendee, [attendee(each) for each in range(GROWN)]),
        (models.Booking, [booking(each) for each in range(GROWN)]),
        (models.Notification, [notification(each) for each in range(GROWN)]),
        (models.Delivery, [delivery(each) for each in range(GROWN)]),
        (models.StatusChange, [status_change(each) for each in range(GROWN)]),
        (models.AuditEntry, [audit_entry(each) for each in range(GROWN)]),
    ):
        tx.session.execute(insert(table), rows)
    tx.session.execute(text("ANALYZE"))


def who(number: int) -> str:
    return str(number % PERSONS)


def day(number: int) -> datetime:
    return NINE - timedelta(days=number)


def person(number: int) -> dict[str, Any]:
    account = {"email": f"{number}@b.c", "slack_user_id": f"U{number}"}
    return {"id": str(number), "name": "Ann", "division_id": "1", "timezone": "UTC"} | account


def appointment(number: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "name": "",
        "description": "",
        "starts_at": day(number),
        "ends_at": day(number) + HALF_AN_HOUR,
        "length_minutes": 30,
        "creator_id": who(number),
        "created_at": NINE,
        "modified_by": who(number),
        "modified_at": NINE,
        "facilitator_id": who(number + 1),
        "status": Status.COMPLETED if number % 4 else Status.SCHEDULED,
        "completed_at": day(number) if number % 4 else None,
    }


def attendee(number: int) -> dict[str, Any]:
    return {"appointment_id": str(number), "person_id": who(number + 2), "position": 0}


def booking(number: int) -> dict[str, Any]:
    return {
        "appointment_id": str(number),
        "person_id": who(number),
        "starts_at": day(number),
        "ends_at": day(number) + HALF_AN_HOUR,
    }


def notification(number: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "person_id": who(number),
        "appointment_id": str(number),
        "action_type": ActionType.CREATE,
        "relationship": Relationship.ATTENDEE,
        "name": "",
        "starts_at": day(number),
        "length_minutes": 30,
        "status": Status.SCHEDULED,
        "created_at": day(number),
        "marked_as_read": number > 0,
    }


def delivery(number: int) -> dict[str, Any]:
    state = DeliveryState.SENT if number > 9 else DeliveryState.PENDING
    return {
        "kind": ActionType.REMINDER,
        "person_id": who(number),
        "appointment_id": str(number),
        "revision": 1,
        "occurrence": "",
        "due_at": day(number),
        "next_at": day(number),
        "created_at": day(number),
        "mark": str(number),
        "state": state if number % 2 or number > 9 else DeliveryState.SENDING,
        "claimed_until": day(number),
    }


def status_change(number: int) -> dict[str, Any]:
    session = str(number)
    return {"appointment_id": session, "status": Status.SCHEDULED, "created_at": day(number)}


def audit_entry(number: int) -> dict[str, Any]:
    about = {"entity": "appointment", "entity_id": str(number), "action": "made"}
    return {"at": day(number), "source": Source.SLACK} | about


@contextmanager
def statements(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """Note every statement with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(*about: Any) -> None:
        _connection, _cursor, statement, parameters, _context, _many = about
        seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def explain(tx: Transaction, ask: Asks) -> str:
    """How the database finds the rows of everything that is asked."""
    connection = tx.session.connection()
    with statements(connection) as seen:
        ask(tx)
    look = look_on_sqlite if connection.dialect.name == "sqlite" else look_on_postgres
    return "\n".join(
        str(line[-1]) for said, given in seen for line in look(connection, said, given)
    )


def look_on_sqlite(connection: Connection, said: str, given: Any) -> Iterator[Any]:
    for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given):
        plan = line[-1]
        for theirs, ours in ON_SQLITE:
            plan = plan.replace(theirs, ours)
        yield (plan,)


def look_on_postgres(connection: Connection, said: str, _given: Any) -> Iterator[Any]:
    """The plan that serves all values, which the server comes to when a statement is repeated."""
    numbers = itertools.count(1)
    numbered = re.sub(r"%\(\w+\)s", lambda _: f"${next(numbers)}", said)
    yield from connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {numbered}")


def test_queries_use_their_indexes(store: Store) -> None:
    with discarded(store) as tx:
        grow(tx)
        plans = {name: explain(tx, ask) for name, (ask, _) in QUERIES.items()}
    for name, (_, indexes) in QUERIES.items():
        found = set(re.findall(r"\b(?:ix|uq)_\w+", plans[name]))
        assert indexes <= found, f"{name}\n{plans[name]}"
