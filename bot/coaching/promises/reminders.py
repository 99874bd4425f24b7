"""Which reminders and overdue notices a session owes, to whom, when (contract, sections 7.3, 9).

Reminders are all promised at once. Of the steps about an overdue session only the next one stands
in the outbox: whoever puts it into words promises the one after it in the same transaction.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.coaching.ground.lifecycle import BLOCKING
from bot.coaching.policy.policies import Policy
from bot.coaching.promises.ladder import Habits, Rung, habits_of, overdue_rungs, reminders_for
from storage.models import Delivery
from storage.records import Appointment
from storage.transaction import Transaction
from storage.types import ActionType, Status


def plan(tx: Transaction, appointment: Appointment, now: datetime, policy: Policy) -> None:
    """Promise what is still ahead for the session as it stands; what lies behind is not owed."""
    people = habits_of(tx, appointment.related_ids, policy)
    tx.deliveries.add(owed_reminders(appointment, now, people))
    tx.deliveries.add(owed_notices(appointment, now, people, policy))


def plan_reminders(
    tx: Transaction, appointment: Appointment, now: datetime, policy: Policy
) -> None:
    """Promise the reminders that are still ahead, for a session that is to take place after all."""
    people = habits_of(tx, appointment.related_ids, policy)
    tx.deliveries.add(owed_reminders(appointment, now, people))


def owed_reminders(
    appointment: Appointment, now: datetime, people: Mapping[str, Habits]
) -> Iterator[Delivery]:
    """List the reminders that a session owes its participants from now on."""
    if appointment.status is not Status.SCHEDULED:
        return
    for person_id in appointment.participant_ids:
        for rung in rungs_of(appointment, person_id, people[person_id]):
            if rung.due_at > now:
                yield promise(appointment, ActionType.REMINDER, person_id, rung, now=now)


def owed_notices(
    appointment: Appointment, now: datetime, people: Mapping[str, Habits], policy: Policy
) -> Iterator[Delivery]:
    """List the next step about an overdue session for each who sees to it that it gets done."""
    if appointment.status not in BLOCKING:
        return
    for person_id in followers(appointment):
        rung = next_rung(appointment, people[person_id], now, policy)
        if rung is not None:
            yield promise(appointment, ActionType.OVERDUE, person_id, rung, now=now)


def rungs_of(appointment: Appointment, person_id: str, habits: Habits) -> list[Rung]:
    """List the reminders of a session for one of its participants."""
    leads = habits.leads_for(appointment, person_id)
    return list(reminders_for(appointment.starts_at, leads, habits))


def next_rung(
    appointment: Appointment, habits: Habits, now: datetime, policy: Policy
) -> Rung | None:
    """Give the first step about an overdue session that is still ahead for one person."""
    rungs = overdue_rungs(appointment.ends_at, habits, policy)
    return next((each for each in rungs if each.due_at > now), None)


def followers(appointment: Appointment) -> list[str]:
    """Who sees to it that a session gets done: its facilitator and its creator, each once."""
    found = [appointment.facilitator_id, appointment.creator_id]
    return list(dict.fromkeys(each for each in found if each is not None))


def promise(
    appointment: Appointment, kind: ActionType, person_id: str, rung: Rung, *, now: datetime
) -> Delivery:
    """Write down what is promised to somebody about a session."""
    return Delivery(
        kind=kind,
        person_id=person_id,
        appointment_id=appointment.id,
        revision=appointment.revision,
        occurrence=rung.occurrence,
        due_at=rung.due_at,
        next_at=rung.due_at,
        created_at=now,
    )
