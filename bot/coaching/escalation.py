"""The step after a notice about an overdue session: asking again, or telling somebody above.

The facilitator's manager is told, or else the quality managers over those who are coached; and
only who may see the session by a role of their own, and has nothing to do with it otherwise.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.coaching.ladder import Rung, habits_of, next_working_morning, overdue_rungs
from bot.coaching.lookup import subject_of
from bot.coaching.permissions import Access, may_view
from bot.coaching.policy import Policy
from bot.coaching.reminders import promise
from storage.models import Delivery as DeliveryRow
from storage.records import Appointment, Delivery, Person
from storage.transaction import Transaction
from storage.types import ActionType, Standing

ESCALATION = "escalation"
QUALITY_MANAGER = "Quality Manager"


def plan_next(
    tx: Transaction, told: Delivery, appointment: Appointment, now: datetime, policy: Policy
) -> None:
    """Promise the step that follows a notice about an overdue session, once."""
    if told.occurrence == ESCALATION:
        return
    habits = habits_of(tx, [told.person_id], policy)[told.person_id]
    rungs = [
        each
        for each in overdue_rungs(appointment.ends_at, habits, policy)
        if int(each.occurrence) > int(told.occurrence) and each.due_at > now
    ]
    if rungs:
        row = promise(appointment, ActionType.OVERDUE, told.person_id, rungs[0], now=now)
        _add_missing(tx, appointment, [row])
    elif policy.escalate and told.person_id == leader_of(appointment):
        _add_missing(tx, appointment, _escalated(tx, appointment, now, policy))


def leader_of(appointment: Appointment) -> str:
    """Name who has to see to it that a session gets done: the facilitator, or else the creator."""
    return appointment.facilitator_id or appointment.creator_id


def recipients(tx: Transaction, appointment: Appointment) -> list[Person]:
    """Find who is told when asking did not help."""
    people = tx.people.many([leader_of(appointment), *appointment.attendee_ids])
    leader = people.get(leader_of(appointment))
    manager_id = leader.manager_id if leader else None
    managers = tx.people.many([manager_id]).values() if manager_id else ()
    found = _fit(tx, appointment, managers)
    if found:
        return found
    divisions = {people[each].division_id for each in appointment.attendee_ids if each in people}
    return _fit(tx, appointment, tx.people.holding(QUALITY_MANAGER, divisions))


def may_be_told(tx: Transaction, appointment: Appointment, person_id: str) -> bool:
    """Answer whether somebody above may still be told of a session."""
    person = tx.people.get(person_id)
    return person is not None and bool(_fit(tx, appointment, [person]))


def _fit(tx: Transaction, appointment: Appointment, people: Iterable[Person]) -> list[Person]:
    others = [
        each
        for each in people
        if each.standing is Standing.MEMBER and each.id not in appointment.related_ids
    ]
    if not others:
        return []
    subject = subject_of(tx, appointment)
    held = tx.people.permissions([each.id for each in others])
    return [each for each in others if may_view(_access(each.id, held[each.id]), subject)]


def _access(person_id: str, held: Mapping[str, set[str]]) -> Access:
    return Access(person_id, {name: frozenset(found) for name, found in held.items()})


def _escalated(
    tx: Transaction, appointment: Appointment, now: datetime, policy: Policy
) -> list[DeliveryRow]:
    found = [each.id for each in recipients(tx, appointment)]
    habits = habits_of(tx, found, policy)
    rows = []
    for person_id in found:
        moment = next_working_morning(now, habits[person_id], policy.overdue_at)
        rung = Rung(ESCALATION, moment, habits[person_id].wait(moment))
        rows.append(promise(appointment, ActionType.OVERDUE, person_id, rung, now=now))
    return rows


def _add_missing(tx: Transaction, appointment: Appointment, rows: list[DeliveryRow]) -> None:
    there = {
        (each.kind, each.person_id, each.occurrence, each.revision)
        for each in tx.deliveries.of(appointment.id)
    }
    tx.deliveries.add(
        each
        for each in rows
        if (each.kind, each.person_id, each.occurrence, each.revision) not in there
    )
