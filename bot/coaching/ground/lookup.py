"""What every use case looks up first: who is asking, and the session that is asked about."""

from collections.abc import Collection, Iterable

from bot.coaching.ground.errors import Denied, no_appointment
from bot.coaching.ground.permissions import Access, Permission, Subject, may_view
from bot.coaching.ground.values import Caller
from storage.models import Appointment as AppointmentRow
from storage.records import Appointment, Person
from storage.transaction import Transaction


def access_of(tx: Transaction, caller: Caller) -> Access:
    """Find what the caller may do, and over whom."""
    return accesses_of(tx, [caller.person_id])[caller.person_id]


def accesses_of(tx: Transaction, person_ids: Collection[str]) -> dict[str, Access]:
    """Find what each of these people may do, and over whom."""
    return {
        person_id: Access(person_id, {name: frozenset(where) for name, where in held.items()})
        for person_id, held in tx.people.permissions(person_ids).items()
    }


def subject_of(tx: Transaction, appointment: Appointment) -> Subject:
    """Put a session beside the divisions of its attendees."""
    attendees = tx.people.many(appointment.attendee_ids).values()
    return Subject(appointment, frozenset(each.division_id for each in attendees))


def find_visible(tx: Transaction, access: Access, appointment_id: str) -> Subject:
    """Find a session that this person may see. Raises NotFound, Denied."""
    appointment = tx.appointments.get(appointment_id)
    if appointment is None:
        raise no_appointment()
    subject = subject_of(tx, appointment)
    if not may_view(access, subject):
        raise Denied(
            "You may see only sessions that you take part in or that your role covers.",
            code="missing.permissions.not.appointment.participant",
            hides=no_appointment(),
        )
    return subject


def find_for_change(tx: Transaction, appointment_id: str) -> tuple[AppointmentRow, Subject]:
    """Find a session to be changed, locked, with who may reach it. Raises NotFound."""
    row = tx.appointments.for_change(appointment_id)
    appointment = tx.appointments.get(appointment_id)
    if row is None or appointment is None:
        raise no_appointment()
    return row, subject_of(tx, appointment)


def refuse(access: Access, subject: Subject, message: str, *, code: str = "") -> Denied:
    """Say no in words for those who may see the session, and as if it were not there to others."""
    hides = None if may_view(access, subject) else no_appointment()
    return Denied(message, code=code or "missing.permissions", hides=hides)


def lacking(access: Access, permission: Permission) -> str:
    """Name the code for a permission that is not held at all, or not over these divisions."""
    return "missing.division.permission" if access.holds(permission) else "missing.permissions"


def find_people(
    tx: Transaction, access: Access, permission: Permission, person_ids: Iterable[str]
) -> dict[str, Person]:
    """Find the people named, all of them within the permission's reach, or oneself.

    One sentence for "not there" and "not yours", so that they can't be told apart. Raises Denied.
    """
    wanted = tuple(dict.fromkeys(person_ids))
    found = tx.people.many(each for each in wanted if "\x00" not in each)
    reach = access.reach(permission)
    for each in wanted:
        person = found.get(each)
        if person is None or (each != access.person_id and person.division_id not in reach):
            raise Denied(
                "Your role doesn’t cover everybody you named. Please check who you picked.",
                code="no.permission.for.requested.users",
            )
    return {each: found[each] for each in wanted}


def ensure_holds(access: Access, permission: Permission, message: str) -> None:
    """Refuse whoever holds a permission nowhere at all. Raises Denied."""
    if not access.holds(permission):
        raise Denied(message)


def reader_of(tx: Transaction, caller: Caller) -> Person:
    """Find the person who acts. Raises Denied for one who is not known."""
    person = tx.people.get(caller.person_id)
    if person is None:
        raise Denied(
            "Coachbot doesn’t know you yet. Ask an administrator to add you.",
            code="authentication.required",
        )
    return person
