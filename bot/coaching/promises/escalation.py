"""The step after a notice about an overdue session: asking again, or telling somebody above.

The facilitator's manager is told, or else the quality managers over those who are coached; and
only who may see the session by a role of their own, and has nothing to do with it otherwise.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.coaching.ground.lookup import subject_of
from bot.coaching.ground.permissions import Access, may_view
from bot.coaching.policy.policies import Policy
from bot.coaching.promises.ladder import (
    Habits,
    Rung,
    habits_of,
    next_working_morning,
    overdue_rungs,
)
from bot.coaching.promises.reminders import promise
from bot.coaching.promises.replanning import was_withdrawn
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


def stands_above(tx: Transaction, appointment: Appointment, person_id: str) -> bool:
    """Answer whether somebody is told, as things stand, when asking did not help."""
    return any(each.id == person_id for each in recipients(tx, appointment))


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
    rungs = {
        person_id: escalation_rung(now, habits, policy)
        for person_id, habits in habits_of(tx, found, policy).items()
    }
    return [
        promise(appointment, ActionType.OVERDUE, each, rung, now=now)
        for each, rung in rungs.items()
    ]


def escalation_rung(since: datetime, habits: Habits, policy: Policy) -> Rung:
    """Give when somebody above is told of what did not get done until a moment."""
    moment = next_working_morning(since, habits, policy.overdue_at)
    return Rung(ESCALATION, moment, habits.wait(moment))


def pass_on(tx: Transaction, appointment: Appointment, now: datetime, policy: Policy) -> None:
    """Promise it to those who stand above now, where others did when it was planned.

    They hear of it as soon as it is not quiet for them: its morning is there already.
    """
    if not appointment.is_overdue(now):
        return
    found = [each.id for each in recipients(tx, appointment)]
    for person_id, habits in habits_of(tx, found, policy).items():
        rung = Rung(ESCALATION, now, habits.wait(now))
        row = promise(appointment, ActionType.OVERDUE, person_id, rung, now=now)
        there = _there(tx, row)
        if there is None:
            tx.deliveries.add_once(row)
        elif was_withdrawn(there):
            tx.ahead.move({there.id: rung.due_at})


def _add_missing(tx: Transaction, appointment: Appointment, rows: list[DeliveryRow]) -> None:
    there = {_name(each): each for each in tx.deliveries.of(appointment.id)}
    tx.deliveries.add(each for each in rows if _name(each) not in there)
    again = {
        there[_name(each)].id: each.due_at
        for each in rows
        if _name(each) in there and was_withdrawn(there[_name(each)])
    }
    tx.ahead.move(again)


def _there(tx: Transaction, row: DeliveryRow) -> Delivery | None:
    found = tx.deliveries.of(row.appointment_id or "")
    return next((each for each in found if _name(each) == _name(row)), None)


def _name(found: Delivery | DeliveryRow) -> tuple[ActionType, str, str, int]:
    return found.kind, found.person_id, found.occurrence, found.revision
