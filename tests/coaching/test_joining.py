"""One person, several accounts over time: nobody appears twice, and nothing is lost on the way."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, select

from bot import coaching
from bot.coaching import Caller, Conflict, Invalid, Person, SlackProfile, Source, Standing
from storage import models
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles, opened

NEW = SlackProfile(user_id="UNEW", name="New", email="new@example.com", timezone="Asia/Kolkata")
AGAIN = replace(NEW, user_id="UAGAIN", name="New Again")
OPERATOR = Caller("", Source.COMMAND_LINE)


def register(desk: Workplace, *profiles: SlackProfile) -> int:
    return coaching.register(desk.context, profiles)


def known(desk: Workplace, account: str) -> Person:
    with desk.store.read() as tx:
        found = tx.people.by_slack(account)
    assert found is not None
    return found


def test_who_comes_back_with_a_new_account_is_the_same_person(workplace: Workplace) -> None:
    register(workplace, NEW)
    before = known(workplace, "UNEW")
    workplace.ids["New"] = before.id
    workplace.grant("New", ("Supervisor", "Sales"))
    session = workplace.schedule("Dana", "New")
    coaching.remember_channel(workplace.context, before.id, "D1", account="UNEW")
    register(workplace, replace(NEW, is_deactivated=True))
    register(workplace, AGAIN)
    after = known(workplace, "UAGAIN")
    assert (after.id, after.slack_user_id, after.slack_channel) == (before.id, "UAGAIN", None)
    assert (after.standing, after.email) == (Standing.MEMBER, "new@example.com")
    with workplace.store.read() as tx:
        assert [role for role, _ in tx.people.grants(after.id)] == ["Supervisor"]
        assert tx.appointments.the(session.id).attendee_ids == (before.id,)
        assert {each.person_id for each in tx.deliveries.of(session.id)} >= {before.id}
    everything = workplace.everything()
    assert register(workplace, AGAIN, replace(NEW, is_deactivated=True)) == 0
    assert workplace.everything() == everything
    assert known(workplace, "UNEW").id == before.id


def test_when_the_account_of_before_is_used_again_it_is_written_to(desk: Workplace) -> None:
    register(desk, NEW)
    person_id = known(desk, "UNEW").id
    register(desk, replace(NEW, is_deactivated=True))
    register(desk, AGAIN)
    register(desk, NEW)
    assert known(desk, "UAGAIN").slack_user_id == "UAGAIN"
    register(desk, replace(AGAIN, is_deactivated=True))
    person = known(desk, "UAGAIN")
    assert (person.id, person.slack_user_id) == (person_id, "UNEW")
    assert person.standing is Standing.MEMBER


@pytest.mark.parametrize(
    "flag", ["is_guest", "is_elsewhere", "is_external", "is_bot", "is_deactivated"]
)
def test_only_an_account_of_ours_is_taken_for_somebody(desk: Workplace, flag: str) -> None:
    register(desk, NEW)
    register(desk, replace(NEW, is_deactivated=True))
    flags: dict[str, Any] = {flag: True}
    register(desk, replace(AGAIN, **flags))
    assert known(desk, "UAGAIN").id != known(desk, "UNEW").id
    assert known(desk, "UAGAIN").email is None


def doubled(desk: Workplace) -> tuple[Person, Person]:
    register(desk, NEW)
    register(desk, AGAIN)
    return known(desk, "UNEW"), known(desk, "UAGAIN")


def test_two_in_use_are_told_to_the_administrator_and_joined(workplace: Workplace) -> None:
    kept, other = doubled(workplace)
    workplace.ids |= {"Kept": kept.id, "Other": other.id}
    workplace.grant("Other", ("Supervisor", "Sales"))
    mine = workplace.schedule("Dana", "Kept")
    theirs = workplace.schedule("Dana", "Other", starts_at=workplace.clock() + timedelta(days=3))
    alex = workplace.caller("Alex")
    page = coaching.people_page(workplace.context, alex, coaching.PeopleQuery())
    [double] = page.doubles
    assert (double.kept.person_id, double.joined.person_id) == (kept.id, other.id)
    assert coaching.join_people(workplace.context, alex, kept.id, other.id)
    everything = workplace.everything()
    assert not coaching.join_people(workplace.context, alex, kept.id, other.id)
    assert workplace.everything() == everything
    assert known(workplace, "UAGAIN") == known(workplace, "UNEW")
    assert known(workplace, "UNEW").slack_user_id == "UNEW"
    with workplace.store.read() as tx:
        found = [tx.appointments.the(each.id).attendee_ids for each in (mine, theirs)]
        roles = {role for role, _ in tx.people.grants(kept.id)}
        joined = [each for each in tx.audit.of("person", kept.id) if each.action == "join"]
    assert found == [(kept.id,), (kept.id,)]
    assert roles == {"Agent", "Supervisor"}
    assert [each.actor_id for each in joined] == [workplace.ids["Alex"]]
    assert not coaching.people_page(workplace.context, alex, coaching.PeopleQuery()).doubles


@pytest.mark.parametrize("hours", [None, 0.25])
def test_what_would_book_one_person_twice_is_refused(
    workplace: Workplace, hours: float | None
) -> None:
    kept, other = doubled(workplace)
    workplace.ids |= {"Kept": kept.id, "Other": other.id}
    if hours is None:
        workplace.schedule("Dana", "Kept", "Other")
    else:
        at = workplace.clock() + timedelta(days=3)
        workplace.schedule("Dana", "Kept", starts_at=at)
        workplace.schedule("Grace", "Other", starts_at=at + timedelta(hours=hours))
    with workplace.refuses(Conflict, "appointment.state.conflict"):
        coaching.join_people(workplace.context, workplace.caller("Alex"), kept.id, other.id)


def test_only_people_with_one_address_are_joined_by_a_person(desk: Workplace) -> None:
    with desk.refuses(Invalid, "validation.error"):
        coaching.join_people(
            desk.context, desk.caller("Alex"), desk.ids["Priya"], desk.ids["Jonas"]
        )


def test_nothing_points_at_who_is_gone(workplace: Workplace) -> None:
    kept, other = doubled(workplace)
    workplace.ids |= {"Kept": kept.id, "Other": other.id}
    workplace.grant("Other", ("Quality Manager", "Home"))
    session = workplace.schedule("Other", "Priya", facilitator="Other")
    caller = workplace.caller("Other")
    coaching.add_annotation(
        workplace.context,
        caller,
        session.id,
        text="Well done",
        access_type=coaching.AccessType.PRIVATE,
    )
    coaching.join_people(workplace.context, OPERATOR, kept.id, other.id)
    with workplace.store.read() as tx:
        for table in models.Person.metadata.sorted_tables:
            for column in table.columns:
                if points_at_people(column):
                    found = tx.session.scalars(select(column).where(column == other.id)).all()
                    assert not found, column
        found_session = tx.appointments.the(session.id)
    assert (found_session.creator_id, found_session.facilitator_id) == (kept.id, kept.id)


def points_at_people(column: Column[object]) -> bool:
    return any(key.column.table.name == "people" for key in column.foreign_keys)


ACCOUNTS, ADDRESSES = ("U1", "U2", "U3"), ("a@example.com", "b@example.com")
deeds = st.one_of(
    st.tuples(st.just("meet"), st.sampled_from(ACCOUNTS), st.sampled_from((*ADDRESSES, None))),
    st.tuples(st.just("leave"), st.sampled_from(ACCOUNTS), st.none()),
    st.tuples(st.just("import"), st.sampled_from((*ACCOUNTS, None)), st.sampled_from(ADDRESSES)),
    st.tuples(st.just("join"), st.none(), st.none()),
    st.tuples(st.just("book"), st.sampled_from(ACCOUNTS), st.none()),
)


@dataclass
class History:
    """What was done, and what must hold ever after."""

    desk: Workplace
    accounts: dict[str, SlackProfile] = field(default_factory=dict)
    granted: set[str] = field(default_factory=set)
    """People to whom a file gave a role."""
    sessions: dict[str, str] = field(default_factory=dict)
    """Each session with the account for which it was booked."""

    def meet(self, account: str, address: str | None) -> None:
        self.accounts[account] = SlackProfile(user_id=account, name=account, email=address)
        register(self.desk, self.accounts[account])

    def leave(self, account: str) -> None:
        if account in self.accounts:
            gone = replace(self.accounts[account], is_deactivated=True)
            self.accounts[account] = gone
            register(self.desk, gone)

    def bring(self, account: str | None, address: str) -> None:
        row = {"email": address, "name": "X", "roles": "Supervisor", "divisions": "Sales"}
        try:
            coaching.import_people(
                self.desk.context, OPERATOR, [row | {"slack_user_id": account or ""}]
            )
        except coaching.ImportRefused:
            return
        with self.desk.store.read() as tx:
            owner = tx.people.by_email(address)
        assert owner is not None
        self.granted.add(owner.id)

    def join(self) -> None:
        query = coaching.PeopleQuery()
        while doubles := coaching.people_page(self.desk.context, OPERATOR, query).doubles:
            each = doubles[0]
            coaching.join_people(
                self.desk.context, OPERATOR, each.kept.person_id, each.joined.person_id
            )

    def book(self, account: str) -> None:
        profile = self.accounts.get(account)
        if profile is None or profile.is_deactivated:
            return
        at = self.desk.clock() + timedelta(days=1, hours=len(self.sessions))
        person_id = known(self.desk, account).id
        if known(self.desk, account).standing is Standing.MEMBER:
            booked = self.desk.schedule("Dana", attendee_ids=[person_id], starts_at=at)
            self.sessions[booked.id] = account

    def ensure_sound(self) -> None:
        with self.desk.store.read() as tx:
            joins = select(models.AuditEntry).where(models.AuditEntry.action == "join")
            became = {
                (each.before or {})["joined"]["id"]: each.entity_id
                for each in tx.session.scalars(joins)
            }
            for person_id in self.granted:
                while person_id in became:
                    person_id = became[person_id]  # noqa: PLW2901
                assert "Supervisor" in {role for role, _ in tx.people.grants(person_id)}
            for session, account in self.sessions.items():
                [attendee] = tx.appointments.the(session).attendee_ids
                assert tx.people.get(attendee) is not None
                assert attendee, account


@settings(max_examples=40, phases=[Phase.generate])
@given(done=st.lists(deeds, max_size=14))
def test_no_order_of_events_doubles_anybody_or_loses_anything(
    sqlite_files: SqliteFiles, tmp_path: Path, clock: FrozenClock, done: list[Any]
) -> None:
    with sqlite_files.address(tmp_path) as address, opened(address) as store:
        desk = Workplace(store, clock)
        # A file brings people into Sales, and Dana books whoever is there.
        desk.grant("Dana", ("Supervisor", "Home"), ("Supervisor", "Sales"))
        play(History(desk), done)


def play(told: History, done: list[Any]) -> None:
    for deed, account, address in done:
        match deed:
            case "meet":
                told.meet(str(account), address)
            case "leave":
                told.leave(str(account))
            case "import":
                told.bring(account, str(address))
            case "join":
                told.join()
            case _:
                told.book(str(account))
        told.ensure_sound()
    # Slack tells of everybody once more, and the administrator joins what is told.
    register(told.desk, *told.accounts.values())
    told.join()
    told.ensure_sound()
    in_use = [each for each in told.accounts.values() if not each.is_deactivated and each.email]
    for profile in in_use:
        person = known(told.desk, profile.user_id)
        is_further = person.slack_user_id != profile.user_id
        assert is_further or person.email == profile.email, profile
