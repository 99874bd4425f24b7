"""Administrators: what they see and change stays within the divisions that they administer."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from bot import coaching
from bot.coaching import (
    UNSET,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    PeopleQuery,
    PersonChanges,
)
from bot.coaching.ground.permissions import Permission
from bot.coaching.office.role_pages import GROUPS
from bot.coaching.times.working_hours import read_working_hours, say_working_hours
from storage.types import Standing
from tests.coaching.workplace import Workplace

NAMES: Final = ("Dana", "Grace", "Priya", "Jonas", "Omar", "Sam", "Alex")


def division(office: Workplace, name: str) -> str:
    with office.store.begin() as tx:
        return tx.people.ensure_division(name)


def people(office: Workplace, by: str, **asked: Any) -> coaching.PeoplePage:
    return coaching.people_page(office.context, office.caller(by), PeopleQuery(**asked))


def names(page: coaching.PeoplePage) -> list[str]:
    return [each.name for each in page.people.entities]


def person(office: Workplace, by: str, name: str) -> coaching.PersonPage:
    return coaching.person_page(office.context, office.caller(by), office.ids[name])


def change(office: Workplace, by: str, name: str, **changes: Any) -> tuple[str, ...]:
    return coaching.change_person(
        office.context, office.caller(by), office.ids[name], PersonChanges(**changes)
    )


def held(office: Workplace, name: str) -> set[tuple[str, str]]:
    with office.store.read() as tx:
        where = tx.people.divisions()
        return {(role, where[each]) for role, each in tx.people.grants(office.ids[name])}


@pytest.fixture
def grace(workplace: Workplace) -> Workplace:
    """Grace administers Home alone."""
    workplace.grant("Grace", ("Administrator", "Home"), ("Supervisor", "Sales"))
    return workplace


def test_people_are_searched_by_name_address_and_division(workplace: Workplace) -> None:
    assert names(people(workplace, "Alex")) == sorted(NAMES)
    assert names(people(workplace, "Alex", words="AN example")) == ["Dana"]
    assert names(people(workplace, "Alex", words="sam@EXAMPLE")) == ["Sam"]
    assert names(people(workplace, "Alex", words="100%_\x00")) == []
    sales = people(workplace, "Alex", division_id=division(workplace, "Sales"))
    assert names(sales) == ["Omar", "Sam"]
    assert [each.roles for each in sales.people.entities] == [("Supervisor",), ("Agent",)]
    last = people(workplace, "Alex", page_number=9, page_size=3)
    assert (names(last), last.people.page_number, last.people.total) == (["Sam"], 3, 7)


def test_apps_are_left_out_and_who_was_a_member_is_marked(workplace: Workplace) -> None:
    for standing in Standing:
        workplace.hire(f"Q{standing.value}", division="Home", standing=standing)
    shown = people(workplace, "Alex", words="q")
    found = {
        each.name: (each.is_deactivated, bool(each.no_member)) for each in shown.people.entities
    }
    assert found == {
        f"Q{Standing.MEMBER.value}": (False, False),
        f"Q{Standing.DEACTIVATED.value}": (True, False),
        f"Q{Standing.EXTERNAL.value}": (False, True),
        f"Q{Standing.GUEST.value}": (False, True),
    }


@settings(max_examples=40)
@given(st.data())
def test_what_an_administrator_sees_never_contains_other_divisions(
    desk: Workplace, data: st.DataObject
) -> None:
    """Every page is told apart only by what belongs to the administrator's own divisions."""
    secret = division(desk, "Secretariat")
    if "Zoltan" not in desk.ids:
        desk.hire("Zoltan", division="Secretariat")
    roles = st.lists(st.sampled_from(("Agent", "Supervisor", "Administrator")), max_size=2)
    where = st.sampled_from(("Home", "Sales", "Secretariat"))
    for name in ("Priya", "Jonas", "Zoltan"):
        desk.grant(name, *((role, data.draw(where)) for role in set(data.draw(roles))))
        with desk.store.begin() as tx:
            row = tx.people.for_change(desk.ids[name])
            assert row
            row.manager_id = data.draw(st.sampled_from((None, desk.ids["Zoltan"])))
    desk.grant("Grace", ("Administrator", "Home"), ("Supervisor", "Secretariat"))
    words = data.draw(st.sampled_from(("", "z", "zoltan", "secret", "a")))
    seen = [people(desk, "Grace", words=words), people(desk, "Grace", division_id=secret)]
    said = repr([each.people.entities for each in seen])
    said += repr(
        [seen[0].divisions, person(desk, "Grace", "Priya"), person(desk, "Grace", "Jonas")]
    )
    said += repr(coaching.divisions_page(desk.context, desk.caller("Grace")))
    said += repr(coaching.division_choices(desk.context, desk.caller("Grace")))
    said += repr(coaching.role_choices(desk.context, desk.caller("Grace"), desk.ids["Priya"]))
    assert not any(each in said for each in ("Zoltan", "ZOLTAN", "Secret", secret))
    assert desk.ids["Zoltan"] not in said
    assert seen[1].people.total == 0


