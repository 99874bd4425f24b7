"""Taking people's time without ever taking it twice (contract, sections 4.2, 4.3 and 5.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.ground.errors import Conflict, Denied, Invalid
from bot.coaching.ground.lookup import subject_of
from bot.coaching.ground.permissions import Access, Permission, may_view
from bot.coaching.times.wording import clocks_of, joined, quoted, say_time
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Standing

NOT_COACHED: Mapping[Standing, str] = {
    Standing.BOT: "{name} is an app, so it can’t be coached. Please pick a person.",
    Standing.EXTERNAL: "{name} is from another organisation. Please pick somebody from yours.",
    Standing.GUEST: "{name} is a guest of your workspace, so they can’t be coached. "
    "An administrator can allow it under Policies.",
    Standing.DEACTIVATED: "{name}’s account is deactivated. Please pick somebody else.",
    Standing.MEMBER: "{name} can’t take part in coaching yet. "
    "Ask an administrator to give them a role that can.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Those who are to take part."""

    facilitator_id: str | None
    attendee_ids: Sequence[str]

    @property
    def participant_ids(self) -> tuple[str, ...]:
        """The facilitator, if there is one, then the attendees."""
        facilitator = () if self.facilitator_id is None else (self.facilitator_id,)
        return (*facilitator, *self.attendee_ids)

    def field_of(self, person_id: str) -> str:
        """Name the field in which the person was picked."""
        return "facilitator_id" if person_id == self.facilitator_id else "attendee_ids"


def ensure_may_book(tx: Transaction, access: Access, party: Party) -> None:
    """Refuse a caller who may not schedule, or not these people. Raises Denied, Invalid."""
    if not access.holds(Permission.APPOINTMENT_ADD):
        raise Denied(
            "Scheduling coaching needs a supervisor’s role. Ask an administrator if you need it."
        )
    people = tx.people.many(each for each in party.participant_ids if "\x00" not in each)
    for person_id in party.participant_ids:
        _ensure_within_reach(access, party, people.get(person_id), person_id)
    _ensure_may_participate(tx, party, people)


def _ensure_within_reach(
    access: Access, party: Party, person: Person | None, person_id: str
) -> None:
    own = person_id == access.person_id
    if person is not None and (
        own or person.division_id in access.reach(Permission.APPOINTMENT_ADD)
    ):
        return
    # One sentence for "not there" and "not yours", so that they can't be told apart.
    raise Invalid(
        "You can schedule coaching only for people in your own divisions. "
        "Please check who you picked.",
        code="no.permission.for.requested.users",
        field=party.field_of(person_id),
    )


def _ensure_may_participate(tx: Transaction, party: Party, people: dict[str, Person]) -> None:
    held = tx.people.permissions(party.participant_ids)
    for person_id in party.participant_ids:
        person = people[person_id]
        barred = person.standing is not Standing.MEMBER
        if barred or Permission.PARTICIPATE not in held[person_id]:
            raise Invalid(
                NOT_COACHED[person.standing].format(name=person.name),
                code="participate.permission.missing",
                field=party.field_of(person_id),
            )


def ensure_free(
    tx: Transaction,
    access: Access,
    party: Party,
    span: tuple[datetime, datetime],
    *,
    except_id: str | None = None,
) -> None:
    """Lock the participants' time and refuse a span in which one of them is booked.

    Raises Conflict, which names the person and says no more of the other session than the caller
    may see.
    """
    tx.people.hold(party.participant_ids)
    taken = tx.appointments.overlapping(party.participant_ids, *span, except_id=except_id)
    if taken:
        raise Conflict(
            f"{_who_is_busy(tx, access, party, taken)} Please pick another time.",
            code="appointment.conflict",
            field="starts_at",
        )


def _who_is_busy(
    tx: Transaction, access: Access, party: Party, taken: list[tuple[str, str]]
) -> str:
    takers = {person_id for person_id, _ in taken}
    busy = [each for each in party.participant_ids if each in takers]
    people = tx.people.many([*busy, access.person_id])
    if len(busy) > 1:
        return f"{joined([people[each].name for each in busy])} are busy then."
    [person_id] = busy
    who, have = (
        ("You", "have") if person_id == access.person_id else (people[person_id].name, "has")
    )
    appointment = tx.appointments.many([taken[0][1]])[taken[0][1]]
    if not may_view(access, subject_of(tx, appointment)):
        return f"{who} {'are' if who == 'You' else 'is'} busy then."
    zone = clocks_of(people[access.person_id])
    start, end = (say_time(each, zone) for each in (appointment.starts_at, appointment.ends_at))
    return f"{who} already {have} {quoted(appointment.name)} from {start} to {end}."
