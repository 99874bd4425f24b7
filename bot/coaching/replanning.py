"""What was promised to one person, looked at again after they chose otherwise.

Everything comes of what holds now: what is wanted and not there is promised, what is there at
another moment is moved, what is not wanted any more is withdrawn and may be wanted again.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.coaching.ladder import Habits, Rung, overdue_rungs
from bot.coaching.policy import Policy
from bot.coaching.reminders import promise, rungs_of
from bot.coaching.snoozing import PREFIX
from storage.models import Delivery as DeliveryRow
from storage.records import Appointment, Delivery
from storage.transaction import Transaction
from storage.types import ActionType, DeliveryState, Status

WITHDRAWN: Final = "not wanted any more"
LOOKED_BACK: Final = timedelta(days=30)
"""How long after its end a session is still asked about, and more."""


def lock(tx: Transaction, person_id: str, now: datetime) -> dict[str, Appointment]:
    """Hold a person's sessions and time, so that nothing is promised to them meanwhile."""
    since = now - LOOKED_BACK
    tx.ahead.lock_sessions(person_id, since=since)
    tx.people.hold([person_id])
    # What was scheduled until the time was held is there by now.
    return tx.appointments.many(tx.ahead.lock_sessions(person_id, since=since))


def replan(
    tx: Transaction,
    person_id: str,
    sessions: Mapping[str, Appointment],
    habits: Habits,
    *,
    now: datetime,
    policy: Policy,
) -> None:
    """Bring what a person was promised about these sessions in line with their habits."""
    promised: dict[str, list[Delivery]] = {each: [] for each in sessions}
    for each in tx.ahead.promises(person_id, sessions):
        session_id = each.appointment_id or ""
        if each.revision == sessions[session_id].revision:
            promised[session_id].append(each)
    moved: dict[int, datetime] = {}
    unwanted: list[int] = []
    new: list[DeliveryRow] = []
    for session_id, rows in promised.items():
        session = sessions[session_id]
        there = {each.occurrence: each for each in rows if _is_habit(each)}
        for rung in _reminders(session, person_id, habits):
            found = there.pop(rung.occurrence, None)
            if found is None and rung.meant_at > now:
                new.append(promise(session, ActionType.REMINDER, person_id, rung, now=now))
            elif found is not None and _is_open(found, rung, now):
                moved[found.id] = max(rung.due_at, now)
        unwanted += [each.id for each in there.values() if _is_waiting(each, now)]
        moved |= dict(_moved_notices(session, rows, habits, now, policy))
    tx.ahead.add_all(new)
    tx.ahead.move(moved)
    tx.ahead.withdraw(unwanted, reason=WITHDRAWN)
    if moments := [*moved.values(), *(each.due_at for each in new)]:
        tx.deliveries.earliest = min(moments)


def _is_habit(found: Delivery) -> bool:
    """Answer whether a promise is a reminder that was not asked for by itself."""
    return found.kind is ActionType.REMINDER and not found.occurrence.startswith(PREFIX)


def _reminders(session: Appointment, person_id: str, habits: Habits) -> Sequence[Rung]:
    if session.status is not Status.SCHEDULED or person_id not in session.participant_ids:
        return ()
    return rungs_of(session, person_id, habits)


def _moved_notices(
    session: Appointment,
    rows: Sequence[Delivery],
    habits: Habits,
    now: datetime,
    policy: Policy,
) -> Iterator[tuple[int, datetime]]:
    """Give the notices about an overdue session that come at another moment now."""
    rungs = {each.occurrence: each for each in overdue_rungs(session.ends_at, habits, policy)}
    for each in rows:
        if each.kind is ActionType.OVERDUE and _is_waiting(each, now):
            rung = rungs.get(each.occurrence)
            due_at = max(rung.due_at if rung else habits.wait(each.due_at), now)
            if due_at != each.due_at:
                yield each.id, due_at


def _is_waiting(found: Delivery, now: datetime) -> bool:
    return found.state is DeliveryState.PENDING and found.due_at > now


def _is_open(found: Delivery, rung: Rung, now: datetime) -> bool:
    """Answer whether a promise that is there has to be moved, or to hold again."""
    if found.state is DeliveryState.STALE:
        return found.reason == WITHDRAWN and rung.meant_at > now
    return _is_waiting(found, now) and found.due_at != rung.due_at