def test_who_is_elsewhere_is_as_if_not_there(grace: Workplace) -> None:
    nobody = coaching.Caller("nobody", coaching.Source.SLACK)
    told = set()
    for person_id in (grace.ids["Sam"], "nobody", "a\x00b"):
        with grace.refuses(NotFound, "not.found") as refused:
            coaching.change_person(
                *(grace.context, grace.caller("Grace"), person_id), PersonChanges(division_id="x")
            )
        told.add(refused.value.message)
        with pytest.raises(NotFound) as hidden:
            coaching.person_page(grace.context, grace.caller("Grace"), person_id)
        told.add(hidden.value.message)
    assert len(told) == 1
    with grace.refuses(Denied, "missing.permissions"):
        coaching.person_page(grace.context, nobody, grace.ids["Sam"])


def test_a_person_is_changed_in_one_go_and_written_down(grace: Workplace) -> None:
    home = division(grace, "Home")
    grace.grant("Priya", ("Agent", "Home"), ("Supervisor", "Sales"))
    wanted = {
        "working_hours": "Mon–Wed, Sat 10:00–14:00",
        "manager_id": grace.ids["Dana"],
        "grants": {("Supervisor", home), ("Agent", home)},
    }
    assert set(change(grace, "Grace", "Priya", **wanted)) == set(wanted)
    assert change(grace, "Grace", "Priya", **wanted) == ()
    assert held(grace, "Priya") == {
        ("Agent", "Home"),
        ("Supervisor", "Home"),
        ("Supervisor", "Sales"),
    }
    page = person(grace, "Grace", "Priya")
    assert (page.working_hours, page.manager) == ("Mon–Wed, Sat 10:00–14:00", "Dana")
    [entry] = grace.audit("person", grace.ids["Priya"])
    assert (entry.action, entry.actor_id) == ("change", grace.ids["Grace"])
    assert set(entry.after or {}) == set(entry.before or {}) == set(wanted)
    assert change(grace, "Grace", "Priya", working_hours=" ", manager_id=None) != ()
    page = person(grace, "Grace", "Priya")
    assert (page.working_hours, page.manager) == ("", None)


def test_both_divisions_must_be_administered(grace: Workplace) -> None:
    home, sales = division(grace, "Home"), division(grace, "Sales")
    with grace.refuses(NotFound, "not.found", "division_id"):
        change(grace, "Grace", "Priya", division_id=sales)
    with grace.refuses(NotFound, "not.found"):
        change(grace, "Grace", "Sam", division_id=home)
    with grace.refuses(Denied, "missing.permissions"):
        change(grace, "Grace", "Priya", grants={("Agent", sales)})
    assert change(grace, "Alex", "Priya", division_id=sales) == ("division_id",)


