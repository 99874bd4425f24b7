"""A session as one reader sees it: names, local time, and only the actions that are theirs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.coaching.lifecycle import WORDS, may_become
from bot.coaching.permissions import Access, Subject, may_change_status
from bot.coaching.values import Action, Card
from bot.coaching.wording import say_length, say_when
from storage.records import Appointment, Person
from storage.transaction import Transaction
from storage.types import Status

START_OFFERED = timedelta(hours=24)
"""How long before its start a session is offered to be started."""
SOMEBODY = "Somebody"


def cards_for(
    tx: Transaction,
    access: Access,
    reader: Person,
    appointments: Sequence[Appointment],
    now: datetime,
) -> tuple[Card, ...]:
    """Show sessions to a reader; all names and divisions are looked up at once."""
    ids = {person for each in appointments for person in each.related_ids}
    people = tx.people.many(ids)
    return tuple(_card(access, reader, each, people, now) for each in appointments)


def _card(
    access: Access,
    reader: Person,
    appointment: Appointment,
    people: Mapping[str, Person],
    now: datetime,
) -> Card:
    facilitator = appointment.facilitator_id
    return Card(
        appointment_id=appointment.id,
        revision=appointment.revision,
        name=appointment.name,
        description=appointment.description,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        length_minutes=appointment.length_minutes,
        timezone=reader.timezone,
        when=when_for(appointment.starts_at, appointment.length_minutes, reader, now),
        status=appointment.status,
        status_words=status_words(appointment, now),
        is_overdue=appointment.deleted_at is None and appointment.is_overdue(now),
        facilitator=name_of(people, facilitator) if facilitator else None,
        attendees=tuple(name_of(people, each) for each in appointment.attendee_ids),
        organizer=name_of(people, appointment.creator_id),
        location=appointment.location,
        external_links=appointment.external_links,
        conversation_ids=appointment.conversation_ids,
        document_ids=appointment.document_ids,
        files=appointment.files,
        relationship=appointment.relationship_of(access.person_id),
        actions=_actions(access, appointment, people, now),
    )


def name_of(people: Mapping[str, Person], person_id: str | None) -> str:
    """Name a person; somebody who is gone is still somebody."""
    person = people.get(person_id or "")
    return person.name if person else SOMEBODY


def when_for(starts_at: datetime, minutes: int, reader: Person, now: datetime) -> str:
    """Say when a session is, in the reader's zone: `tomorrow at 3:05 pm (30 minutes)`."""
    said = say_when(starts_at, reader.timezone, now)
    return f"{said[0].upper()}{said[1:]} ({say_length(minutes)})"


def status_words(appointment: Appointment, now: datetime) -> str:
    """Say where a session stands, in a word or two."""
    if appointment.deleted_at is not None:
        return "Cancelled"
    return "Overdue" if appointment.is_overdue(now) else WORDS[appointment.status]


def _actions(
    access: Access, appointment: Appointment, people: Mapping[str, Person], now: datetime
) -> frozenset[Action]:
    divisions = frozenset(
        people[each].division_id for each in appointment.attendee_ids if each in people
    )
    subject = Subject(appointment, divisions)
    if appointment.deleted_at is not None or not may_change_status(access, subject):
        return frozenset()
    started = appointment.status is Status.IN_PROGRESS or appointment.starts_at <= now
    near = appointment.starts_at - START_OFFERED <= now
    found = set()
    if near and may_become(appointment.status, Status.IN_PROGRESS):
        found.add(Action.START)
    if started and may_become(appointment.status, Status.COMPLETED):
        found.add(Action.COMPLETE)
    return frozenset(found)
