"""Use case: an administrator changes a person of their divisions, in one transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied, Invalid, NotFound
from bot.coaching.ground.permissions import ADMINISTRATOR
from bot.coaching.ground.unset import UNSET, Unset
from bot.coaching.ground.values import Caller
from bot.coaching.office.administering import (
    ADMINISTRATORS,
    Office,
    ensure_somebody_stays,
    find_administered,
    is_in,
    office_of,
)
from bot.coaching.sessions.planning_anew import PLANS, note_person
from bot.coaching.times.working_hours import read_working_hours
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Standing

LONGEST_LINE = 50
"""How many managers above somebody are looked through."""

Grants = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanges:
    """What to change about a person; a field left UNSET stays."""

    division_id: str | Unset = UNSET
    working_hours: str | Unset = UNSET
    """`Mon–Fri 09:00–17:00`; empty for the usual hours."""
    manager_id: str | Unset | None = UNSET
    grants: Collection[tuple[str, str]] | Unset = UNSET
    """All roles over the divisions administered, pairs of role and division id; roles over other
    divisions are left alone."""


def change_person(
    context: Context, caller: Caller, person_id: str, changes: PersonChanges
) -> tuple[str, ...]:
    """Change a person of the divisions administered; answers the names of what changed.

    Both the old division and the new one must be administered, nobody is made their own manager,
    and no division is left without an administrator. Raises Denied, NotFound, Invalid, Conflict,
    Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        tx.people.hold([ADMINISTRATORS, PLANS])
        office = office_of(tx, caller)
        person = find_administered(tx, office, person_id)
        held = frozenset(tx.people.grants(person.id))
        wanted = _facts(tx, office, person, changes)
        if not isinstance(changes.grants, Unset):
            wanted["grants"] = _granted(tx, office, person, held, frozenset(changes.grants))
        before = {name: getattr(person, name, None) for name in wanted}
        old, new = trail.difference(before | {"grants": sorted(held)}, wanted)
        if new:
            _write(tx, person.id, new)
            if new.keys() & {"grants", "division_id"}:
                tx.deliveries.outdate_what_was_told([person.id], at=now)
            if "working_hours" in new:
                note_person(tx, person, hours_decided=True, now=now)
            deed = trail.Deed(
                action="change", entity="person", entity_id=person.id, before=old, after=new
            )
            trail.record(tx, caller, now, deed)
    return tuple(new)


def _write(tx: Transaction, person_id: str, new: dict[str, Any]) -> None:
    row = tx.people.for_change(person_id)
    for name, value in new.items():
        if name == "grants":
            tx.people.replace_grants(person_id, value)
        else:
            setattr(row, name, value)
    tx.people.flush()


def _facts(
    tx: Transaction, office: Office, person: Person, changes: PersonChanges
) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if not isinstance(changes.division_id, Unset):
        wanted["division_id"] = _division(office, changes.division_id)
    if not isinstance(changes.working_hours, Unset):
        wanted["working_hours"] = _hours(changes.working_hours)
    if not isinstance(changes.manager_id, Unset):
        wanted["manager_id"] = _manager(tx, office, person, changes.manager_id)
    return wanted


def _division(office: Office, division_id: str) -> str:
    if division_id not in office.divisions:
        raise NotFound("That division isn’t there, or isn’t yours.", field="division_id")
    return division_id


def _hours(text: str) -> dict[str, Any] | None:
    if not text.strip():
        return None
    hours = read_working_hours(text)
    if hours is None:
        raise Invalid("Write the hours as Mon–Fri 09:00–17:00.", field="working_hours")
    return hours


def _manager(tx: Transaction, office: Office, person: Person, manager_id: str | None) -> str | None:
    """Check who is to be the manager; nobody stands above themselves, not even by a detour."""
    if manager_id is None or manager_id == person.manager_id:
        return manager_id
    manager = tx.people.get(manager_id) if manager_id.isprintable() else None
    if manager is None or not is_in(office, manager) or manager.standing is not Standing.MEMBER:
        raise Invalid("Pick somebody who is in a division of yours.", field="manager_id")
    above: Person | None = manager
    for _ in range(LONGEST_LINE):
        if above is not None and above.id == person.id:
            raise Invalid("Nobody can be their own manager.", field="manager_id")
        above = tx.people.get(above.manager_id) if above and above.manager_id else None
    return manager_id


def _granted(
    tx: Transaction, office: Office, person: Person, held: Grants, asked: Grants
) -> list[tuple[str, str]]:
    """The roles held afterwards: what was asked here, and what is held elsewhere."""
    if not {where for _, where in asked} <= set(office.divisions):
        raise Denied("Only an administrator of the division can change who may do what there.")
    unknown = {role for role, _ in asked} - set(tx.people.roles())
    if unknown:
        raise Invalid("One of these roles isn’t there any more.", field="grants")
    wanted = asked | {(role, where) for role, where in held if where not in office.divisions}
    left = {where for role, where in held - wanted if role == ADMINISTRATOR}
    ensure_somebody_stays(tx, left, person.id)
    return sorted(wanted)
