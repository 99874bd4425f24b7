"""Use case of the sender: what to say now, decided again from what is true now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.coaching import notices
from bot.coaching.composing import Composer
from bot.coaching.context import Context
from bot.coaching.escalation import plan_next
from bot.coaching.summaries import sum_up
from bot.coaching.trail import SYSTEM
from bot.coaching.truth import Untrue, check
from bot.coaching.values import Announcement
from storage import models
from storage.records import Appointment, Delivery, Notification
from storage.transaction import Transaction
from storage.types import ActionType


def announce(context: Context, delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
    """Compose the messages of promises that are being kept; None for one no longer true.

    A reminder or overdue notice gets its inbox entry here, once. What comes after an overdue
    notice, an agenda or a digest is promised here too. Raises Unavailable.
    """
    with context.begin() as tx:
        deliveries = tx.deliveries.held(delivery_ids)
        said = _about_sessions(context, tx, [each for each in deliveries if each.appointment_id])
        for each in deliveries:
            if each.appointment_id is None:
                words = sum_up(context, tx, each, context.clock())
                said[each.id] = words or Untrue.NOTHING_TO_SAY
        tx.ahead.explain({each: why for each, why in said.items() if isinstance(why, Untrue)})
    words_for = {each: words for each, words in said.items() if isinstance(words, Announcement)}
    return {each: words_for.get(each) for each in delivery_ids}


def _about_sessions(
    context: Context, tx: Transaction, deliveries: Sequence[Delivery]
) -> dict[int, Announcement | Untrue]:
    now = context.clock()
    appointments = tx.appointments.many({each.appointment_id or "" for each in deliveries})
    looked = check(tx, context.policy, appointments, now)
    composer = Composer(context, tx, appointments, now)
    entries = _Entries(tx, appointments, now)
    said: dict[int, Announcement | Untrue] = {}
    for each in deliveries:
        appointment = appointments[each.appointment_id or ""]
        why_not = looked.why_not(each, appointment)
        said[each.id] = why_not or composer.compose(each, entries.of(each))
        if why_not is None and each.kind is ActionType.OVERDUE:
            plan_next(tx, each, appointment, now, context.policy)
    _write_down(tx, [each for each in said.values() if isinstance(each, Announcement)])
    return said


class _Entries:
    """The inbox entries that messages put in front of people, made where there is none yet."""

    def __init__(
        self, tx: Transaction, appointments: Mapping[str, Appointment], now: datetime
    ) -> None:
        self._tx = tx
        self._appointments = appointments
        self._now = now

    def of(self, delivery: Delivery) -> Notification | None:
        """Give the entry that a message is about; None: it confirms what its reader did."""
        if delivery.notification_id is not None:
            return self._tx.notifications.get(delivery.notification_id)
        is_request = delivery.kind is ActionType.UNREACHABLE
        if is_request or delivery.occurrence == notices.CONFIRMATION:
            return None
        return self._new(delivery, self._appointments[delivery.appointment_id or ""])

    def _new(self, delivery: Delivery, appointment: Appointment) -> Notification | None:
        relationship = appointment.relationship_of(delivery.person_id)
        if relationship is None:
            return None
        event = notices.Event(kind=delivery.kind, at=self._now, caller=SYSTEM)
        entry: models.Notification = notices.entry_about(
            appointment, event, delivery.person_id, relationship
        )
        # The latest reminder says all that the earlier ones said.
        read = self._tx.notifications.mark_all_of(
            appointment.id, action_type=delivery.kind, person_id=delivery.person_id
        )
        self._tx.deliveries.outdate_entries(read, at=self._now)
        self._tx.notifications.add_all([entry])
        self._tx.deliveries.link(delivery.id, entry.id)
        return self._tx.notifications.get(entry.id)


def _write_down(tx: Transaction, said: Iterable[Announcement]) -> None:
    told: dict[tuple[datetime, datetime | None], list[int]] = defaultdict(list)
    for each in said:
        told[each.card.starts_at, each.true_until].append(each.delivery_id)
    for (starts_at, true_until), ids in told.items():
        tx.deliveries.put_into_words(ids, starts_at=starts_at, true_until=true_until)


def next_due_at(context: Context) -> datetime | None:
    """Tell when the next promise that still holds is due; None when nothing is ahead.

    Raises Unavailable.
    """
    with context.read() as tx:
        return tx.deliveries.next_true_at()
