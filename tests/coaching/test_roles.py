"""Roles: who may give and take them, and that definitions change all together or not at all."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from bot import coaching
from bot.coaching import Caller, Denied, Invalid, NotFound, Source
from tests.coaching.workplace import Workplace

OPERATOR: Final = Caller("", Source.COMMAND_LINE)
Held = tuple[tuple[str, str], ...]


def grant(office: Workplace, who: str, role: str, *divisions: str, by: Caller = OPERATOR) -> Held:
    email = f"{who}@example.com"
    return coaching.grant_role(office.context, by, email=email, role=role, divisions=divisions)


def revoke(office: Workplace, who: str, role: str, *divisions: str, by: Caller = OPERATOR) -> Held:
    email = f"{who}@example.com"
    return coaching.revoke_role(office.context, by, email=email, role=role, divisions=divisions)


def held(office: Workplace, who: str) -> Held:
    [member] = [each for each in coaching.members(office.context) if each.person.name == who]
    return member.roles


def test_a_role_is_given_over_divisions_and_taken_back(workplace: Workplace) -> None:
    assert grant(workplace, "Priya", "Supervisor") == (("Agent", "Home"), ("Supervisor", "Home"))
    everywhere = (("Agent", "Home"), ("Supervisor", "Home"), ("Supervisor", "Sales"))
    assert grant(workplace, "Priya", "Supervisor", "sales", "HOME") == everywhere
    assert (
        grant(workplace, "Priya", "Supervisor", "Sales") == everywhere == held(workplace, "Priya")
    )
    workplace.schedule("Priya", "Jonas", "Sam")
    assert revoke(workplace, "Priya", "Supervisor", "Sales") == everywhere[:2]
    with workplace.refuses(Invalid, "no.permission.for.requested.users", "attendee_ids"):
        workplace.schedule("Priya", "Jonas", "Sam")
    grant(workplace, "Priya", "Supervisor", "Sales")
    assert revoke(workplace, "Priya", "Supervisor") == (("Agent", "Home"),)
    assert revoke(workplace, "Priya", "Supervisor") == (("Agent", "Home"),)
    trail = workplace.audit("person", workplace.ids["Priya"])
    assert [each.action for each in trail] == ["grant", "grant", "revoke", "grant", "revoke"]
    assert [len((each.after or {})["grants"]) for each in trail] == [2, 3, 2, 3, 1]
    assert {each.source for each in trail} == {Source.COMMAND_LINE}


@pytest.mark.parametrize("act", [grant, revoke])
def test_what_is_not_there_is_named(workplace: Workplace, act: Callable[..., Held]) -> None:
    with workplace.refuses(NotFound, "not.found", "email"):
        act(workplace, "nobody", "Agent")
    with workplace.refuses(NotFound, "not.found", "email"):
        act(workplace, "a\x00b", "Agent")
    with workplace.refuses(Invalid, "validation.error", "role") as role:
        act(workplace, "Priya", "Boss")
    with workplace.refuses(Invalid, "validation.error", "divisions") as division:
        act(workplace, "Priya", "Agent", "Home", "Moon")
    assert "“Boss”" in role.value.message
    assert "“Moon”" in division.value.message


@pytest.mark.parametrize("act", [grant, revoke])
def test_a_person_needs_to_be_administrator_of_every_division_concerned(
    workplace: Workplace, act: Callable[..., Held]
) -> None:
    workplace.grant("Grace", ("Administrator", "Home"), ("Supervisor", "Sales"))
    workplace.grant("Priya", ("Agent", "Home"), ("Agent", "Sales"))
    for who in ("Dana", "Priya", "Grace"):
        with workplace.refuses(Denied, "missing.permissions"):
            act(workplace, "Priya", "Agent", "Home", "Sales", by=workplace.caller(who))
    with workplace.refuses(Denied, "missing.permissions"):
        act(workplace, "Priya", "Agent", by=Caller("", Source.REST))
    act(workplace, "Priya", "Agent", "Home", by=workplace.caller("Grace"))
    act(workplace, "Priya", "Agent", "Home", "Sales", by=workplace.caller("Alex"))


def load(office: Workplace, definitions: dict[str, Any], by: Caller = OPERATOR) -> tuple[str, ...]:
    return coaching.load_roles(office.context, by, definitions)


def roles(office: Workplace) -> dict[str, frozenset[str]]:
    with office.store.read() as tx:
        return tx.people.roles()


def test_definitions_are_replaced_and_those_not_named_stay(workplace: Workplace) -> None:
    before = roles(workplace)
    view, participate = "coaching:appointment:view", "coaching:appointment:participate"
    wanted = {"Agent": [participate, view], "Auditor": [view], "Supervisor": before["Supervisor"]}
    assert load(workplace, wanted) == ("Agent", "Auditor")
    assert load(workplace, wanted) == ()
    changed = {"Agent": frozenset({participate, view}), "Auditor": frozenset({view})}
    assert roles(workplace) == before | changed
    made = workplace.schedule("Dana", "Jonas")
    assert coaching.find(workplace.context, workplace.caller("Priya"), made.id) == made
    coaching.prepare(workplace.context)
    assert roles(workplace) == before | changed
    said = [(each.before, each.after) for each in workplace.audit("role", "Agent")]
    assert said[1:] == [
        ({"permissions": [participate]}, {"permissions": sorted([participate, view])})
    ]


@pytest.mark.parametrize(
    ("definitions", "said"),
    [
        ({}, "there is no role in it"),
        ({"Agent": [], "Boss": ["coaching:all"]}, "Boss: there is no permission “coaching:all”"),
        ({"Agent": [], "Boss": "coaching:appointment:view"}, "Boss: write the permissions"),
        ({"Agent": [], " ": []}, "a role needs a name"),
        ({"Agent": [], "x" * 256: []}, "a role needs a name"),
    ],
)
def test_one_fault_and_no_role_is_changed(
    workplace: Workplace, definitions: dict[str, Any], said: str
) -> None:
    before = workplace.everything()
    with pytest.raises(Invalid) as refused:
        load(workplace, definitions)
    assert said in refused.value.message
    assert (refused.value.code, refused.value.field) == ("validation.error", "roles")
    assert workplace.everything() == before


def test_only_who_administers_everything_defines_roles(workplace: Workplace) -> None:
    workplace.grant("Grace", ("Administrator", "Home"))
    for who in ("Dana", "Grace"):
        with workplace.refuses(Denied, "missing.permissions"):
            load(workplace, {"Agent": []}, by=workplace.caller(who))
    assert load(workplace, {"Agent": []}, by=workplace.caller("Alex")) == ("Agent",)