def test_what_cannot_be_is_refused(workplace: Workplace) -> None:
    home = division(workplace, "Home")
    for changes, field in (
        ({"working_hours": "Mon-Fri 25:00-26:00"}, "working_hours"),
        ({"manager_id": workplace.ids["Priya"]}, "manager_id"),
        ({"manager_id": "nobody"}, "manager_id"),
        ({"grants": {("Boss", home)}}, "grants"),
    ):
        with workplace.refuses(Invalid, "validation.error", field):
            change(workplace, "Alex", "Priya", **changes)
    change(workplace, "Alex", "Dana", manager_id=workplace.ids["Grace"])
    change(workplace, "Alex", "Grace", manager_id=workplace.ids["Priya"])
    with workplace.refuses(Invalid, "validation.error", "manager_id") as refused:
        change(workplace, "Alex", "Priya", manager_id=workplace.ids["Dana"])
    assert refused.value.message == "Nobody can be their own manager."


def test_a_manager_elsewhere_can_be_neither_seen_nor_chosen(grace: Workplace) -> None:
    with grace.refuses(Invalid, "validation.error", "manager_id"):
        change(grace, "Grace", "Priya", manager_id=grace.ids["Omar"])
    change(grace, "Alex", "Priya", manager_id=grace.ids["Omar"])
    page = person(grace, "Grace", "Priya")
    assert (page.manager, page.manager_account, page.manager_is_elsewhere) == (None, None, True)
    assert change(grace, "Grace", "Priya", manager_id=UNSET) == ()


def test_no_division_is_left_without_an_administrator(workplace: Workplace) -> None:
    with workplace.refuses(Conflict, "administrator.last", "grants") as refused:
        change(workplace, "Alex", "Alex", grants=())
    assert "Nobody else administers Home" in refused.value.message
    home = division(workplace, "Home")
    change(workplace, "Alex", "Dana", grants={("Administrator", home)})
    workplace.hire(
        "Gone", division="Sales", roles=("Administrator",), standing=Standing.DEACTIVATED
    )
    with workplace.refuses(Conflict, "administrator.last", "grants") as refused:
        change(workplace, "Alex", "Alex", grants=())
    assert "Nobody else administers Sales" in refused.value.message
    sales = division(workplace, "Sales")
    assert change(workplace, "Alex", "Alex", grants={("Administrator", sales)}) == ("grants",)
    with workplace.refuses(Conflict, "administrator.last", "grants"):
        change(workplace, "Dana", "Dana", grants=())


PAGES: Final[tuple[Callable[[Workplace, str], object], ...]] = (
    people,
    lambda office, by: person(office, by, "Priya"),
    lambda office, by: change(office, by, "Priya", working_hours=""),
    lambda office, by: coaching.divisions_page(office.context, office.caller(by)),
    lambda office, by: coaching.rename_division(office.context, office.caller(by), "x", "y"),
    lambda office, by: coaching.add_division(office.context, office.caller(by), "y"),
    lambda office, by: coaching.roles_page(office.context, office.caller(by)),
    lambda office, by: coaching.role_page(office.context, office.caller(by), "Agent"),
    lambda office, by: coaching.change_role(office.context, office.caller(by), "Agent", []),
    lambda office, by: coaching.policies_page(office.context, office.caller(by)),
    lambda office, by: coaching.policy_line(office.context, office.caller(by), "undo_seconds"),
    lambda office, by: coaching.decide_policy(
        office.context, office.caller(by), "undo_seconds", "9"
    ),
)


@pytest.mark.parametrize("act", PAGES)
def test_everybody_else_is_told_one_thing(
    desk: Workplace, act: Callable[[Workplace, str], object]
) -> None:
    for who in ("Priya", "Dana", "Grace"):
        with desk.refuses(Denied, "missing.permissions") as refused:
            act(desk, who)
        assert refused.value.message.startswith("This page is for administrators.")
    desk.grant("Alex", ("Agent", "Home"))
    with pytest.raises(Denied) as nobody:
        act(desk, "Priya")
    assert "coachbot people grant EMAIL Administrator" in nobody.value.message


