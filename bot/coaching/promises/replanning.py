"""What was promised, looked at again after somebody chose otherwise or something was decided.

Everything comes of what holds now: what is wanted and not there is promised, what is there at
another moment is moved, what is not wanted any more is withdrawn and may be wanted again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.coaching.policy.policies import Policy
from bot.coaching.promises.ladder import Habits, Rung, next_working_morning, overdue_rungs
from bot.coaching.promises.reminders import promise, rungs_of
from bot.coaching.promises.snoozing import PREFIX
from storage.models import Delivery as DeliveryRow
from storage.records import Appointment, Delivery
from storage.transaction import Transaction
from storage.types import ActionType, DeliveryState, Status

WITHDRAWN: Final = "not wanted any more"
LOOKED_BACK: Final = timedelta(days=30)
"""How long after its end a session is still asked about, and more."""


@dataclass
class Replanned:
    """What is to be promised, moved and withdrawn."""

    new: list[DeliveryRow] = field(default_factory=list)
    moved: dict[int, datetime] = field(default_factory=dict)
    unwanted: list[int] = field(default_factory=list)

    def write(self, tx: Transaction) -> None:
        """Write it down, and tell the sender when the first of it is due."""
        tx.ahead.add_all(self.new)
        tx.ahead.move(self.moved)
        tx.ahead.withdraw(self.unwanted, reason=WITHDRAWN)
        if moments := [*self.moved.values(), *(each.due_at for each in self.new)]:
            tx.deliveries.earliest = min(moments)


def lock(
    tx: Transaction, person_id: str, now: datetime, *, after: str = "", limit: int | None = None
) -> dict[str, Appointment]:
    """Hold a person's sessions and time, so that nothing is promised to them meanwhile.

    With a limit it is the next ones after a session, in the order of their ids.
    """
    since = now - LOOKED_BACK
    tx.ahead.lock_sessions(person_id, since=since, after=after, limit=limit)
    tx.people.hold([person_id])
    # What was scheduled until the time was held is there by now.
    found = tx.ahead.lock_sessions(person_id, since=since, after=after, limit=limit)
    sessions = tx.appointments.many(found)
    return {each: sessions[each] for each in found}


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
    rows = tx.ahead.promises(person_id, sessions)
    moment = Moment(now, policy, made_at(tx, rows))
    found = Replanned()
    for session, mine in about(sessions, rows):
        align(found, session, person_id, mine, habits, moment)
    found.write(tx)


def replan_beside(
    tx: Transaction, person_id: str, habits: Habits, *, now: datetime, policy: Policy
) -> None:
    """Move what a person is to be told of the overdue sessions of others to their moment.

    A session is not held for that: one that changes meanwhile leaves behind what was promised.
    """
    rows = tx.ahead.beside(person_id, since=now - LOOKED_BACK, until=now)
    moment = Moment(now, policy, made_at(tx, rows))
    above = [each for each in rows if _is_above(each) and is_waiting(each, now)]
    moved = {each.id: _above_at(each, habits, moment) for each in above}
    Replanned(moved=moved).write(tx)


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is looked at, by which policy, and since when somebody above is to be told."""

    now: datetime
    policy: Policy
    made_at: Mapping[int, datetime]


def made_at(tx: Transaction, rows: Sequence[Delivery]) -> Mapping[int, datetime]:
    """Look up since when somebody above is to be told: their moment comes from it."""
    return tx.ahead.made_at([each.id for each in rows if _is_above(each)])


def about(
    sessions: Mapping[str, Appointment], rows: Sequence[Delivery]
) -> Iterator[tuple[Appointment, list[Delivery]]]:
    """Give each session with what was promised about it as it stands."""
    found: dict[str, list[Delivery]] = {each: [] for each in sessions}
    for each in rows:
        session_id = each.appointment_id or ""
        if each.revision == sessions[session_id].revision:
            found[session_id].append(each)
    for session_id, its in found.items():
        yield sessions[session_id], its


def align(
    found: Replanned,
    session: Appointment,
    person_id: str,
    rows: Sequence[Delivery],
    habits: Habits,
    moment: Moment,
) -> None:
    """Add what is to become of what one person was promised about one session."""
    now = moment.now
    there = {each.occurrence: each for each in rows if _is_habit(each)}
    for rung in _reminders(session, person_id, habits):
        row = there.pop(rung.occurrence, None)
        if row is None and rung.meant_at > now:
            found.new.append(promise(session, ActionType.REMINDER, person_id, rung, now=now))
        elif row is not None and _is_open(row, rung, now):
            found.moved[row.id] = _before(session, habits.due(rung.due_at, now), now)
    found.unwanted += [each.id for each in there.values() if is_waiting(each, now)]
    found.moved |= dict(_moved_notices(session, rows, habits, moment))


def is_waiting(found: Delivery, now: datetime) -> bool:
    """Answer whether a promise is still ahead."""
    return found.state is DeliveryState.PENDING and found.due_at > now


def was_withdrawn(found: Delivery) -> bool:
    """Answer whether a promise was not wanted any more, and would hold if it were."""
    return found.state is DeliveryState.STALE and found.reason == WITHDRAWN


def _before(session: Appointment, due_at: datetime, now: datetime) -> datetime:
    """A reminder does not wait for the end of quiet hours if the session begins before that."""
    return due_at if due_at < session.starts_at else now


def _is_habit(found: Delivery) -> bool:
    """Answer whether a promise is a reminder that was not asked for by itself."""
    return found.kind is ActionType.REMINDER and not found.occurrence.startswith(PREFIX)


def _is_above(found: Delivery) -> bool:
    """Answer whether it is about telling somebody above: the steps before have numbers."""
    return found.kind is ActionType.OVERDUE and not found.occurrence.isdigit()


def _reminders(session: Appointment, person_id: str, habits: Habits) -> Sequence[Rung]:
    if session.status is not Status.SCHEDULED or person_id not in session.participant_ids:
        return ()
    return rungs_of(session, person_id, habits)


def _moved_notices(
    session: Appointment, rows: Sequence[Delivery], habits: Habits, moment: Moment
) -> Iterator[tuple[int, datetime]]:
    """Give the notices about an overdue session that come at another moment now."""
    policy = moment.policy
    rungs = {each.occurrence: each for each in overdue_rungs(session.ends_at, habits, policy)}
    for each in rows:
        if each.kind is not ActionType.OVERDUE or not is_waiting(each, moment.now):
            continue
        rung = rungs.get(each.occurrence)
        if _is_above(each):
            due_at = _above_at(each, habits, moment)
        else:
            due_at = habits.due(rung.due_at if rung else habits.wait(each.due_at), moment.now)
        if due_at != each.due_at:
            yield each.id, due_at


def _above_at(found: Delivery, habits: Habits, moment: Moment) -> datetime:
    """Give when somebody above is told, counted from when it was promised."""
    since, clock = moment.made_at[found.id], moment.policy.overdue_at
    morning = next_working_morning(since, habits, clock)
    return habits.due(habits.wait(morning), moment.now)


def _is_open(found: Delivery, rung: Rung, now: datetime) -> bool:
    """Answer whether a promise that is there has to be moved, or to hold again."""
    if found.state is DeliveryState.STALE:
        return found.reason == WITHDRAWN and rung.meant_at > now
    return is_waiting(found, now) and found.due_at != rung.due_at
