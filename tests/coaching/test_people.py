"""How people become known, and who may act (contract, section 4)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from bot import coaching
from bot.coaching import Denied, Person, SlackProfile, Source, Standing
from tests.coaching.workplace import Workplace

NEW = SlackProfile(user_id="UNEW", name="New", email="New@Example.com", timezone="Asia/Kolkata")


def register(desk: Workplace, *profiles: SlackProfile) -> None:
    coaching.register(desk.context, profiles)


def known(desk: Workplace, user_id: str = "UNEW") -> Person:
    with desk.store.read() as tx:
        found = tx.people.by_slack(user_id)
    assert found is not None
    return found


def roles(desk: Workplace, user_id: str = "UNEW") -> set[tuple[str, str]]:
    return {
        role
        for each in coaching.members(desk.context)
        if each.person.slack_user_id == user_id
        for role in each.roles
    }


def trail(desk: Workplace) -> list[tuple[str, Any, Any]]:
    entries = desk.audit("person", known(desk).id)
    assert {(each.source, each.actor_id) for each in entries} == {(Source.SYSTEM, None)}
    return [(each.action, each.before, each.after) for each in entries]


def test_on_first_contact_one_is_an_agent_at_home(workplace: Workplace) -> None:
    assert coaching.caller_for_slack(workplace.context, "UNEW") is None
    register(workplace, NEW)
    person = known(workplace)
    assert person == Person(
        id=person.id,
        name="New",
        division_id=person.division_id,
        timezone="Asia/Kolkata",
        email="new@example.com",
        slack_user_id="UNEW",
        standing=Standing.MEMBER,
        manager_id=None,
        working_hours=None,
        slack_channel=None,
    )
    assert roles(workplace) == {("Agent", "Home")}
    caller = coaching.caller_for_slack(workplace.context, "UNEW")
    assert caller == coaching.Caller(person.id, Source.SLACK)
    [(action, before, after)] = trail(workplace)
    assert (action, before, after["name"]) == ("welcome", None, "New")


def test_registering_again_changes_nothing(workplace: Workplace) -> None:
    register(workplace, NEW)
    before = workplace.everything()
    register(workplace, NEW, NEW)
    assert workplace.everything() == before


def test_the_same_account_twice_in_one_list_is_one_person(workplace: Workplace) -> None:
    register(workplace, NEW, replace(NEW, name="Newer"))
    assert known(workplace).name == "Newer"


def test_a_workspace_administrator_administers_everything(desk: Workplace) -> None:
    register(desk, replace(NEW, is_admin=True))
    assert roles(desk) == {
        ("Agent", "Home"),
        ("Administrator", "Home"),
        ("Administrator", "Sales"),
    }


def test_what_an_administrator_decided_is_left_alone(desk: Workplace) -> None:
    register(desk, NEW)
    desk.ids["New"] = known(desk).id
    for grants in ([("Supervisor", "Sales")], []):
        desk.grant("New", *grants)
        register(desk, replace(NEW, name="Newer", is_admin=True))
        assert roles(desk) == set(grants)


def test_what_slack_says_is_brought_up_to_date(workplace: Workplace) -> None:
    register(workplace, NEW)
    changed = replace(NEW, name="  Newer ", timezone="Europe/London", email="newer@example.com")
    register(workplace, changed)
    person = known(workplace)
    assert (person.name, person.timezone) == ("Newer", "Europe/London")
    assert person.email == "newer@example.com"
    [_, (action, before, after)] = trail(workplace)
    assert (action, before) == (
        "refresh",
        {"name": "New", "timezone": "Asia/Kolkata", "email": "new@example.com"},
    )
    assert after == {
        "name": "Newer",
        "timezone": "Europe/London",
        "email": "newer@example.com",
    }


@pytest.mark.parametrize("timezone", ["", "Mars/Base", "../UTC", "\x00"])
def test_a_zone_that_is_none_is_not_kept(desk: Workplace, timezone: str) -> None:
    register(desk, replace(NEW, timezone=timezone))
    assert known(desk).timezone == "UTC"
    register(desk, NEW)
    register(desk, replace(NEW, timezone=timezone))
    assert known(desk).timezone == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("  ", "UNEW"),
        ("x" * 300, "x" * 255),
        ("Ni\u200clu", "Ni\u200clu"),
        ("A\x00n\ud800n", "Ann"),
    ],
)
def test_everybody_has_a_name_that_fits(workplace: Workplace, name: str, kept: str) -> None:
    register(workplace, replace(NEW, name=name))
    assert known(workplace).name == kept


BARRED: list[tuple[dict[str, Any], Standing]] = [
    ({"is_bot": True}, Standing.BOT),
    ({"is_deactivated": True}, Standing.DEACTIVATED),
    ({"is_external": True}, Standing.EXTERNAL),
    ({"is_external": True, "is_admin": True}, Standing.EXTERNAL),
    ({"is_bot": True, "is_deactivated": True}, Standing.BOT),
]


@pytest.mark.parametrize(("flags", "standing"), BARRED)
def test_apps_strangers_and_those_who_left_may_do_nothing(
    desk: Workplace, flags: dict[str, Any], standing: Standing
) -> None:
    register(desk, replace(NEW, **flags))
    assert (known(desk).standing, roles(desk)) == (standing, set())
    with desk.refuses(Denied, "missing.permissions"):
        coaching.caller_for_slack(desk.context, "UNEW")


def test_one_who_leaves_may_do_nothing_until_they_are_back(desk: Workplace) -> None:
    register(desk, NEW)
    register(desk, replace(NEW, is_deactivated=True))
    with desk.refuses(Denied, "missing.permissions"):
        coaching.caller_for_slack(desk.context, "UNEW")
    register(desk, NEW)
    assert coaching.caller_for_slack(desk.context, "UNEW") is not None
    assert roles(desk) == {("Agent", "Home")}


@pytest.mark.parametrize(("flags", "standing"), BARRED)
def test_one_who_becomes_a_member_is_welcomed_then(
    desk: Workplace, flags: dict[str, Any], standing: Standing
) -> None:
    register(desk, replace(NEW, **flags))
    register(desk, NEW)
    assert (known(desk).standing, roles(desk)) == (Standing.MEMBER, {("Agent", "Home")})
    desk.schedule("Dana", attendee_ids=[known(desk).id])


def imported(desk: Workplace) -> Person:
    row = {"email": "new@example.com", "name": "New", "roles": "Supervisor", "divisions": "Sales"}
    coaching.import_people(desk.context, desk.caller("Alex", Source.COMMAND_LINE), [row])
    with desk.store.read() as tx:
        found = tx.people.by_email("new@example.com")
    assert found is not None
    return found


def test_one_who_was_imported_by_address_is_the_same_in_slack(workplace: Workplace) -> None:
    before = imported(workplace)
    register(workplace, NEW)
    assert known(workplace).id == before.id
    assert roles(workplace) == {("Supervisor", "Sales")}


@pytest.mark.parametrize("flags", [flags for flags, _ in BARRED])
def test_a_stranger_with_the_address_does_not_become_the_one_imported(
    workplace: Workplace, flags: dict[str, Any]
) -> None:
    before = imported(workplace)
    stranger = replace(NEW, user_id="USTRANGER", **flags)
    register(workplace, stranger)
    assert known(workplace, "USTRANGER").id != before.id
    register(workplace, stranger, NEW)
    assert known(workplace).id == before.id
    assert (known(workplace).standing, known(workplace).email) == (
        Standing.MEMBER,
        "new@example.com",
    )


@pytest.mark.parametrize("flags", [{"is_bot": True}, {"is_external": True}])
def test_a_stranger_does_not_take_an_address_that_is_imported_later(
    desk: Workplace, flags: dict[str, Any]
) -> None:
    register(desk, replace(NEW, user_id="USTRANGER", **flags))
    before = imported(desk)
    assert before.slack_user_id is None
    register(desk, NEW)
    assert known(desk).id == before.id


def test_an_address_that_somebody_has_stays_theirs(workplace: Workplace) -> None:
    register(workplace, replace(NEW, email="DANA@example.com"))
    assert known(workplace).email is None
    assert known(workplace, "UDANA").email == "dana@example.com"


def test_an_address_that_comes_later_and_was_imported_joins_the_two(workplace: Workplace) -> None:
    """First seen without an address; meanwhile somebody imported the address."""
    register(workplace, replace(NEW, email=None))
    met = known(workplace)
    session = workplace.schedule("Dana", attendee_ids=[met.id])
    before = imported(workplace)
    register(workplace, NEW)
    person = known(workplace)
    assert (person.id, person.email) == (before.id, "new@example.com")
    assert roles(workplace) == {("Agent", "Home"), ("Supervisor", "Sales")}
    with workplace.store.read() as tx:
        assert tx.people.get(met.id) is None
        assert tx.appointments.the(session.id).attendee_ids == (person.id,)


def test_an_address_that_changes_hands_in_one_list(workplace: Workplace) -> None:
    register(workplace, NEW)
    moved = replace(NEW, email="moved@example.com")
    register(workplace, moved, replace(NEW, user_id="UNEXT", email="moved@example.com"))
    assert known(workplace).email == "moved@example.com"
    assert known(workplace, "UNEXT").email is None


def test_first_contact_from_many_sides_makes_one_person(workplace: Workplace) -> None:
    gate = Barrier(8)

    def meet(_: int) -> None:
        gate.wait()
        register(workplace, NEW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(meet, range(8)))
    assert [each.person.name for each in coaching.members(workplace.context)].count("New") == 1


def test_preparing_from_many_sides_and_again_changes_nothing(workplace: Workplace) -> None:
    before = workplace.everything()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(coaching.prepare, [workplace.context] * 4))
    assert workplace.everything() == before


def test_a_role_that_an_administrator_changed_is_not_shipped_again(desk: Workplace) -> None:
    with desk.store.begin() as tx:
        tx.people.save_role("Agent", [])
    coaching.prepare(desk.context)
    with desk.refuses(coaching.Invalid, "participate.permission.missing", "attendee_ids"):
        desk.schedule("Dana", "Priya")


def test_accounts_are_mapped_and_unknown_ones_left_out(desk: Workplace) -> None:
    found = coaching.people_by_slack(desk.context, ["UDANA", "UNOBODY", "UPRIYA"])
    assert found == {"UDANA": desk.ids["Dana"], "UPRIYA": desk.ids["Priya"]}


def test_a_channel_is_remembered_once(desk: Workplace) -> None:
    for channel in ("D1", "D1", "D2"):
        coaching.remember_channel(desk.context, desk.ids["Priya"], channel, account="UPRIYA")
    coaching.remember_channel(desk.context, "nobody", "D3", account="UPRIYA")
    entries = desk.audit("person", desk.ids["Priya"])
    assert [each.after for each in entries] == [{"slack_channel": "D1"}, {"slack_channel": "D2"}]


def test_members_are_listed_by_name_with_their_roles(desk: Workplace) -> None:
    found = {
        each.person.name: (each.division, each.roles) for each in coaching.members(desk.context)
    }
    assert list(found) == ["Alex", "Dana", "Grace", "Jonas", "Omar", "Priya", "Sam"]
    assert found["Alex"] == ("Home", (("Administrator", "Home"), ("Administrator", "Sales")))
    assert found["Sam"] == ("Sales", (("Agent", "Sales"),))
