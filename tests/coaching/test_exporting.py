"""Everybody as a file: imported again it changes nothing, elsewhere it makes the same people."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Caller, Context, Imported, SlackProfile, Source
from bot.coaching.office.import_cells import read_names, read_role, write_names, write_role
from bot.coaching.policy.policies import Policy
from storage import models
from storage.transaction import Store
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles, opened

OPERATOR = Caller("", Source.COMMAND_LINE)
ROLES = ("Agent", "Supervisor", "Quality Manager", "Administrator")
SIGNS = st.sampled_from('abÉé;"(),:= ')
NAMES = st.text(SIGNS, min_size=1, max_size=8).map(lambda each: " ".join(each.split()))
NAME = NAMES.filter(bool)
HOURS = st.builds(
    lambda days: {"days": sorted(days), "from": "09:30", "to": "18:00"},
    st.sets(st.integers(0, 6), min_size=1),
)


@dataclass(frozen=True)
class Somebody:
    """A person to be; divisions and the manager are numbers in lists of them."""

    name: str
    own: int
    grants: frozenset[tuple[str, int]]
    hours: dict[str, Any] | None
    manager: int


SOMEBODY = st.builds(
    Somebody,
    NAME,
    st.integers(0, 2),
    st.frozensets(st.tuples(st.sampled_from(ROLES), st.integers(0, 2)), max_size=5),
    st.none() | HOURS,
    st.integers(0, 5),
)
Fresh = Callable[[], AbstractContextManager[Context]]


@pytest.fixture
def fresh(sqlite_files: SqliteFiles, tmp_path: Path, clock: FrozenClock) -> Fresh:
    """Make an installation that knows nobody."""

    @contextmanager
    def make() -> Iterator[Context]:
        with sqlite_files.address(tmp_path) as address, opened(address) as store:
            context = Context(store=store, clock=clock, policy=Policy())
            coaching.prepare(context)
            yield context

    return make


def fill(store: Store, people: list[Somebody], divisions: list[str]) -> None:
    """Write people with whatever roles they hold, whoever could have given them."""
    with store.begin() as tx:
        places = [tx.people.ensure_division(each) for each in divisions]
        rows = []
        for number, each in enumerate(people):
            row = models.Person(
                name=each.name,
                email=f"p{number}@example.com",
                slack_user_id=f"U0{number}" if number % 2 else None,
                division_id=places[each.own % len(places)],
                working_hours=each.hours,
            )
            tx.people.add(row)
            held = {(role, places[where % len(places)]) for role, where in each.grants}
            tx.people.replace_grants(row.id, held)
            rows.append(row)
        for row, each in zip(rows, people, strict=True):
            boss = rows[each.manager % len(rows)]
            row.manager_id = boss.id if boss is not row else None


def known(context: Context) -> list[tuple[object, ...]]:
    """Everybody, without the ids that a database gave them."""
    everybody = coaching.members(context)
    addresses = {each.person.id: each.person.email for each in everybody}
    return [
        (
            each.person.name,
            each.person.email,
            each.person.slack_user_id,
            each.person.timezone,
            each.person.working_hours,
            addresses.get(each.person.manager_id or ""),
            each.division,
            each.roles,
        )
        for each in sorted(everybody, key=lambda member: member.person.email or "")
    ]


@settings(max_examples=15)
@given(
    people=st.lists(SOMEBODY, min_size=1, max_size=4),
    divisions=st.lists(NAME, min_size=1, max_size=3, unique_by=str.lower),
)
def test_what_is_exported_is_imported_as_it_was(
    fresh: Fresh, people: list[Somebody], divisions: list[str]
) -> None:
    with fresh() as here, fresh() as elsewhere:
        fill(here.store, people, divisions)
        before = known(here)
        rows = coaching.export_people(here).rows
        assert coaching.import_people(here, OPERATOR, rows) == Imported(
            created=0, changed=0, unchanged=len(people)
        )
        assert known(here) == before
        made = coaching.import_people(elsewhere, OPERATOR, rows)
        assert made == Imported(created=len(people), changed=0, unchanged=0)
        assert known(elsewhere) == before
        assert coaching.export_people(elsewhere).rows == rows


@given(st.lists(NAME, unique=True))
def test_names_in_a_cell_are_read_as_they_were_written(names: list[str]) -> None:
    assert read_names(write_names(names)) == tuple(names)


@given(st.sets(NAME, min_size=1), NAME, st.data())
def test_a_role_in_a_division_is_read_as_it_was_written(
    roles: set[str], division: str, data: st.DataObject
) -> None:
    role = data.draw(st.sampled_from(sorted(roles)))
    said = write_role(role, division)
    if not any(said.startswith(f"{each} (") for each in roles - {role}) and said not in roles:
        assert read_role(said, roles) == (role, division)
    assert read_role("nothing of the kind", roles) is None


def test_a_division_is_known_again_whatever_its_letters(workplace: Workplace) -> None:
    row = {"email": "ann@example.com", "name": "Ann", "divisions": "Österreich;ÉTÉ"}
    coaching.import_people(workplace.context, OPERATOR, [row])
    again = coaching.import_people(workplace.context, OPERATOR, [row])
    assert again == Imported(created=0, changed=0, unchanged=1)


def test_who_has_no_place_in_a_file_is_counted(desk: Workplace) -> None:
    coaching.register(
        desk.context,
        [
            SlackProfile(user_id="U0NEW", name="New"),
            SlackProfile(user_id="U0OLD", name="Old", email="old@x.example", is_deactivated=True),
        ],
    )
    exported = coaching.export_people(desk.context)
    assert exported.left_out == 2
    assert {row["name"] for row in exported.rows}.isdisjoint({"New", "Old"})


@pytest.mark.parametrize("row", [{"roles": "none"}, {"name": "Ann Other", "divisions": "New"}])
def test_a_trial_says_what_would_be_and_changes_nothing(
    desk: Workplace, row: dict[str, str]
) -> None:
    rows = [
        {"email": "ann@example.com", "name": "Ann", "divisions": "Elsewhere"},
        {"email": "priya@example.com", "name": "Priya", **row},
        {"email": "dana@example.com", "name": "Dana"},
    ]
    before = desk.everything()
    seen: list[int] = []
    tried = coaching.import_people(desk.context, OPERATOR, rows, is_trial=True, watch=seen.append)
    assert desk.everything() == before
    assert (tried.outcomes, seen) == (("created", "changed", "unchanged"), [1, 2, 3])
    assert coaching.import_people(desk.context, OPERATOR, rows) == tried
    assert desk.everything() != before
