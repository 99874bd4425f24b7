"""Use case of the sender: what was held up until its reader's quiet hours had begun waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.promises.ladder import habits_of
from storage.records import Appointment, Delivery
from storage.types import ActionType

CAN_WAIT: Final = frozenset({ActionType.REMINDER, ActionType.OVERDUE, ActionType.DIGEST})
"""News is told at once, and an agenda is of no use on the next day."""
WORTH_IT: Final = timedelta(minutes=5)
"""What comes so little late is said though it has become quiet in the meantime."""


def held_up(context: Context, deliveries: Sequence[Delivery]) -> dict[int, datetime]:
    """Say which of these are due and not to be said now, and until when.

    What was meant for these hours, because somebody put it off until then or because the session
    begins before they end, does not wait. Raises Unavailable.
    """
    now = context.clock()
    late = [each for each in deliveries if each.kind in CAN_WAIT and now - each.due_at > WORTH_IT]
    if not late:
        return {}
    with context.read() as tx:
        habits = habits_of(tx, {each.person_id for each in late}, context.policy)
        sessions = tx.appointments.many({each.appointment_id or "" for each in late})
    found: dict[int, datetime] = {}
    for each in late:
        mine = habits[each.person_id]
        until = mine.wait(now)
        was_loud = mine.wait(each.due_at) == each.due_at
        if (
            until > now
            and was_loud
            and _is_of_use(each, sessions.get(each.appointment_id or ""), until)
        ):
            found[each.id] = until
    return found


def _is_of_use(delivery: Delivery, session: Appointment | None, until: datetime) -> bool:
    is_reminder = delivery.kind is ActionType.REMINDER
    return not is_reminder or session is None or until < session.starts_at
