"""Use case: a person's own sessions around now, to pick one from by a word or in a menu."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.coaching.ground.context import Context
from bot.coaching.ground.lookup import reader_of
from bot.coaching.ground.values import Caller
from bot.coaching.reading.cards import name_of
from bot.coaching.times.wording import clocks_of, joined, say_when
from storage.filters import AppointmentFilter, Interval, Reach
from storage.records import Appointment, Person
from storage.transaction import Transaction

SEARCHED = 100
"""How many sessions ahead, and how many behind, are looked through."""
FAR = timedelta(days=3650)
LONGEST_SEARCH = 200
"""How many characters of what is typed in a menu are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionChoice:
    """A session as it is told apart from others: its name, the others in it, and when."""

    appointment_id: str
    name: str
    who: str
    when: str


def session_choices(
    context: Context,
    caller: Caller,
    *,
    words: str = "",
    person_ids: Collection[str] = (),
    most: int = 25,
) -> tuple[SessionChoice, ...]:
    """Find one's own sessions in which all these words and people occur, the nearest in time first.

    Raises Denied, Unavailable.
    """
    now = context.clock()
    with context.read() as tx:
        reader = reader_of(tx, caller)
        found = _around(tx, reader, now)
        people = tx.people.many({each for one in found for each in one.related_ids})
    wanted = words[:LONGEST_SEARCH].casefold().split()
    chosen = [
        each
        for each in found
        if set(person_ids) <= set(each.related_ids) and _says(each, people, wanted)
    ]
    chosen.sort(key=lambda each: abs(each.starts_at - now))
    return tuple(_choice(each, people, reader, now) for each in chosen[:most])


def _around(tx: Transaction, reader: Person, now: datetime) -> list[Appointment]:
    reach = Reach(person_id=reader.id, division_ids=frozenset())
    found: dict[str, Appointment] = {}
    for starts_at, ends_at in ((now, now + FAR), (now - FAR, now)):
        wanted = AppointmentFilter(
            now=now,
            reach=reach,
            interval=Interval(starts_at=starts_at, ends_at=ends_at),
            ascending=starts_at == now,
            page_size=SEARCHED,
        )
        found |= {each.id: each for each in tx.appointments.page(wanted)}
    return list(found.values())


def _says(appointment: Appointment, people: Mapping[str, Person], wanted: list[str]) -> bool:
    names = [people[each].name for each in appointment.related_ids if each in people]
    said = " ".join((appointment.name, *names)).casefold()
    return all(each in said for each in wanted)


def _choice(
    appointment: Appointment, people: Mapping[str, Person], reader: Person, now: datetime
) -> SessionChoice:
    leader = appointment.facilitator_id or appointment.creator_id
    others = [each for each in appointment.attendee_ids if each != reader.id]
    if reader.id in appointment.attendee_ids:
        others = [leader]
    return SessionChoice(
        appointment_id=appointment.id,
        name=appointment.name,
        who=joined([name_of(people, each) for each in others]),
        when=say_when(appointment.starts_at, clocks_of(reader), now),
    )
