"""Sessions for which somebody does not work any more (contract, section 6).

They need a new time, and everybody related is told. One that was planned outside of somebody's
hours on purpose is left alone, and so is one that was planned after the hours had changed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.coaching.ground.context import Context
from bot.coaching.ground.trail import SYSTEM
from bot.coaching.sessions.consequences import follow
from bot.coaching.sessions.statuses import become
from bot.coaching.times.shifts import Shift, minute_after, minute_of, shift_of, working_spans
from storage.records import Appointment, Person
from storage.transaction import Transaction
from storage.types import Status


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody worked until a moment."""

    working_hours: Mapping[str, Any] | None
    timezone: str
    until: str

    @classmethod
    def of(cls, person: Person, now: datetime) -> "Hours":
        """Keep when somebody works as it is until now."""
        return cls(person.working_hours, person.timezone, now.isoformat())

    @property
    def kept(self) -> Mapping[str, Any]:
        """As it is written down."""
        return asdict(self)


def invalidate_misfits(
    context: Context,
    tx: Transaction,
    sessions: Mapping[str, Appointment],
    person: Person,
    hours: Hours,
    now: datetime,
) -> dict[str, Appointment]:
    """Mark the sessions ahead that fitted somebody's hours and do not any more; answers the rest.

    The sessions are locked.
    """
    before = shift_of(hours.working_hours, hours.timezone)
    after = shift_of(person.working_hours, person.timezone)
    rest = {}
    for session in sessions.values():
        is_ahead = session.status is Status.SCHEDULED and session.starts_at > now
        is_older = session.modified_at <= datetime.fromisoformat(hours.until)
        takes_part = person.id in session.participant_ids
        fitted = is_ahead and is_older and takes_part and _holds(before, session)
        if fitted and not _holds(after, session):
            _invalidate(context, tx, session, now)
        else:
            rest[session.id] = session
    return rest


def _holds(shift: Shift, session: Appointment) -> bool:
    span = minute_of(session.starts_at), minute_after(session.ends_at)
    return working_spans(shift, span) == [span]


def _invalidate(context: Context, tx: Transaction, session: Appointment, now: datetime) -> None:
    row = tx.appointments.for_change(session.id)
    if row is not None:
        become(tx, row, Status.INVALID_SCHEDULE, SYSTEM, now)
        follow(context, tx, row, session, SYSTEM)
