"""A small contact centre for tests: people, divisions and roles in a real database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import coaching
from bot.coaching import Caller, CoachingError, Context, NewAppointment, Policy, Source
from storage import models
from storage.models import AuditEntry
from storage.records import Appointment, Delivery, Notification
from storage.transaction import Store, Transaction
from storage.types import DeliveryState
from tests.conftest import FrozenClock

PEOPLE = {
    "Dana": ("Home", ("Supervisor",), "America/New_York"),
    "Grace": ("Home", ("Quality Manager",), "Europe/London"),
    "Priya": ("Home", ("Agent",), "Asia/Kolkata"),
    "Jonas": ("Home", ("Agent",), "Europe/London"),
    "Omar": ("Sales", ("Supervisor",), "Europe/London"),
    "Sam": ("Sales", ("Agent",), "Australia/Sydney"),
    "Alex": ("Home", ("Administrator",), "Europe/London"),
}
"""Each with division, roles and time zone."""


NEVER_QUIET = Policy(quiet_hours=None)
"""What waits for the morning has tests of its own."""


class Workplace:
    """People one can act for by name, and what happened to them."""

    def __init__(self, store: Store, clock: FrozenClock, policy: Policy | None = None) -> None:
        self.store = store
        self.clock = clock
        self.woken = 0
        self.context = Context(
            store=store, clock=clock, policy=policy or NEVER_QUIET, wake=self._woke
        )
        coaching.prepare(self.context)
        self.ids: dict[str, str] = {}
        with store.begin() as tx:
            for division in ("Home", "Sales"):
                tx.people.ensure_division(division)
            for name, (division, roles, zone) in PEOPLE.items():
                self.ids[name] = _hire(tx, name, division, roles=roles, timezone=zone)

    def _woke(self) -> None:
        self.woken += 1

    def hire(
        self, name: str, *, division: str, roles: tuple[str, ...] = ("Agent",), **given: Any
    ) -> str:
        """Add a person; an Administrator holds the role over every division."""
        with self.store.begin() as tx:
            self.ids[name] = _hire(tx, name, division, roles=roles, **given)
        return self.ids[name]

    def grant(self, name: str, *grants: tuple[str, str]) -> None:
        """Write all the roles that a person holds: pairs of role and division name."""
        with self.store.begin() as tx:
            tx.people.replace_grants(
                self.ids[name], [(role, tx.people.ensure_division(where)) for role, where in grants]
            )

    def name_of(self, person_id: str) -> str:
        """The name by which a person is known here."""
        return next(name for name, each in self.ids.items() if each == person_id)

    def caller(self, name: str, source: Source = Source.REST) -> Caller:
        """Act as a person."""
        return Caller(self.ids[name], source)

    def request(self, *attendees: str, **changes: Any) -> NewAppointment:
        """A request that is fine: coaching tomorrow at the same time, for half an hour."""
        facilitator = changes.pop("facilitator", None)
        values: dict[str, Any] = {
            "name": "Call review",
            "description": "Two calls from last week",
            "starts_at": self.clock() + timedelta(days=2),
            "length_minutes": 30,
            "attendee_ids": [self.ids[each] for each in attendees or ("Priya",)],
            "facilitator_id": self.ids[facilitator] if facilitator else None,
        }
        return NewAppointment(**(values | changes))

    def schedule(self, by: str, *attendees: str, **changes: Any) -> Appointment:
        """Schedule a session through the use case."""
        return coaching.schedule(self.context, self.caller(by), self.request(*attendees, **changes))

    def deliveries(self, appointment_id: str) -> list[Delivery]:
        """Every promise about a session."""
        with self.store.read() as tx:
            return tx.deliveries.of(appointment_id)

    def owed(self, appointment_id: str) -> list[tuple[str, str, str, datetime]]:
        """The promises that hold as things stand: kind, person, occurrence, due."""
        with self.store.read() as tx:
            revision = tx.appointments.the(appointment_id).revision
            return [
                (each.kind.value, self.name_of(each.person_id), each.occurrence, each.due_at)
                for each in tx.deliveries.of(appointment_id)
                if each.revision == revision and each.state is DeliveryState.PENDING
            ]

    def notifications(self, name: str) -> list[Notification]:
        """A person's inbox entries."""
        return list(
            coaching.notifications(
                self.context,
                self.caller(name),
                action_types=frozenset(coaching.ActionType),
                page_size=100,
            ).entities
        )

    def audit(self, entity: str, entity_id: str) -> list[AuditEntry]:
        """What the trail keeps of one thing."""
        with self.store.read() as tx:
            return tx.audit.of(entity, entity_id)

    @contextmanager
    def refuses(
        self, kind: type[CoachingError], code: str, field: str | None = None
    ) -> Iterator[pytest.ExceptionInfo[CoachingError]]:
        """Expect a refusal, in a sentence for people, after which every table is as before."""
        before = self.everything()
        with pytest.raises(kind) as refused:
            yield refused
        assert (refused.value.code, refused.value.field) == (code, field)
        assert_for_people(refused.value.message)
        assert self.everything() == before

    def everything(self) -> dict[str, list[str]]:
        """All rows of all tables."""
        with self.store.read() as tx:
            return {
                table.name: sorted(repr(tuple(row)) for row in tx.session.execute(select(table)))
                for table in models.Person.metadata.sorted_tables
            }


def assert_for_people(said: str) -> None:
    """Hold a sentence to the house's words: plain, no exclamation, no ids, nothing of Python."""
    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith((".", " https://"))
    assert "!" not in said
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|_|None|\bId\b|Error|[<{\[]", said)


def _hire(
    tx: Transaction, name: str, division: str, *, roles: tuple[str, ...], **given: Any
) -> str:
    division_id = tx.people.ensure_division(division)
    values = {"email": f"{name.lower()}@example.com", "slack_user_id": f"U{name.upper()}"}
    person = models.Person(name=name, division_id=division_id, **(values | given))
    tx.people.add(person)
    everywhere = tx.people.divisions()
    tx.people.replace_grants(
        person.id,
        {
            (role, where)
            for role in roles
            for where in (everywhere if role == "Administrator" else [division_id])
        },
    )
    return person.id
