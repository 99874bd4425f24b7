"""Everybody tries everything: what comes of it is what the table says."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import coaching
from bot.coaching import (
    Appointment,
    AppointmentChanges,
    AppointmentQuery,
    CoachingError,
    Denied,
    Page,
    Status,
)
from storage import models
from tests.coaching.matrix import LED, PEOPLE, UNLED, WIDE, read_table
from tests.coaching.workplace import Workplace, assert_for_people
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles, opened

Try = Callable[[str, Appointment], object]
PARTIES = {
    "led": (LED, ("Priya",), "Fay"),
    "unled": (UNLED, ("Priya",), None),
    "wide": (WIDE, ("Priya", "Sam"), "Fay"),
}
ROWS = [(kind, row) for kind, (table, _, _) in PARTIES.items() for row in read_table(table)]


class Office(Workplace):
    """A contact centre in which those who are related to a session hold no permission over it."""

    def prepare(self) -> None:
        """Hire whom the table names."""
        self.hire("Cora", division="Home")
        self.hire("Fay", division="Home")
        self.hire("Bea", division="Home", roles=("Supervisor",))
        self.grant("Bea", ("Supervisor", "Home"), ("Supervisor", "Sales"))
        self.hours = itertools.count(1)

    def session(self, kind: str) -> Appointment:
        """Schedule a session of that kind; its creator is no supervisor any more afterwards."""
        _, attendees, facilitator = PARTIES[kind]
        self.grant("Cora", ("Supervisor", "Home"), ("Supervisor", "Sales"))
        starts_at = self.clock() + timedelta(hours=next(self.hours))
        made = self.schedule("Cora", *attendees, facilitator=facilitator, starts_at=starts_at)
        self.grant("Cora", ("Agent", "Home"))
        return made

    def tries(self) -> dict[str, Try]:
        """What there is to try, each by the name that it has in the tables."""
        return {
            "find": lambda who, made: coaching.find(self.context, self.caller(who), made.id),
            "list": lambda who, made: self.listed(who, made, "Priya"),
            "list_both": lambda who, made: self.listed(who, made, "Priya", "Sam"),
            "my_list": lambda who, _: coaching.my_appointments(
                self.context, self.caller(who), AppointmentQuery(page_size=100)
            ),
            "change": lambda who, made: coaching.change(
                self.context, self.caller(who), made.id, AppointmentChanges(name=f"For {who}")
            ),
            "delete": lambda who, made: coaching.delete(self.context, self.caller(who), made.id),
            "change_status": lambda who, made: coaching.change_status(
                self.context, self.caller(who), made.id, Status.IN_PROGRESS
            ),
            "status_history": lambda who, made: coaching.status_history(
                self.context, self.caller(who), made.id
            ),
            "notification": lambda who, made: coaching.notification(
                self.context, self.caller(who), self.entry(made)
            ),
            "mark_as_read": lambda who, made: coaching.mark_as_read(
                self.context, self.caller(who), self.entry(made)
            ),
        }

    def listed(self, who: str, made: Appointment, *names: str) -> Page[Appointment]:
        query = AppointmentQuery(user_ids=[self.ids[each] for each in names], page_size=100)
        return coaching.list_appointments(self.context, self.caller(who), query)

    def entry(self, made: Appointment) -> str:
        """The attendee's inbox entry about a session."""
        query = select(models.Notification.id).where(
            models.Notification.appointment_id == made.id,
            models.Notification.person_id == self.ids["Priya"],
        )
        with self.store.read() as tx:
            return tx.session.scalars(query).one()


@pytest.fixture(scope="module")
def office(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with sqlite_files.address(folder) as address, opened(address) as store:
        found = Office(store, FrozenClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)))
        found.prepare()
        yield found


def outcome(office: Office, trying: Try, who: str, made: Appointment) -> str:
    before = office.everything()
    try:
        found = trying(who, made)
    except CoachingError as error:
        assert_for_people(error.message)
        assert office.everything() == before
        return error.code
    if isinstance(found, Page) and found.entities and isinstance(found.entities[0], Appointment):
        return "in" if made in found.entities else "out"
    if isinstance(found, Page):
        return "-" if found.total else "out"
    return "-"


@pytest.mark.parametrize(("kind", "operation"), ROWS)
def test_everybody_gets_what_the_table_says(office: Office, kind: str, operation: str) -> None:
    expected = read_table(PARTIES[kind][0])[operation]
    trying = office.tries()[operation]
    writes = operation in {"change", "delete", "change_status", "mark_as_read"}
    kept = office.session(kind)
    found = {
        who: outcome(office, trying, who, office.session(kind) if writes else kept)
        for who in PEOPLE
    }
    assert found == expected


@pytest.mark.parametrize("kind", PARTIES)
@pytest.mark.parametrize(
    "operation", ["find", "change", "delete", "change_status", "status_history"]
)
def test_a_refusal_tells_nothing_to_those_who_may_not_see(
    office: Office, kind: str, operation: str
) -> None:
    made, trying = office.session(kind), office.tries()[operation]
    sees = read_table(PARTIES[kind][0])["find"]
    gone = coaching.NotFound
    with pytest.raises(gone) as unknown:
        coaching.find(office.context, office.caller("Alex"), "no-such-session")
    for who, outcome_of in read_table(PARTIES[kind][0])[operation].items():
        if outcome_of == "-":
            continue
        with pytest.raises(Denied) as refused:
            trying(who, made)
        said = refused.value.concealed()
        if sees[who] == "-":
            assert said is refused.value
        else:
            assert isinstance(said, gone)
            assert (said.message, said.code) == (unknown.value.message, unknown.value.code)


def test_anothers_notification_is_not_there(office: Office) -> None:
    made = office.session("led")
    with pytest.raises(coaching.NotFound) as unknown:
        coaching.mark_as_read(office.context, office.caller("Jonas"), "no-such-entry")
    with pytest.raises(Denied) as refused:
        coaching.mark_as_read(office.context, office.caller("Jonas"), office.entry(made))
    said = refused.value.concealed()
    assert (said.message, said.code) == (unknown.value.message, "notification.not.found")


@pytest.mark.parametrize(
    "operation", ["find", "change", "delete", "change_status", "status_history"]
)
@pytest.mark.parametrize("who", ["Cora", "Alex", "Jonas"])
def test_what_was_deleted_is_there_for_nobody(office: Office, operation: str, who: str) -> None:
    made = office.session("led")
    coaching.delete(office.context, office.caller("Cora"), made.id)
    with office.refuses(coaching.NotFound, "appointment.not.found"):
        office.tries()[operation](who, made)


def test_reading_the_history_needs_no_more_than_the_permission_for_it(office: Office) -> None:
    made = office.session("led")
    with office.store.begin() as tx:
        tx.people.save_role("Auditor", ["coaching:appointmentStatus:view"])
    office.hire("Una", division="Home", roles=("Auditor",))
    page = coaching.status_history(office.context, office.caller("Una"), made.id)
    assert [each.status for each in page.entities] == [Status.SCHEDULED]
