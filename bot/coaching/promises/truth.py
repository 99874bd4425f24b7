"""Whether what was promised about a session still holds when it is to be said, and if not, why."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.ground.lookup import accesses_of, subject_of
from bot.coaching.ground.permissions import Access, Subject, may_hear_of
from bot.coaching.policy.policies import Policy
from bot.coaching.promises.escalation import ESCALATION, may_be_told, stands_above
from bot.coaching.promises.unreachable import still_stands
from storage.records import Appointment, Delivery, Notification
from storage.transaction import Transaction
from storage.types import ABOUT_NOTES, AccessType, ActionType, Status


class Untrue(enum.StrEnum):
    """Why a promise is not kept, as it stands in the outbox."""

    CHANGED = "no longer true"
    LATE = "too late: the session had begun"
    SUPERSEDED = "superseded by a later reminder"
    NOT_THEIRS = "not theirs to see any more"
    NOTHING_TO_SAY = "nothing to say"


@dataclass(frozen=True, slots=True)
class Check:
    """Looks promises over within one transaction, before they are put into words."""

    tx: Transaction
    policy: Policy
    now: datetime
    latest: Mapping[tuple[str, str, int], datetime]
    """When the latest reminder was due, by session, person and revision."""
    entries: Mapping[str, Notification]
    """What is told of notes."""
    readers: Mapping[str, Access]
    """Who is told of notes, and what they may see."""

    def why_not(self, delivery: Delivery, appointment: Appointment) -> Untrue | None:
        """Say why a promise does not hold any more; None where it does."""
        if delivery.revision != appointment.revision:
            return Untrue.CHANGED
        if not self._is_theirs(delivery, appointment):
            return Untrue.NOT_THEIRS
        if delivery.kind is ActionType.REMINDER:
            return self._why_not_remind(delivery, appointment)
        # Taken by a process whose clock is ahead, it is not untrue, only early.
        when = max(self.now, delivery.due_at)
        if delivery.kind is ActionType.OVERDUE and not appointment.is_overdue(when):
            return Untrue.CHANGED
        if delivery.kind is ActionType.UNREACHABLE and not still_stands(delivery, appointment):
            return Untrue.CHANGED
        return None

    def _is_theirs(self, delivery: Delivery, appointment: Appointment) -> bool:
        if delivery.occurrence == ESCALATION:
            return stands_above(self.tx, appointment, delivery.person_id)
        if delivery.kind in ABOUT_NOTES:
            entry = self.entries.get(delivery.notification_id or "")
            subject = subject_of(self.tx, appointment)
            return _may_hear(self.readers[delivery.person_id], subject, entry)
        is_related = delivery.person_id in appointment.related_ids
        return is_related or may_be_told(self.tx, appointment, delivery.person_id)

    def _why_not_remind(self, delivery: Delivery, appointment: Appointment) -> Untrue | None:
        if appointment.status is not Status.SCHEDULED:
            return Untrue.CHANGED
        if self.now > appointment.starts_at + self.policy.late_reminder:
            return Untrue.LATE
        key = (appointment.id, delivery.person_id, delivery.revision)
        is_last = delivery.due_at >= self.latest.get(key, delivery.due_at)
        return None if is_last else Untrue.SUPERSEDED


def check(
    tx: Transaction,
    policy: Policy,
    deliveries: Collection[Delivery],
    appointments: Mapping[str, Appointment],
    now: datetime,
) -> Check:
    """Look up once what these promises about these sessions are to be compared with."""
    about_notes = [each for each in deliveries if each.kind in ABOUT_NOTES]
    return Check(
        tx,
        policy,
        now,
        latest=tx.ahead.latest_reminders(appointments, now),
        entries=tx.notifications.many({each.notification_id or "" for each in about_notes}),
        readers=accesses_of(tx, {each.person_id for each in about_notes}) if about_notes else {},
    )


def may_still_hear(tx: Transaction, delivery: Delivery) -> bool:
    """Answer, just before a message leaves, whether its reader may hear of the note it tells of.

    Losing a role raises no revision of the session. What tells of no note is not looked at.
    """
    appointment_id = delivery.appointment_id
    if appointment_id is None or delivery.kind not in ABOUT_NOTES:
        return True
    subject = subject_of(tx, tx.appointments.many([appointment_id])[appointment_id])
    access = accesses_of(tx, [delivery.person_id])[delivery.person_id]
    return _may_hear(access, subject, tx.notifications.get(delivery.notification_id or ""))


def _may_hear(access: Access, subject: Subject, entry: Notification | None) -> bool:
    return may_hear_of(access, subject, entry.note if entry else AccessType.PRIVATE)
