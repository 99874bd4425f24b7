"""Who hears of an event: inbox entries and promises, in the transaction of the event itself.

An event writes one notification per related person except whoever caused it (contract, 7.1). What
was promised before the event and not yet begun is looked at again: it is carried over to the new
revision where it still holds, and left behind where it does not.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.coaching.ground.permissions import relationships
from bot.coaching.ground.values import Caller
from storage.base import new_id
from storage.models import Delivery, Notification
from storage.records import Appointment
from storage.records import Delivery as Promise
from storage.records import Notification as Entry
from storage.transaction import Transaction
from storage.types import (
    ABOUT_NOTES,
    AccessType,
    ActionType,
    DeliveryState,
    Relationship,
    Source,
    Status,
)

MOVED = "moved"
AT = "%Y-%m-%dT%H:%M"
"""How the time before a move stands behind the word, in UTC."""
UNDONE = "undone"
CONFIRMATION = "confirmation"
TIMED = frozenset({ActionType.REMINDER, ActionType.OVERDUE})
TELL_THE_CURRENT_STATE = frozenset({ActionType.CREATE, ActionType.UPDATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a session."""

    kind: ActionType
    at: datetime
    caller: Caller
    previous_revision: int = 0
    """The revision of the session before it happened: what was promised for it may still hold."""
    moved: bool = False
    """Whether the session's time changed, so that what was timed by it no longer holds."""
    moved_from: datetime | None = None
    """When the session was to start before it was moved, where that is another moment."""
    status: Status | None = None
    """The status that the session has now, where that is what happened."""
    undone: bool = False
    """Whether it was completed, and that was taken back."""
    readers: frozenset[str] | None = None
    """Who alone may hear of it, as of a Private note; None: everybody related."""
    note_type: AccessType | None = None
    """The type of the note to which it happened."""


def announce(tx: Transaction, appointment: Appointment, event: Event) -> None:
    """Tell everybody related, once each, and look again at what was promised before."""
    unsettled = tx.deliveries.unsettled(appointment.id, revision=event.previous_revision)
    kept = [
        each
        for each in unsettled
        if still_holds(each.kind, event, already_due=each.due_at <= event.at)
    ]
    tx.deliveries.restamp([each.id for each in kept], revision=appointment.revision)
    promised = unsettled if event.kind is ActionType.DELETE else kept
    # What is being sent at this moment may already have been put into the words of before.
    untold = [each for each in promised if each.state is DeliveryState.PENDING]
    entries = list(_entries(appointment, event))
    tx.notifications.add_all(entries)
    tx.deliveries.add(
        _notice(appointment, event, entry.person_id, entry.id)
        for entry in entries
        if needs_message(_kinds(untold, entry.person_id), event)
    )
    if event.kind is ActionType.CREATE and event.caller.source is Source.SLACK:
        tx.deliveries.add([_notice(appointment, event, event.caller.person_id, None)])


def _entries(appointment: Appointment, event: Event) -> Iterator[Notification]:
    for person_id, relationship in relationships(appointment).items():
        hears = event.readers is None or person_id in event.readers
        if hears and person_id != event.caller.person_id:
            yield entry_about(appointment, event, person_id, relationship)


def entry_about(
    appointment: Appointment, event: Event, person_id: str, relationship: Relationship
) -> Notification:
    """Write down what a session is like at this moment, as an inbox entry for one person."""
    return Notification(
        id=new_id(),
        person_id=person_id,
        appointment_id=appointment.id,
        action_type=event.kind,
        relationship=relationship,
        name=appointment.name,
        starts_at=appointment.starts_at,
        length_minutes=appointment.length_minutes,
        status=appointment.status,
        created_at=event.at,
        caused_by=event.caller.person_id or None,
        detail=_detail(event),
        note_type=event.note_type,
    )


def _detail(event: Event) -> str | None:
    if event.undone:
        return UNDONE
    if event.moved_from is not None:
        return f"{MOVED} {event.moved_from.astimezone(UTC):{AT}}"
    return MOVED if event.moved else None


def is_move(entry: Notification | Entry) -> bool:
    """Answer whether an entry tells of another time."""
    return (entry.detail or "").startswith(MOVED)


def moved_from(entry: Notification | Entry) -> datetime | None:
    """Tell when a session was to start before it was moved to another start."""
    moment = (entry.detail or "").removeprefix(MOVED).strip() if is_move(entry) else ""
    return datetime.strptime(moment, AT).replace(tzinfo=UTC) if moment else None


def still_holds(kind: ActionType, event: Event, *, already_due: bool = False) -> bool:
    """Answer whether an unsent promise of this kind is still true after the event.

    One that was already due when the event came is not planned anew, so it is kept.
    """
    if event.kind is ActionType.DELETE or event.status is Status.COMPLETED:
        return False
    if kind in TIMED:
        return not event.moved and not _replans(kind, event, already_due)
    return kind is not ActionType.STATUS_CHANGE or event.status is None


def _replans(kind: ActionType, event: Event, already_due: bool) -> bool:  # noqa: FBT001
    """A session that begins owes no reminder; one that goes back to scheduled is reminded of anew.

    Neither changes what is asked once it is over.
    """
    if event.status is Status.IN_PROGRESS:
        return kind is ActionType.REMINDER
    if event.status is Status.SCHEDULED and kind is ActionType.OVERDUE:
        return False
    return event.status is not None and not already_due


def needs_message(pending: Collection[ActionType], event: Event) -> bool:
    """Answer whether a person with these unsent promises needs one more for the event.

    A message is written from what is true when it leaves. So somebody who has not yet been told of
    a session is told of its latest state once, and of a deleted one not at all.
    """
    if event.kind is ActionType.UPDATE:
        return not TELL_THE_CURRENT_STATE & set(pending)
    if event.kind is ActionType.DELETE:
        return ActionType.CREATE not in pending
    return True


def _kinds(pending: Collection[Promise], person_id: str) -> set[ActionType]:
    """List what a person is still to be told; who has a confirmation coming knows already."""
    return {
        each.kind
        for each in pending
        if each.person_id == person_id and each.occurrence != CONFIRMATION
    }


def _notice(
    appointment: Appointment, event: Event, person_id: str, notification_id: str | None
) -> Delivery:
    return Delivery(
        kind=event.kind,
        person_id=person_id,
        appointment_id=appointment.id,
        revision=appointment.revision,
        occurrence=_occurrence(appointment, event, notification_id),
        due_at=event.at,
        next_at=event.at,
        created_at=event.at,
        notification_id=notification_id,
    )


def _occurrence(appointment: Appointment, event: Event, notification_id: str | None) -> str:
    """Tell apart what is promised about one revision: notes raise none, so each goes by itself."""
    if notification_id is None:
        return CONFIRMATION
    return notification_id if event.kind in ABOUT_NOTES else f"r{appointment.revision}"
