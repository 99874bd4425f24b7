"""What people do to a session, as plain functions that a test can name in its tables."""

from collections.abc import Callable
from datetime import timedelta

from bot import coaching
from bot.coaching import Appointment, AppointmentChanges, Source, Status
from tests.coaching.workplace import Workplace

Act = Callable[[Workplace, str, Appointment], object]
LATER = timedelta(hours=1)


def rename(desk: Workplace, who: str, made: Appointment) -> object:
    changes = AppointmentChanges(name="Other")
    return coaching.change(desk.context, desk.caller(who), made.id, changes)


def move(desk: Workplace, who: str, made: Appointment) -> object:
    changes = AppointmentChanges(starts_at=made.starts_at + LATER)
    return coaching.change(desk.context, desk.caller(who), made.id, changes)


def reset_with_a_name(desk: Workplace, who: str, made: Appointment) -> object:
    changes = AppointmentChanges(name="Third", status=Status.SCHEDULED)
    return coaching.change(desk.context, desk.caller(who), made.id, changes)


def delete(desk: Workplace, who: str, made: Appointment) -> object:
    coaching.delete(desk.context, desk.caller(who), made.id)
    return None


def become(status: Status) -> Act:
    return lambda desk, who, made: coaching.change_status(
        desk.context, desk.caller(who), made.id, status
    )


start, reset, complete = map(become, (Status.IN_PROGRESS, Status.SCHEDULED, Status.COMPLETED))


def invalidate(desk: Workplace, who: str, made: Appointment) -> object:
    return coaching.invalidate(desk.context, made.id)


def session(desk: Workplace, source: Source = Source.REST) -> Appointment:
    request = desk.request("Priya", "Jonas", facilitator="Grace")
    return coaching.schedule(desk.context, desk.caller("Dana", source), request)
