"""Use case: everybody as the file that an import takes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.coaching.ground.context import Context
from bot.coaching.office.import_cells import NO_ROLE, write_names, write_role
from bot.coaching.times.working_hours import say_working_hours
from storage.records import Person
from storage.types import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The rows of a file, and how many people have no place in it."""

    rows: tuple[dict[str, str], ...]
    left_out: int
    """Who has no address, or does not work here any more."""


def export_people(context: Context) -> Exported:
    """Give everybody at work who has an address, sorted by it, in the columns of the import.

    Imported again it changes nothing; imported elsewhere it makes the same people. Raises
    Unavailable.
    """
    with context.read() as tx:
        everybody, grants = tx.people.all(), tx.people.all_grants()
        divisions = tx.people.divisions()
    people = {each.id: each for each in everybody if _has_a_row(each)}
    rows = tuple(
        {
            "email": each.email or "",
            "name": each.name,
            "slack_user_id": each.slack_user_id or "",
            "timezone": each.timezone,
            **_roles(each, grants.get(each.id, ()), divisions),
            "manager_email": _address(people.get(each.manager_id or "")),
            "working_hours": say_working_hours(each.working_hours).replace("–", "-"),
        }
        for each in sorted(people.values(), key=lambda person: person.email or "")
    )
    return Exported(rows=rows, left_out=len(everybody) - len(rows))


def _has_a_row(person: Person) -> bool:
    return bool(person.email) and person.standing is Standing.MEMBER


def _address(person: Person | None) -> str:
    return (person.email or "") if person else ""


def _roles(
    person: Person, held: Collection[tuple[str, str]], divisions: Mapping[str, str]
) -> dict[str, str]:
    """Write roles beside divisions where each holds in each, and otherwise each with its own."""
    own = divisions[person.division_id]
    pairs = {(role, divisions[where]) for role, where in held}
    roles, places = sorted({role for role, _ in pairs}), {where for _, where in pairs}
    if own in places and len(pairs) == len(roles) * len(places):
        named = [own, *sorted(places - {own})]
        return {"roles": write_names(roles), "divisions": write_names(named)}
    each = [write_role(*pair) for pair in sorted(pairs)] or [NO_ROLE]
    return {"roles": write_names(each), "divisions": write_names([own])}
