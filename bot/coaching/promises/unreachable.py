"""What becomes of a message whose reader cannot be reached: somebody else is asked to tell them.

The facilitator is asked, or else the organizer, once for each session and person, as soon as the
first message is given up. Who cannot be reached either is passed over; where nobody is left, the
trail says so.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.trail import SYSTEM
from bot.coaching.ground.values import Unreached
from bot.coaching.promises.ladder import Rung
from bot.coaching.promises.reminders import followers, promise
from storage.deliveries import Settlement
from storage.records import Appointment, Delivery, Person
from storage.transaction import Transaction
from storage.types import ActionType, DeliveryState, Standing, Status

ALIVE: Final = frozenset({DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT})
WORDS: Final[Mapping[Unreached, str]] = {
    Unreached.DEACTIVATED: "their account is deactivated",
    Unreached.NO_ACCOUNT: "they have no account there",
    Unreached.NO_MEMBER: "they are not a member of your workspace any more",
    Unreached.CLOSED: "they can’t get messages from Coachbot",
}


def give_up(
    context: Context,
    delivery_id: int,
    *,
    claim: str,
    reason: str,
    unreached: Unreached | None = None,
) -> bool:
    """Settle a promise that will never be kept, and have its reader told by somebody else.

    Answers no when the promise is no longer this claim's. Raises Unavailable.
    """
    with context.begin() as tx:
        settlement = Settlement(state=DeliveryState.FAILED, reason=reason)
        if not tx.deliveries.settle(delivery_id, claim, settlement):
            return False
        lost = tx.deliveries.get(delivery_id)
        if unreached is not None and lost is not None and lost.appointment_id is not None:
            _hand_over(
                tx, lost, tx.appointments.the(lost.appointment_id), unreached, context.clock()
            )
        return True


def known_unreached(person: Person) -> Unreached | None:
    """Say why somebody cannot be reached, where that is known before a message is tried."""
    if person.standing is Standing.DEACTIVATED:
        return Unreached.DEACTIVATED
    if person.standing is not Standing.MEMBER:
        return Unreached.NO_MEMBER
    return Unreached.NO_ACCOUNT if person.slack_user_id is None else None


def read_missed(delivery: Delivery) -> tuple[Unreached, str]:
    """Read of a request to tell somebody why they were not reached, and who they are."""
    why, _, person_id = delivery.occurrence.partition(":")
    return Unreached(why), person_id


def still_stands(delivery: Delivery, appointment: Appointment) -> bool:
    """Answer whether there is still something to tell, and to whom."""
    _, missed_id = read_missed(delivery)
    is_theirs = delivery.person_id in followers(appointment)
    return (
        is_theirs
        and missed_id in appointment.related_ids
        and appointment.status is not Status.COMPLETED
    )


def request(appointment: Appointment, missed: str, delivery: Delivery) -> str:
    """Ask somebody to tell a person what no message could; who has nothing to tell just knows."""
    why, _ = read_missed(delivery)
    if appointment.deleted_at is not None or appointment.status is Status.COMPLETED:
        return f"{missed} couldn’t be reached in Slack ({WORDS[why]})"
    return f"{missed} can’t be reached in Slack ({WORDS[why]}). Please tell them yourself"


def _hand_over(
    tx: Transaction,
    lost: Delivery,
    appointment: Appointment,
    unreached: Unreached,
    now: datetime,
) -> None:
    why, missed_id = unreached, lost.person_id
    if lost.kind is ActionType.UNREACHABLE:
        why, missed_id = read_missed(lost)
    if missed_id not in appointment.related_ids or appointment.status is Status.COMPLETED:
        return
    asked = [each for each in tx.deliveries.of(appointment.id) if _is_about(each, missed_id)]
    if any(each.state in ALIVE for each in asked):
        return
    passed_over = {missed_id, *(each.person_id for each in asked)}
    reader_id = _first_reachable(tx, appointment, passed_over)
    if reader_id is not None:
        rung = Rung(f"{why}:{missed_id}", now, now)
        row = promise(appointment, ActionType.UNREACHABLE, reader_id, rung, now=now)
        tx.deliveries.add_once(row)
    _write_down(tx, appointment, now, person_id=missed_id, why=why, told=reader_id)


def _is_about(delivery: Delivery, missed_id: str) -> bool:
    return delivery.kind is ActionType.UNREACHABLE and read_missed(delivery)[1] == missed_id


def _first_reachable(
    tx: Transaction, appointment: Appointment, passed_over: Iterable[str]
) -> str | None:
    candidates = [each for each in followers(appointment) if each not in set(passed_over)]
    people = tx.people.many(candidates)
    found = (each for each in candidates if each in people and not known_unreached(people[each]))
    return next(found, None)


def _write_down(
    tx: Transaction, appointment: Appointment, now: datetime, **facts: str | None
) -> None:
    deed = trail.Deed(
        action="not reached", entity="appointment", entity_id=appointment.id, after=facts
    )
    trail.record(tx, SYSTEM, now, deed)
