"""Use case of the sender: what to say now, decided again from what is true now."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coaching.ground.context import Context
from bot.coaching.ground.values import Announcement
from bot.coaching.promises.composing import Composer
from bot.coaching.promises.entries import entries_for
from bot.coaching.promises.escalation import ESCALATION, pass_on, plan_next
from bot.coaching.promises.summaries import sum_up
from bot.coaching.promises.truth import Untrue, check
from storage.records import Appointment, Delivery
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
    looked = check(tx, context.policy, deliveries, appointments, now)
    composer = Composer(context, tx, appointments, now)
    said: dict[int, Announcement | Untrue] = {
        each.id: why_not
        for each in deliveries
        if (why_not := looked.why_not(each, appointments[each.appointment_id or ""]))
    }
    _pass_on(context, tx, deliveries, appointments)
    true = [each for each in deliveries if each.id not in said]
    entries = entries_for(tx, true, appointments, now)
    composer.prepare(true, entries.values())
    for each in true:
        said[each.id] = composer.compose(each, entries.get(each.id))
        if each.kind is ActionType.OVERDUE:
            plan_next(tx, each, appointments[each.appointment_id or ""], now, context.policy)
    words = [each for each in said.values() if isinstance(each, Announcement)]
    tx.deliveries.put_into_words(
        {each.delivery_id: (each.card.starts_at, each.true_until) for each in words}
    )
    return said


def _pass_on(
    context: Context,
    tx: Transaction,
    deliveries: Sequence[Delivery],
    appointments: Mapping[str, Appointment],
) -> None:
    """See to it that those who stand above a session by now hear of it, whoever it was planned for.

    Once for each session: several may be told of one.
    """
    above = {
        each.appointment_id or ""
        for each in deliveries
        if each.occurrence == ESCALATION
        and each.revision == appointments[each.appointment_id or ""].revision
    }
    for session_id in sorted(above):
        pass_on(tx, appointments[session_id], context.clock(), context.policy)


def next_due_at(context: Context) -> datetime | None:
    """Tell when the next promise that still holds is due; None when nothing is ahead.

    Raises Unavailable.
    """
    with context.read() as tx:
        return tx.deliveries.next_true_at()
