"""How a session's status may change, and what may be changed in each (contract, section 6)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.coaching.ground.errors import Conflict, Invalid
from storage.records import Appointment
from storage.types import Status

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.SCHEDULED: frozenset({Status.IN_PROGRESS, Status.COMPLETED}),
    Status.IN_PROGRESS: frozenset({Status.COMPLETED, Status.SCHEDULED}),
    Status.COMPLETED: frozenset(),
    Status.INVALID_SCHEDULE: frozenset(),
}

WORDS: Mapping[Status, str] = {
    Status.SCHEDULED: "Scheduled",
    Status.IN_PROGRESS: "In progress",
    Status.COMPLETED: "Completed",
    Status.INVALID_SCHEDULE: "Needs a new time",
}

FREELY_EDITED = frozenset({Status.SCHEDULED, Status.INVALID_SCHEDULE})
BLOCKING = frozenset({Status.SCHEDULED, Status.IN_PROGRESS})
TIME_FIELDS = frozenset({"starts_at", "length_minutes"})


def may_become(old: Status, new: Status) -> bool:
    """Answer whether a person may take a session from one status to another."""
    return new in TRANSITIONS[old]


def undo_ends_at(appointment: Appointment, within: timedelta) -> datetime | None:
    """Tell until when its completion can be taken back; None for what is not completed."""
    completed_at = appointment.completed_at
    return None if completed_at is None else completed_at + within


def ensure_may_ask_for(status: Status) -> None:
    """Refuse the status that the system alone sets. Raises Invalid."""
    if status is Status.INVALID_SCHEDULE:
        raise Invalid(
            "Only Coachbot itself marks a session as needing a new time.",
            code="validation.failure",
            field="status",
        )


def ensure_transition(old: Status, new: Status) -> None:
    """Refuse a status that cannot follow. Raises Invalid, Conflict."""
    ensure_may_ask_for(new)
    if not may_become(old, new):
        raise Conflict(_why_not(old, new), field="status")


def _why_not(old: Status, new: Status) -> str:
    if old is new:
        return f"This session is already {WORDS[old].lower()}."
    if old is Status.COMPLETED:
        return "This session is completed, so its status stays as it is."
    return "This session needs a new time first. Please pick one that suits everybody."


def ensure_may_edit(status: Status, changed: frozenset[str]) -> None:
    """Refuse changes that the status no longer allows. Raises Conflict."""
    refused = why_not_edited(status, changed)
    if refused is not None:
        raise refused


def why_not_edited(status: Status, changed: frozenset[str]) -> Conflict | None:
    """Give the refusal of changes that the status no longer allows; None where it does."""
    if status is Status.COMPLETED and changed:
        return Conflict("This session is completed. You can still add notes to it.")
    if status is Status.IN_PROGRESS and changed & TIME_FIELDS:
        return Conflict(
            "This session is in progress, so its time can’t be changed.",
            field=min(changed & TIME_FIELDS, key=("starts_at", "length_minutes").index),
        )
    return None


def ensure_may_delete(status: Status) -> None:
    """Refuse to delete what has begun. Raises Conflict."""
    if status not in FREELY_EDITED:
        raise Conflict(f"This session is {WORDS[status].lower()}, so it can’t be deleted.")
