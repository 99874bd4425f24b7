"""Use case: be reminded of a session again, a little later (contract, section 9).

A snoozed reminder is a promise like any other: it is about the session as it stands, so that one
that is moved, begun or deleted meanwhile is not reminded of.
"""

import enum
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Conflict, no_appointment
from bot.coaching.ground.lookup import reader_of
from bot.coaching.ground.unset import UNSET, Unset
from bot.coaching.ground.values import Caller
from bot.coaching.policy.quiet_hours import on_clocks
from bot.coaching.promises.ladder import Rung
from bot.coaching.promises.reminders import promise
from bot.coaching.times.wording import local_time, zone_of
from storage.records import Appointment, Delivery
from storage.transaction import Transaction
from storage.types import ActionType, DeliveryState, Status

PREFIX: Final = "snooze-"
"""How the occurrence of a reminder begins that somebody asked for."""
UNTIL: Final = "snoozed until "
"""What stands as the reason of a reminder that was put off."""
MORNING: Final = time(9)
SAME_WISH: Final = timedelta(minutes=1)
"""How much later a wish may fall that is heard twice: moments are cut to whole minutes."""


class Snooze(enum.StrEnum):
    """How long somebody does not want to hear of a session."""

    TEN_MINUTES = "10m"
    AN_HOUR = "1h"
    TOMORROW = "tomorrow"


SNOOZE_WORDS: Mapping[Snooze, str] = {
    Snooze.TEN_MINUTES: "In 10 minutes",
    Snooze.AN_HOUR: "In an hour",
    Snooze.TOMORROW: "Tomorrow at 9",
}
SPANS: Mapping[Snooze, timedelta] = {
    Snooze.TEN_MINUTES: timedelta(minutes=10),
    Snooze.AN_HOUR: timedelta(hours=1),
}


def snooze(
    context: Context,
    caller: Caller,
    delivery_id: int,
    choice: Snooze,
    *,
    mark: str | Unset | None = UNSET,
) -> None:
    """Remind somebody again of the session that one of their own reminders is about.

    The same wish twice is one reminder. `mark`: what stands on its message, None for one of before
    there were marks. Raises NotFound, Denied, Conflict, Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        reader = reader_of(tx, caller)
        reminder = tx.deliveries.get(delivery_id)
        if reminder is None or reminder.person_id != caller.person_id or not _is_on(reminder, mark):
            raise no_appointment()
        appointment = _still_ahead(tx, reminder, now)
        due_at = moment_of(choice, now, reader.timezone)
        if _is_wished(reminder, due_at):
            return
        if due_at >= appointment.starts_at:
            raise Conflict("The session begins before that. Please pick a shorter time.")
        _promise(tx, appointment, caller, due_at, now)
        tx.ahead.explain({reminder.id: f"{UNTIL}{due_at.isoformat()}"})
        if reminder.notification_id is not None:
            tx.notifications.mark(reminder.notification_id, marked_as_read=True)
        deed = trail.Deed(
            action="snooze",
            entity="appointment",
            entity_id=appointment.id,
            after={"reminded_at": due_at},
        )
        trail.record(tx, caller, now, deed)


def _is_wished(reminder: Delivery, due_at: datetime) -> bool:
    """Answer whether this is the same wish heard twice, within the minute perhaps that turned."""
    already = snoozed_until(reminder)
    return already is not None and timedelta() <= due_at - already <= SAME_WISH


def _is_on(reminder: Delivery, mark: str | Unset | None) -> bool:
    return isinstance(mark, Unset) or reminder.is_on(mark)


def snoozes_for(appointment: Appointment, now: datetime, zone: str) -> tuple[Snooze, ...]:
    """List how long the reminder of a session can be put off: not beyond its start."""
    if appointment.status is not Status.SCHEDULED or appointment.deleted_at is not None:
        return ()
    return tuple(each for each in Snooze if moment_of(each, now, zone) < appointment.starts_at)


def moment_of(choice: Snooze, now: datetime, zone: str) -> datetime:
    """Give the moment, on a whole minute, at which somebody wants to hear of it again."""
    if choice is Snooze.TOMORROW:
        tomorrow = local_time(now, zone).date() + timedelta(days=1)
        return on_clocks(datetime.combine(tomorrow, MORNING), zone_of(zone))
    moment = now + SPANS[choice]
    return moment.replace(second=0, microsecond=0)


def snoozed_until(reminder: Delivery) -> datetime | None:
    """Tell until when a reminder was put off."""
    reason = reminder.reason or ""
    return datetime.fromisoformat(reason[len(UNTIL) :]) if reason.startswith(UNTIL) else None


def _still_ahead(tx: Transaction, reminder: Delivery, now: datetime) -> Appointment:
    row = tx.appointments.for_change(reminder.appointment_id or "")
    if row is None or reminder.kind is not ActionType.REMINDER:
        raise no_appointment()
    if row.status is not Status.SCHEDULED or row.starts_at <= now:
        raise Conflict("This session has begun, so there is nothing left to remind you of.")
    return tx.appointments.the(row.id)


def _promise(
    tx: Transaction, appointment: Appointment, caller: Caller, due_at: datetime, now: datetime
) -> None:
    occurrence = f"{PREFIX}{due_at:%Y%m%d%H%M}"
    waiting = tx.deliveries.unsettled(appointment.id, revision=appointment.revision)
    mine = [each for each in waiting if each.person_id == caller.person_id]
    earlier = [each.id for each in mine if _is_replaced(each, occurrence)]
    tx.ahead.withdraw(earlier, reason="not wanted any more")
    there = tx.ahead.reminder(appointment, caller.person_id, occurrence)
    if there is None:
        rung = Rung(occurrence, due_at, due_at)
        row = promise(appointment, ActionType.REMINDER, caller.person_id, rung, now=now)
        tx.deliveries.add([row])
    elif there.state is DeliveryState.STALE:
        # Wished for before, and given up for another wish.
        tx.ahead.move({there.id: due_at})
        tx.deliveries.earliest = due_at


def _is_replaced(found: Delivery, occurrence: str) -> bool:
    """Answer whether a wish of before gives way to this one."""
    is_wish = found.kind is ActionType.REMINDER and found.occurrence.startswith(PREFIX)
    return is_wish and found.occurrence != occurrence and found.state is DeliveryState.PENDING