@pytest.mark.parametrize("act", PAGES[5:])
def test_what_is_for_everybody_needs_every_division(
    grace: Workplace, act: Callable[[Workplace, str], object]
) -> None:
    with grace.refuses(Denied, "missing.permissions"):
        act(grace, "Grace")
    act(grace, "Alex")


def test_divisions_are_added_counted_and_renamed(grace: Workplace) -> None:
    alex, caller = grace.caller("Alex"), grace.caller("Grace")
    made = coaching.add_division(grace.context, alex, "  North   West ")
    page = coaching.divisions_page(grace.context, alex)
    found = [(each.name, each.people) for each in page.divisions]
    assert found == [("Home", 5), ("North West", 0), ("Sales", 2)]
    mine = coaching.divisions_page(grace.context, caller)
    assert [each.name for each in mine.divisions] == ["Home"]
    with grace.refuses(NotFound, "not.found", "name"):
        coaching.rename_division(grace.context, caller, made, "Mine")
    for name in ("", " ", "x" * 256, "a\x07b"):
        with grace.refuses(Invalid, "validation.error", "name"):
            coaching.rename_division(grace.context, alex, made, name)
    for name in ("sales", "HOME"):
        with grace.refuses(Conflict, "appointment.state.conflict", "name"):
            coaching.rename_division(grace.context, alex, made, name)
        with grace.refuses(Conflict, "appointment.state.conflict", "name"):
            coaching.add_division(grace.context, alex, name)
    coaching.rename_division(grace.context, alex, made, "north west")
    coaching.rename_division(grace.context, alex, made, "north west")
    assert [each.action for each in grace.audit("division", made)] == ["add", "rename"]


def test_what_a_role_may_do_is_shown_and_written(workplace: Workplace) -> None:
    alex = workplace.caller("Alex")
    page = coaching.role_page(workplace.context, alex, "Agent")
    shown = [each for group in page.groups for each in group.choices]
    assert sorted(each.permission for each in shown) == sorted(Permission)
    assert all(len(group.choices) <= 10 for group in page.groups)
    allowed = {each.permission for each in shown if each.is_allowed}
    assert not coaching.change_role(workplace.context, alex, "Agent", allowed)
    assert coaching.change_role(workplace.context, alex, "Agent", allowed | {shown[1].permission})
    lines = coaching.roles_page(workplace.context, alex)
    assert next(each for each in lines if each.name == "Agent").allowed == len(allowed) + 1
    with workplace.refuses(NotFound, "not.found"):
        coaching.change_role(workplace.context, alex, "Boss", [])
    with workplace.refuses(Invalid, "validation.error", "permissions"):
        coaching.change_role(workplace.context, alex, "Agent", ["coaching:everything:do"])
    assert {each for group in GROUPS.values() for each in group} == set(Permission)


@pytest.mark.parametrize("count", [1, 40])
def test_a_page_takes_as_many_queries_for_few_as_for_many(desk: Workplace, count: int) -> None:
    for number in range(count):
        desk.hire(f"Person {number}", division=f"Division {number}")
    seen: list[str] = []
    engine = desk.store.database.engine

    def noted(*args: Any) -> None:
        seen.append(args[2])

    event.listen(engine, "before_cursor_execute", noted)
    try:
        people(desk, "Alex")
    finally:
        event.remove(engine, "before_cursor_execute", noted)
    assert len([each for each in seen if each.startswith("SELECT")]) == 7


days = st.sets(st.integers(0, 6), min_size=1).map(sorted)
times = st.times().map(lambda moment: f"{moment:%H:%M}")


@given(days, times, times)
def test_working_hours_are_said_as_they_are_read(worked: list[int], one: str, other: str) -> None:
    if one == other:
        return
    hours = {"days": worked, "from": min(one, other), "to": max(one, other)}
    assert read_working_hours(say_working_hours(hours)) == hours
