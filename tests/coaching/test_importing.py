"""People from a spreadsheet: all of them or none, and every fault by row and column."""

from typing import Any

import pytest

from bot import coaching
from bot.coaching import Fault, Imported, ImportRefused, SlackProfile, Source
from tests.coaching.workplace import Workplace

ROW = {"email": "ann@example.com", "name": "Ann"}


def bring(desk: Workplace, *rows: dict[str, Any]) -> Imported:
    caller = desk.caller("Alex", Source.COMMAND_LINE)
    return coaching.import_people(desk.context, caller, rows)


def members(desk: Workplace) -> dict[str, coaching.Member]:
    return {each.person.email or each.person.name: each for each in coaching.members(desk.context)}


def faults(desk: Workplace, *rows: dict[str, Any]) -> list[tuple[int, str]]:
    before = desk.everything()
    with pytest.raises(ImportRefused) as refused:
        bring(desk, *rows)
    assert desk.everything() == before
    assert all(str(each) in refused.value.message for each in refused.value.faults)
    assert refused.value.message.startswith("Nobody was imported. Please correct:\n")
    return [(each.row, each.column) for each in refused.value.faults]


def test_a_person_with_everything(workplace: Workplace) -> None:
    found = bring(
        workplace,
        {
            "email": " Ann@Example.com ",
            "name": "Ann",
            "slack_user_id": "U012AB3CD",
            "timezone": "Asia/Kolkata",
            "roles": "Supervisor; Agent;",
            "divisions": "Österreich; Sales",
            "manager_email": "BO@example.com",
            "working_hours": "Mon-Fri 09:00-17:00",
        },
        {"email": "bo@example.com", "name": "Bo"},
    )
    assert found == Imported(created=2, changed=0, unchanged=0)
    ann, bo = (members(workplace)[f"{name}@example.com"] for name in ("ann", "bo"))
    assert (ann.division, ann.person.timezone, ann.person.slack_user_id) == (
        "Österreich",
        "Asia/Kolkata",
        "U012AB3CD",
    )
    assert ann.roles == (
        ("Agent", "Sales"),
        ("Agent", "Österreich"),
        ("Supervisor", "Sales"),
        ("Supervisor", "Österreich"),
    )
    assert ann.person.manager_id == bo.person.id
    assert ann.person.working_hours == {
        "days": [0, 1, 2, 3, 4],
        "from": "09:00",
        "to": "17:00",
    }
    assert (bo.division, bo.roles) == ("Home", (("Agent", "Home"),))
    entry, managed = workplace.audit("person", ann.person.id)
    assert managed.after == {"manager_id": bo.person.id}
    assert (entry.action, entry.source, entry.actor_id) == (
        "import",
        Source.COMMAND_LINE,
        workplace.ids["Alex"],
    )


def test_a_name_may_have_joiners_between_its_letters(desk: Workplace) -> None:
    bring(desk, ROW | {"name": "Ni\u200clu"})
    assert members(desk)["ann@example.com"].person.name == "Ni\u200clu"


def test_the_same_file_again_changes_nothing(workplace: Workplace) -> None:
    rows = [ROW | {"divisions": "Österreich", "manager_email": "dana@example.com"}]
    bring(workplace, *rows)
    before = workplace.everything()
    assert bring(workplace, *rows) == Imported(created=0, changed=0, unchanged=1)
    assert workplace.everything() == before


def test_what_a_row_leaves_out_stays(workplace: Workplace) -> None:
    row = {"email": "DANA@example.com", "name": "Dana Whitfield"}
    assert bring(workplace, row) == Imported(created=0, changed=1, unchanged=0)
    dana = members(workplace)["dana@example.com"]
    assert (dana.person.name, dana.person.timezone) == ("Dana Whitfield", "America/New_York")
    assert (dana.person.slack_user_id, dana.division) == ("UDANA", "Home")
    assert dana.roles == (("Supervisor", "Home"),)
    [entry] = workplace.audit("person", dana.person.id)
    assert (entry.before, entry.after) == ({"name": "Dana"}, {"name": "Dana Whitfield"})


