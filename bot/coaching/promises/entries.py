"""The inbox entries that messages put in front of people, made where there is none yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.coaching.ground.trail import SYSTEM
from bot.coaching.promises import notices
from storage import models
from storage.records import Appointment, Delivery, Notification
from storage.transaction import Transaction
from storage.types import ActionType


def entries_for(
    tx: Transaction,
    deliveries: Sequence[Delivery],
    appointments: Mapping[str, Appointment],
    now: datetime,
) -> dict[int, Notification]:
    """Give the entry that each message is about; none for one that only confirms or asks.

    All of them are looked up and written in a number of statements that does not grow.
    """
    made = dict(_new_entries(deliveries, appointments, now))
    if made:
        # The latest reminder says all that the earlier ones said, and an overdue notice more.
        said = [*made.values(), *_reminders_like(made.values(), appointments, now)]
        read = tx.notifications.mark_earlier(said)
        tx.deliveries.outdate_entries(read, at=now)
        tx.notifications.add_all(made.values())
        tx.deliveries.link({each: entry.id for each, entry in made.items()})
    ids = {each.id: each.notification_id for each in deliveries if each.notification_id}
    ids |= {each: entry.id for each, entry in made.items()}
    found = tx.notifications.many(ids.values())
    return {each: found[entry_id] for each, entry_id in ids.items() if entry_id in found}


def _new_entries(
    deliveries: Sequence[Delivery], appointments: Mapping[str, Appointment], now: datetime
) -> Iterator[tuple[int, models.Notification]]:
    for each in deliveries:
        appointment = appointments[each.appointment_id or ""]
        relationship = appointment.relationship_of(each.person_id)
        if relationship is not None and _needs_entry(each):
            event = notices.Event(kind=each.kind, at=now, caller=SYSTEM)
            yield (
                each.id,
                notices.entry_about(appointment, event, each.person_id, relationship),
            )


def _reminders_like(
    entries: Iterable[models.Notification],
    appointments: Mapping[str, Appointment],
    now: datetime,
) -> Iterator[models.Notification]:
    """Name the reminders for which an overdue notice stands; they are not kept themselves."""
    event = notices.Event(kind=ActionType.REMINDER, at=now, caller=SYSTEM)
    for each in entries:
        if each.action_type is ActionType.OVERDUE:
            session = appointments[each.appointment_id]
            yield notices.entry_about(session, event, each.person_id, each.relationship)


def _needs_entry(delivery: Delivery) -> bool:
    stands_alone = delivery.kind is ActionType.UNREACHABLE
    confirms = delivery.occurrence == notices.CONFIRMATION
    return delivery.notification_id is None and not stands_alone and not confirms
