"""A contact centre that can be copied, so that every way starts from the very same rows."""

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot import coaching
from bot.coaching import (
    AggregateQuery,
    AppointmentChanges,
    Clause,
    Dimension,
    Interval,
    Metric,
    NewAppointment,
    Predicate,
    Status,
)
from storage import models
from storage.transaction import Store
from storage.types import Standing
from tests.coaching.workplace import Workplace
from tests.databases import opened
from tests.parity.requests import Edit, MarkAsRead, Schedule, Session
from tests.parity.rows import Rows

SUBMISSION = "the-form-of-this-test"
OTHERS = {
    "Nora": ((), Standing.MEMBER),
    "Standup": ((), Standing.BOT),
    "Ravi": (("Agent",), Standing.DEACTIVATED),
    "Pat": (("Agent",), Standing.EXTERNAL),
}
"""Those who can’t take part: with roles, and what Slack says of their accounts."""


@dataclass
class Centre:
    """The workplace, and the words by which its people and sessions are known."""

    workplace: Workplace
    file: Path
    tokens: dict[str, str]

    @property
    def context(self) -> coaching.Context:
        """What the use cases are given."""
        return self.workplace.context

    def person(self, name: str) -> str:
        """The id of somebody; of nobody, one that is not there."""
        return self.workplace.ids.get(name, "nobody-of-this-id")

    def appointment(self, name: str) -> str:
        """The id of the session of this name, deleted or not."""
        with self.workplace.store.read() as tx:
            rows = Rows.ids_of_appointments(tx)
        return rows[name]

    def note(self, about: str) -> str:
        """The id of the first note of a session."""
        with self.workplace.store.read() as tx:
            kind = models.Annotation
            of_it = select(kind.id).where(kind.appointment_id == self.appointment(about))
            return tx.session.scalars(of_it).one()

    def notification(self, wanted: MarkAsRead) -> str:
        """The id of what somebody was told of a session first."""
        about = self.appointment(wanted.about)
        entries = self.workplace.notifications(wanted.whose)
        return next(each.id for each in entries if each.appointment_id == about)

    def told(self, name: str, appointment_id: str) -> tuple[int, str] | None:
        """The message about a session that somebody gets, if any, and its mark."""
        mine = [
            each
            for each in self.workplace.deliveries(appointment_id)
            if each.person_id == self.person(name) and each.notification_id
        ]
        return (mine[0].id, mine[0].mark) if mine else None

    def rows(self) -> Rows:
        """Everything that is stored."""
        with self.workplace.store.read() as tx:
            return Rows(tx)

    def request(self, wanted: Schedule) -> NewAppointment:
        """What is to be scheduled, as the use case takes it."""
        return NewAppointment(
            name=wanted.name,
            description=wanted.description,
            starts_at=self.context.clock() + wanted.starts_in,
            length_minutes=wanted.length,
            attendee_ids=[self.person(each) for each in wanted.attendees],
            facilitator_id=self.person(wanted.facilitator) if wanted.facilitator else None,
            external_links=[] if wanted.link is None else [wanted.link],
            location=wanted.location,
            submission=SUBMISSION,
        )

    def changes(self, wanted: Edit) -> AppointmentChanges:
        """What is to be changed, as the use case takes it."""
        starts_in = wanted.starts_in
        named: dict[str, Any] = {
            "name": wanted.name,
            "description": wanted.description,
            "location": wanted.location,
            "starts_at": None if starts_in is None else self.context.clock() + starts_in,
            "length_minutes": wanted.length,
            "external_links": wanted.link and [wanted.link],
            "conversation_ids": wanted.conversation and [wanted.conversation],
            "document_ids": wanted.document and [wanted.document],
        }
        return AppointmentChanges(
            **{name: value for name, value in named.items() if value is not None}
        )

    def counting(self, whose: str) -> AggregateQuery:
        """What is to be counted, as the use case takes it."""
        predicate = Predicate(dimension=Dimension.ATTENDEE, value=self.person(whose))
        today = self.context.clock().replace(hour=0, minute=0, second=0)
        return AggregateQuery(
            interval=Interval(starts_at=today, ends_at=today + timedelta(days=20)),
            filter_type="And",
            clauses=[Clause(type="And", predicates=[predicate])],
            metrics=[Metric.ACTIVITIES],
        )

    def prepare(self, session: Session) -> None:
        """Let a session be there."""
        schedule = Schedule(
            attendees=session.attendees,
            facilitator=session.facilitator,
            name=session.name,
            starts_in=session.starts_in,
            length=session.length,
        )
        caller = self.workplace.caller(session.by)
        request = replace(self.request(schedule), submission=None)
        made = coaching.schedule(self.context, caller, request)
        if session.note is not None:
            note = partial(coaching.add_annotation, self.context, caller, made.id)
            note(text=session.note, access_type=session.note_type)
        if session.status is not Status.SCHEDULED:
            coaching.change_status(self.context, caller, made.id, session.status)
        if session.is_deleted:
            coaching.delete(self.context, caller, made.id)

    def hire_others(self) -> None:
        """Let those who can’t take part be there."""
        for name, (roles, standing) in OTHERS.items():
            self.workplace.hire(name, division="Home", roles=roles, standing=standing)

    def mint_tokens(self) -> None:
        """Let everybody of the workplace have a program that acts for them."""
        for member in coaching.members(self.context):
            email, name = member.person.email, member.person.name
            if member.person.standing is Standing.MEMBER and email:
                client = coaching.create_client(self.context, email=email, name=name)
                issued = coaching.issue_token(self.context, client.client_id, client.client_secret)
                self.tokens[name] = issued.access_token

    @contextmanager
    def copied(self, folder: Path, name: str) -> Iterator["Centre"]:
        """Open a copy with the same rows, ids and tokens; this one must be closed."""
        file = folder / f"{name}.db"
        shutil.copy(self.file, file)
        with opened(f"sqlite:///{file}") as store:
            yield Centre(_moved(self.workplace, store), file, self.tokens)


def _moved(workplace: Workplace, store: Store) -> Workplace:
    twin = copy.copy(workplace)
    twin.store = store
    twin.context = replace(workplace.context, store=store)
    return twin
