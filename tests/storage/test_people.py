"""People, their divisions, roles and grants are found as they were written."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from storage import models
from storage.members import MemberFilter
from storage.transaction import Store
from storage.types import Standing
from tests.databases import PostgresServer, opened
from tests.storage import rows
from tests.storage.rows import discarded

DIVISIONS: Final = ("Home", "Sales", "Care")
PERMISSIONS: Final = ("appointment:view", "appointment:add", "annotation:view", "participate")
ROLES: Final = ("Agent", "Supervisor", "Empty")

roles = st.fixed_dictionaries({name: st.frozensets(st.sampled_from(PERMISSIONS)) for name in ROLES})
grants = st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(DIVISIONS)), max_size=6)


@settings(max_examples=30)
@given(roles=roles, before=grants, after=grants, other=grants)
def test_a_person_holds_what_the_roles_grant_over_their_divisions(
    store: Store,
    roles: dict[str, frozenset[str]],
    before: list[tuple[str, str]],
    after: list[tuple[str, str]],
    other: list[tuple[str, str]],
) -> None:
    with discarded(store) as tx:
        ids = {name: tx.people.ensure_division(name) for name in DIVISIONS}
        for name, permissions in roles.items():
            tx.people.save_role(name, {"to be replaced"})
            tx.people.save_role(name, permissions)
        ann, ben, cy = (rows.person(tx, name) for name in ("Ann", "Ben", "Cy"))
        for person_id, chosen in ((ann, before), (ben, other), (ann, after)):
            tx.people.replace_grants(person_id, [(role, ids[name]) for role, name in chosen])
        expected = {(role, ids[name]) for role, name in after}
        held: dict[str, set[str]] = {}
        for role, division_id in expected:
            for permission in roles[role]:
                held.setdefault(permission, set()).add(division_id)
        assert tx.people.roles() == roles
        assert sorted(tx.people.grants(ann)) == sorted(expected)
        assert set(tx.people.grants(ben)) == {(role, ids[name]) for role, name in other}
        assert {each: set(found) for each, found in tx.people.all_grants().items() if found} == {
            each: set(found) for each in (ann, ben, cy) if (found := tx.people.grants(each))
        }
        assert tx.people.permissions([ann, cy]) == {ann: held, cy: {}}


def test_a_grant_needs_a_role_and_a_division_that_exist(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        tx.people.save_role("Agent", [])
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.people.replace_grants(ann, [("Agent", "nowhere")])
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.people.replace_grants(ann, [("Nobody", next(iter(tx.people.divisions())))])


def test_a_person_is_found_by_id_slack_account_and_address(store: Store) -> None:
    with store.begin() as tx:
        boss = rows.person(tx, "Dana", email="dana@example.com", slack_user_id="U1")
        ann = rows.person(
            tx,
            "Ann",
            "Sales",
            email="ann@example.com",
            slack_user_id="U2",
            timezone="Asia/Kolkata",
            standing=Standing.EXTERNAL,
            manager_id=boss,
            slack_channel="D2",
        )
        rows.person(tx, "Ben")
    with store.read() as tx:
        found = tx.people.get(ann)
        assert found
        assert found == tx.people.by_slack("U2") == tx.people.by_email("Ann@Example.COM")
        assert tx.people.by_slack_many(["U1", "U2", "U3"]).keys() == {"U1", "U2"}
        assert tx.people.many([ann, boss, "nobody"]).keys() == {ann, boss}
        assert [found.timezone, found.standing] == ["Asia/Kolkata", Standing.EXTERNAL]
        assert (found.manager_id, found.slack_channel) == (boss, "D2")
        assert tx.people.divisions()[found.division_id] == "Sales"
        nobody = (tx.people.get("x"), tx.people.by_slack("x"), tx.people.by_email("x"))
        assert nobody == (None, None, None)


def test_a_person_fetched_for_change_is_written_back(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
    with store.begin() as tx:
        person = tx.people.for_change(ann)
        assert person
        person.standing = Standing.DEACTIVATED
        assert tx.people.for_change("nobody") is None
    with store.read() as tx:
        found = tx.people.get(ann)
    assert found
    assert found.standing is Standing.DEACTIVATED


@pytest.mark.parametrize("field", ["email", "slack_user_id"])
def test_no_two_people_share_an_account(store: Store, field: str) -> None:
    with store.begin() as tx:
        rows.person(tx, "Ann", **{field: "same"})
    with pytest.raises(IntegrityError), store.begin() as tx:
        rows.person(tx, "Ben", **{field: "same"})


def test_everybody_is_listed_by_name_in_any_case(store: Store) -> None:
    with discarded(store) as tx:
        for name in ("carl", "Ben", "ann", "Dee"):
            rows.person(tx, name)
        assert [each.name for each in tx.people.all()] == ["ann", "Ben", "carl", "Dee"]


@pytest.mark.parametrize("name", ["Home", "Größe", "ÄRZTE", "Отдел"])
def test_a_division_is_made_once_and_found_in_any_case(store: Store, name: str) -> None:
    with store.begin() as tx:
        made = tx.people.ensure_division(name)
        assert tx.people.ensure_division(name) == made
    with store.begin() as tx:
        assert tx.people.ensure_division(name.lower()) == made
        assert tx.people.divisions() == {made: name}


def test_letters_are_alike_in_a_database_that_knows_ascii_alone(
    postgres_server: PostgresServer,
) -> None:
    with postgres_server.plain_address() as address, opened(address) as store:
        with store.begin() as tx:
            made = tx.people.ensure_division("ÄRZTE")
            assert tx.people.ensure_division("ärzte") == made
            rows.person(tx, "Özge Çelik", "Ärzte")
        with store.read() as tx:
            for word in ("özge", "ÇELIK", "Öz", "lik"):
                wanted = MemberFilter(division_ids=[made], standings=list(Standing), words=(word,))
                assert [each.name for each in tx.members.page(wanted)] == ["Özge Çelik"]


def test_working_hours_are_replaced_as_a_whole(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx, working_hours={"mon": [["09:00", "17:00"]]})
    with store.begin() as tx:
        person = tx.people.for_change(ann)
        assert isinstance(person, models.Person)
        person.working_hours = {"tue": []}
    with store.read() as tx:
        assert tx.people.many([ann])[ann].working_hours == {"tue": []}
