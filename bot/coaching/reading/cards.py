"""A session as one reader sees it: names, local time, and only the actions that are theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.coaching.ground.lifecycle import FREELY_EDITED, WORDS, may_become, undo_ends_at
from bot.coaching.ground.permissions import Access, Subject, may_change_status, may_delete
from bot.coaching.ground.values import Action, Card
from bot.coaching.times.wording import clocks_of, say_length, say_when
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
    *,
    undo_within: timedelta | None = None,
) -> tuple[Card, ...]:
    """Show sessions to a reader; all names and divisions are looked up at once.

    Undoing a completion is offered only where it is told for how long.
    """
    ids = {person for each in appointments for person in each.related_ids}
    people = tx.people.many(ids)
    return cards_among(people, access, reader, appointments, now, undo_within=undo_within)


def cards_among(
    people: Mapping[str, Person],
    access: Access,
    reader: Person,
    appointments: Sequence[Appointment],
    now: datetime,
    *,
    undo_within: timedelta | None = None,
) -> tuple[Card, ...]:
    """Show sessions to a reader, with the names of people who were looked up already."""
    cards = [_card(access, reader, each, people, now) for each in appointments]
    if undo_within is None:
        return tuple(cards)
    return tuple(
        replace(card, actions=card.actions | _undo(access, each, now, undo_within))
        for card, each in zip(cards, appointments, strict=True)
    )


def _undo(
    access: Access, appointment: Appointment, now: datetime, within: timedelta
) -> frozenset[Action]:
    ends_at = undo_ends_at(appointment, within)
    mine = appointment.completed_by == access.person_id
    offered = mine and ends_at is not None and now < ends_at
    return frozenset({Action.UNDO_COMPLETION} if offered else ())


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
        hours=reader.hours,
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
    said = say_when(starts_at, clocks_of(reader), now)
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
    if appointment.deleted_at is not None:
        return frozenset()
    found = {Action.OPEN}
    if appointment.status in FREELY_EDITED and may_delete(access, subject):
        found.add(Action.DELETE)
    if may_change_status(access, subject):
        found |= _steps(appointment, now)
    return frozenset(found)


def _steps(appointment: Appointment, now: datetime) -> frozenset[Action]:
    started = appointment.status is Status.IN_PROGRESS or appointment.starts_at <= now
    near = appointment.starts_at - START_OFFERED <= now
    found = set()
    if near and may_become(appointment.status, Status.IN_PROGRESS):
        found.add(Action.START)
    if started and may_become(appointment.status, Status.COMPLETED):
        found.add(Action.COMPLETE)
    return frozenset(found)
