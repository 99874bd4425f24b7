"""Use case of the sender: what to say now, decided again from what is true now."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coaching import notices
from bot.coaching.cards import cards_for
from bot.coaching.context import Context
from bot.coaching.headlines import confirmation, headline_of
from bot.coaching.permissions import Access
from bot.coaching.trail import SYSTEM
from bot.coaching.values import Announcement, Card
from storage import models
from storage.records import Appointment, Delivery, Notification
from storage.transaction import Transaction
from storage.types import ActionType, Status


def announce(context: Context, delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
    """Compose the messages of promises that are being kept; None for one no longer true.

    A reminder or overdue notice gets its inbox entry here, once. Raises Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        deliveries = tx.deliveries.many(delivery_ids)
        about = {each.appointment_id for each in deliveries if each.appointment_id}
        appointments = tx.appointments.many(about)
        due = {
            each.id: each
            for each in deliveries
            if is_true(each, appointments[each.appointment_id or ""], context, now)
        }
        composer = _Composer(tx, appointments, now)
        said = {each.id: composer.compose(each) for each in due.values()}
    return {each: said.get(each) for each in delivery_ids}


def is_true(delivery: Delivery, appointment: Appointment, context: Context, now: datetime) -> bool:
    """Answer whether a promise still holds: its revision, and for timed ones its moment."""
    if delivery.revision != appointment.revision:
        return False
    if delivery.kind is ActionType.REMINDER:
        late = now > appointment.starts_at + context.policy.late_reminder
        return appointment.status is Status.SCHEDULED and not late
    if delivery.kind is ActionType.OVERDUE:
        return appointment.is_overdue(now)
    return True


class _Composer:
    """Writes messages for their readers within one transaction."""

    def __init__(
        self, tx: Transaction, appointments: Mapping[str, Appointment], now: datetime
    ) -> None:
        self._tx = tx
        self._appointments = appointments
        self._now = now

    def compose(self, delivery: Delivery) -> Announcement:
        """Write one message."""
        appointment = self._appointments[delivery.appointment_id or ""]
        entry = self._entry(delivery, appointment)
        causer = {entry.caused_by} if entry and entry.caused_by else set()
        people = self._tx.people.many(appointment.related_ids | {delivery.person_id} | causer)
        reader = people[delivery.person_id]
        held = self._tx.people.permissions([reader.id])[reader.id]
        access = Access(reader.id, {name: frozenset(each) for name, each in held.items()})
        [card] = cards_for(self._tx, access, reader, [appointment], self._now)
        headline = (
            confirmation(appointment, people)
            if entry is None
            else headline_of(entry, appointment, people, self._now)
        )
        return Announcement(
            delivery_id=delivery.id,
            kind=delivery.kind,
            slack_user_id=reader.slack_user_id,
            slack_channel=reader.slack_channel,
            reader_id=reader.id,
            headline=headline,
            text=in_plain_words(headline, card),
            card=card,
            notification_id=entry.id if entry else None,
            is_read=entry.marked_as_read if entry else True,
        )

    def _entry(self, delivery: Delivery, appointment: Appointment) -> Notification | None:
        if delivery.notification_id is not None:
            return self._tx.notifications.get(delivery.notification_id)
        if delivery.occurrence == notices.CONFIRMATION:
            return None
        return self._new_entry(delivery, appointment)

    def _new_entry(self, delivery: Delivery, appointment: Appointment) -> Notification | None:
        relationship = appointment.relationship_of(delivery.person_id)
        if relationship is None:
            return None
        event = notices.Event(kind=delivery.kind, at=self._now, caller=SYSTEM)
        entry: models.Notification = notices.entry_about(
            appointment, event, delivery.person_id, relationship
        )
        # The latest reminder says all that the earlier ones said.
        self._tx.notifications.mark_all_of(
            appointment.id, action_type=delivery.kind, person_id=delivery.person_id
        )
        self._tx.notifications.add_all([entry])
        self._tx.deliveries.link(delivery.id, entry.id)
        return self._tx.notifications.get(entry.id)


def in_plain_words(headline: str, card: Card) -> str:
    """Say a whole message without markup: for a lock screen and a screen reader."""
    where = f", {card.location}" if card.location else ""
    return f"{headline}. {card.name}: {card.when}{where}. {card.status_words}."


def next_due_at(context: Context) -> datetime | None:
    """Tell when the next promise that still holds is due; None when nothing is ahead.

    Raises Unavailable.
    """
    with context.read() as tx:
        return tx.deliveries.next_true_at()