@pytest.mark.parametrize(
    ("cells", "division", "roles"),
    [
        ({"roles": "Quality Manager"}, "Home", {("Quality Manager", "Home")}),
        ({"divisions": "Sales"}, "Sales", {("Supervisor", "Sales")}),
        (
            {"roles": "Agent", "divisions": "Sales;Home"},
            "Sales",
            {("Agent", "Sales"), ("Agent", "Home")},
        ),
    ],
)
def test_what_a_row_names_replaces(
    desk: Workplace, cells: dict[str, str], division: str, roles: set[tuple[str, str]]
) -> None:
    bring(desk, {"email": "dana@example.com", "name": "Dana"} | cells)
    dana = members(desk)["dana@example.com"]
    assert (dana.division, set(dana.roles)) == (division, roles)


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"email": ""}, "email"),
    ({"email": None}, "email"),
    ({"email": "ann"}, "email"),
    ({"email": "ann@example"}, "email"),
    ({"email": "a n n@example.com"}, "email"),
    ({"email": f"{'x' * 320}@example.com"}, "email"),
    ({"name": " "}, "name"),
    ({"name": "x" * 256}, "name"),
    ({"name": "A\x00nn"}, "name"),
    ({"slack_user_id": "ann"}, "slack_user_id"),
    ({"slack_user_id": "UDANA"}, "slack_user_id"),
    ({"timezone": "GMT+1"}, "timezone"),
    ({"timezone": "London"}, "timezone"),
    ({"roles": "Boss"}, "roles"),
    ({"roles": "Agent;agent"}, "roles"),
    ({"divisions": "x" * 256}, "divisions"),
    ({"divisions": "Sa\x00les"}, "divisions"),
    ({"manager_email": "dana"}, "manager_email"),
    ({"manager_email": "nobody@example.com"}, "manager_email"),
    ({"manager_email": "ann@example.com"}, "manager_email"),
    ({"working_hours": "always"}, "working_hours"),
]


@pytest.mark.parametrize(("cells", "column"), FAULTY)
def test_one_fault_refuses_the_whole_file(
    shared: Workplace, cells: dict[str, Any], column: str
) -> None:
    fine = {"email": "fine@example.com", "name": "Fine", "divisions": "New"}
    assert faults(shared, fine, ROW | cells) == [(3, column)]


def test_every_fault_is_named(desk: Workplace) -> None:
    found = faults(desk, {"email": "x", "name": ""}, ROW, ROW | {"roles": "Boss"}, ROW)
    assert found == [(2, "email"), (2, "name"), (4, "roles")]
    assert faults(desk, ROW, ROW) == [(3, "email")]
    twice = ROW | {"slack_user_id": "U1234"}
    assert faults(desk, twice, twice | {"email": "bo@example.com"}) == [(3, "slack_user_id")]
    assert str(Fault(2, "email", "no")) == "row 2, column email: no"


def test_many_faults_are_counted(desk: Workplace) -> None:
    with pytest.raises(ImportRefused, match="and 5 more") as refused:
        bring(desk, *[{"email": "x", "name": "Ann"}] * 25)
    assert len(refused.value.faults) == 25


def test_one_who_came_through_slack_without_an_address_gets_it(workplace: Workplace) -> None:
    coaching.register(workplace.context, [SlackProfile(user_id="UANN", name="ann")])
    found = bring(workplace, ROW | {"slack_user_id": "UANN"})
    assert found == Imported(created=0, changed=1, unchanged=0)
    assert members(workplace)["ann@example.com"].person.slack_user_id == "UANN"


def test_who_was_met_without_an_address_is_the_one_who_was_imported_by_it(
    workplace: Workplace,
) -> None:
    coaching.register(workplace.context, [SlackProfile(user_id="UANN", name="ann")])
    bring(workplace, ROW)
    bring(workplace, ROW | {"slack_user_id": "UANN"})
    [ann] = [
        each.person
        for each in coaching.members(workplace.context)
        if each.person.name.lower() == "ann"
    ]
    assert (ann.email, ann.slack_user_id) == ("ann@example.com", "UANN")


def test_two_who_are_at_work_are_not_made_one_by_a_file(workplace: Workplace) -> None:
    """The address is one person's and the account another's."""
    coaching.register(workplace.context, [SlackProfile(user_id="UANN", name="ann")])
    bring(workplace, ROW | {"slack_user_id": "UOTHER"})
    assert faults(workplace, ROW | {"slack_user_id": "UANN"}) == [(2, "slack_user_id")]
