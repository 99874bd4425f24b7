"""What happened, in one sentence, as its reader would say it."""

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.cards import name_of
from bot.coaching.notices import MOVED
from bot.coaching.wording import joined, say_until
from storage.records import Appointment, Notification, Person
from storage.types import ActionType, Relationship, Status


def headline_of(
    entry: Notification, appointment: Appointment, people: Mapping[str, Person], now: datetime
) -> str:
    """Say what an inbox entry is about."""
    who = name_of(people, entry.caused_by) if entry.caused_by else None
    match entry.action_type:
        case ActionType.CREATE:
            said = _created(entry, appointment, people)
        case ActionType.UPDATE:
            moved = entry.detail == MOVED
            said = (
                f"{who} {'moved this session to a new time' if moved else 'changed this session'}"
            )
        case ActionType.DELETE:
            said = f"{who} cancelled this session"
        case ActionType.STATUS_CHANGE:
            said = _status_changed(entry.status, who)
        case ActionType.REMINDER:
            said = _reminder(appointment, entry.person_id, people, now)
        case ActionType.OVERDUE:
            said = "This session should be over. If it took place, please complete it"
        case _:
            said = _noted(entry.action_type, who)
    return said


def _created(entry: Notification, appointment: Appointment, people: Mapping[str, Person]) -> str:
    creator = name_of(people, appointment.creator_id)
    if entry.relationship is Relationship.FACILITATOR:
        return f"{creator} asked you to coach {_attendees(appointment, people)}"
    facilitator = appointment.facilitator_id
    if facilitator is None or facilitator == appointment.creator_id:
        return f"{creator} scheduled a coaching session with you"
    return f"{creator} scheduled coaching for you with {name_of(people, facilitator)}"


def _status_changed(status: Status, who: str | None) -> str:
    if status is Status.INVALID_SCHEDULE or who is None:
        return "This session needs a new time: somebody isn’t working then any more"
    said = {
        Status.IN_PROGRESS: "started this session",
        Status.COMPLETED: "completed this session",
        Status.SCHEDULED: "set this session back to scheduled",
    }
    return f"{who} {said[status]}"


def _noted(kind: ActionType, who: str | None) -> str:
    said = {
        ActionType.ANNOTATION_ADDED: "added a note to this session",
        ActionType.ANNOTATION_EDITED: "edited a note on this session",
        ActionType.ANNOTATION_DELETED: "removed a note from this session",
    }
    return f"{who} {said[kind]}"


def confirmation(appointment: Appointment, people: Mapping[str, Person]) -> str:
    """Tell whoever scheduled a session that it is scheduled."""
    return f"Scheduled: coaching with {_attendees(appointment, people)}"


def _reminder(
    appointment: Appointment, reader_id: str, people: Mapping[str, Person], now: datetime
) -> str:
    others = [each for each in appointment.participant_ids if each != reader_id]
    coached = reader_id in appointment.attendee_ids and appointment.facilitator_id
    shown = [appointment.facilitator_id] if coached else others
    whom = joined([name_of(people, each) for each in shown])
    what = f"Your coaching session with {whom}" if whom else "Your coaching session"
    if now > appointment.starts_at:
        return f"{what} has started"
    return f"{what} starts {say_until(appointment.starts_at - now)}"


def _attendees(appointment: Appointment, people: Mapping[str, Person]) -> str:
    return joined([name_of(people, each) for each in appointment.attendee_ids])
