"""Which reminders and overdue notices a session owes, to whom, when (contract, sections 7.3, 9)."""

from collections.abc import Iterator
from datetime import datetime

from bot.coaching.lifecycle import BLOCKING
from bot.coaching.policy import Policy
from storage.models import Delivery
from storage.records import Appointment
from storage.transaction import Transaction
from storage.types import ActionType, Status

FIRST_OVERDUE = "1"


def plan(tx: Transaction, appointment: Appointment, now: datetime, policy: Policy) -> None:
    """Promise what is still ahead for the session as it stands; what lies behind is not owed."""
    tx.deliveries.add(owed(appointment, now, policy))


def owed(appointment: Appointment, now: datetime, policy: Policy) -> Iterator[Delivery]:
    """List the reminders and overdue notices that a session owes from now on."""
    if appointment.status is Status.SCHEDULED:
        for lead in policy.leads:
            due_at = appointment.starts_at - lead.before
            for person_id in appointment.participant_ids if due_at > now else ():
                yield _promise(appointment, ActionType.REMINDER, person_id, lead.name, due_at, now)
    if appointment.status in BLOCKING:
        due_at = appointment.ends_at + policy.overdue_after
        for person_id in followers(appointment) if due_at > now else ():
            yield _promise(appointment, ActionType.OVERDUE, person_id, FIRST_OVERDUE, due_at, now)


def followers(appointment: Appointment) -> list[str]:
    """Who sees to it that a session gets done: its facilitator and its creator, each once."""
    found = [appointment.facilitator_id, appointment.creator_id]
    return list(dict.fromkeys(each for each in found if each is not None))


def _promise(
    appointment: Appointment,
    kind: ActionType,
    person_id: str,
    occurrence: str,
    due_at: datetime,
    now: datetime,
) -> Delivery:
    return Delivery(
        kind=kind,
        person_id=person_id,
        appointment_id=appointment.id,
        revision=appointment.revision,
        occurrence=occurrence,
        due_at=due_at,
        next_at=due_at,
        created_at=now,
    )
