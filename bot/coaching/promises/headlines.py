"""What happened, in one sentence, as its reader would say it."""

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.promises.notices import UNDONE, is_move
from bot.coaching.reading.cards import name_of
from bot.coaching.times.wording import joined, local_time, say_date, say_until
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
            moved = is_move(entry)
            said = (
                f"{who} {'moved this session to a new time' if moved else 'changed this session'}"
            )
        case ActionType.DELETE:
            said = f"{who} cancelled this session"
        case ActionType.STATUS_CHANGE:
            said = _status_changed(entry, appointment, who)
        case ActionType.REMINDER:
            said = _reminder(entry, appointment, people, now)
        case ActionType.OVERDUE:
            said = _overdue(entry, appointment, people, now)
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


def _status_changed(entry: Notification, appointment: Appointment, who: str | None) -> str:
    if entry.status is Status.INVALID_SCHEDULE or who is None:
        if appointment.status is Status.INVALID_SCHEDULE and appointment.deleted_at is None:
            return "This session needs a new time: somebody isn’t working then any more"
        return "This session needed a new time: somebody wasn’t working then any more"
    if entry.detail == UNDONE:
        return f"{who} took back the completion of this session"
    said = {
        Status.IN_PROGRESS: "started this session",
        Status.COMPLETED: "completed this session",
        Status.SCHEDULED: "set this session back to scheduled",
    }
    return f"{who} {said[entry.status]}"


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


def escalation(
    appointment: Appointment, people: Mapping[str, Person], reader: Person, now: datetime
) -> str:
    """Tell somebody above that asking whoever leads a session did not help."""
    leader = name_of(people, appointment.facilitator_id or appointment.creator_id)
    if (became := _no_longer_overdue(appointment, now)) is not None:
        return f"A session that {leader} leads was overdue, and {became}"
    since = say_date(appointment.ends_at, reader.timezone, now)
    return f"A session that {leader} leads has been overdue since {since}. Please look into it"


def _reminder(
    entry: Notification, appointment: Appointment, people: Mapping[str, Person], now: datetime
) -> str:
    others = [each for each in appointment.participant_ids if each != entry.person_id]
    coached = entry.person_id in appointment.attendee_ids and appointment.facilitator_id
    shown = [appointment.facilitator_id] if coached else others
    whom = joined([name_of(people, each) for each in shown])
    what = f"coaching session with {whom}" if whom else "coaching session"
    if (became := _became(entry, appointment)) is not None:
        return f"Your {what} {became}"
    if entry.marked_as_read:
        return f"{_earlier(entry, appointment)} your {what}"
    if appointment.status is Status.COMPLETED:
        return f"Your {what} is completed"
    if appointment.is_overdue(now):
        return f"Your {what} should be over"
    if appointment.status is Status.IN_PROGRESS or now > appointment.starts_at:
        return f"Your {what} has started"
    return f"Your {what} starts {say_until(appointment.starts_at - now)}"


def _became(entry: Notification, appointment: Appointment) -> str | None:
    """Say why a session will not take place as somebody was reminded; None: nothing is new."""
    if appointment.deleted_at is not None:
        return "was cancelled"
    if appointment.status is Status.INVALID_SCHEDULE:
        return "needs a new time"
    return "was moved to a new time" if entry.starts_at != appointment.starts_at else None


def _earlier(entry: Notification, appointment: Appointment) -> str:
    """Name a reminder that has done its work by its own moment, so that several are told apart."""
    before = say_until(appointment.starts_at - entry.created_at)
    return f"Reminder {before.removeprefix('in ')} before" if before != "now" else "Reminder of"


def _overdue(
    entry: Notification, appointment: Appointment, people: Mapping[str, Person], now: datetime
) -> str:
    if (became := _no_longer_overdue(appointment, now)) is not None:
        return f"This session was overdue, and {became}"
    ask = "Please complete it"
    if appointment.status is Status.SCHEDULED:
        ask = "Please complete it, or open it to change its time"
    return f"{_since(entry, appointment, people)}. {ask}"


def _no_longer_overdue(appointment: Appointment, now: datetime) -> str | None:
    if appointment.deleted_at is not None:
        return "is cancelled now"
    if appointment.status is Status.COMPLETED:
        return "is completed now"
    return None if appointment.is_overdue(now) else "has another time now"


def _since(entry: Notification, appointment: Appointment, people: Mapping[str, Person]) -> str:
    """Say how long a session has waited: on the first day that it is over, later since when."""
    reader = people.get(entry.person_id)
    zone = reader.timezone if reader else "UTC"
    asked, ended = (local_time(each, zone) for each in (entry.created_at, appointment.ends_at))
    if asked.date() <= ended.date():
        return "This session should be over"
    return f"This session has been overdue since {say_date(ended, zone, entry.created_at)}"


def _attendees(appointment: Appointment, people: Mapping[str, Person]) -> str:
    return joined([name_of(people, each) for each in appointment.attendee_ids])
