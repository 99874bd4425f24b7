"""Use cases: who holds which role over which divisions, and what each role may (contract, 4.1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Invalid, NotFound
from bot.coaching.ground.permissions import Permission
from bot.coaching.ground.values import Caller
from bot.coaching.office.administering import (
    administered_by_somebody,
    ensure_may_administer,
    ensure_none_is_left,
)
from storage.records import Person
from storage.transaction import Transaction

LONGEST_NAME = 255
PERMISSIONS = frozenset(each.value for each in Permission)


def grant_role(
    context: Context, caller: Caller, *, email: str, role: str, divisions: Sequence[str] = ()
) -> tuple[tuple[str, str], ...]:
    """Give a person a role over these divisions, or over their own where none is named.

    Answers the roles now held, pairs of role and division. Raises NotFound, Invalid, Denied,
    Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        person = _person(tx, email)
        _ensure_role(tx, role)
        where = _divisions(tx, divisions) or frozenset({person.division_id})
        ensure_may_administer(tx, caller, where)
        held = frozenset(tx.people.grants(person.id))
        wanted = held | {(role, each) for each in where}
        return _replace(tx, caller, person, held, wanted, now)


def revoke_role(
    context: Context, caller: Caller, *, email: str, role: str, divisions: Sequence[str] = ()
) -> tuple[tuple[str, str], ...]:
    """Take a role from a person over these divisions, or wherever it is held where none is named.

    Answers the roles still held, pairs of role and division. Raises NotFound, Invalid, Denied,
    Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        person = _person(tx, email)
        _ensure_role(tx, role)
        held = frozenset(tx.people.grants(person.id))
        everywhere = frozenset(division for name, division in held if name == role)
        where = _divisions(tx, divisions) or everywhere
        ensure_may_administer(tx, caller, where)
        wanted = held - {(role, each) for each in where}
        return _replace(tx, caller, person, held, wanted, now)


def role_definitions(context: Context) -> dict[str, list[str]]:
    """Say what each role may do, by name. Raises Unavailable."""
    with context.read() as tx:
        return {name: sorted(each) for name, each in sorted(tx.people.roles().items())}


def load_roles(
    context: Context, caller: Caller, definitions: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Write what each role named may do, in place of what it could; all of them or none.

    A name that is new makes a role; roles that are not named stay as they are. Answers the names
    of those that changed. Raises Invalid, which names every fault, Denied, Unavailable.
    """
    now = context.clock()
    _ensure_no_faults(definitions)
    wanted = {name: frozenset(each) for name, each in definitions.items()}
    with context.begin() as tx:
        ensure_may_administer(tx, caller, frozenset(tx.people.divisions()))
        return define(tx, caller, wanted, now)


def define(
    tx: Transaction, caller: Caller, wanted: Mapping[str, frozenset[str]], now: datetime
) -> tuple[str, ...]:
    """Write what roles may do, and that they changed; answers the names of those that did."""
    before = tx.people.roles()
    changed = [name for name, each in wanted.items() if before.get(name) != each]
    for name in changed:
        tx.people.save_role(name, wanted[name])
        deed = trail.Deed(
            action="define",
            entity="role",
            entity_id=name,
            before=_said(before[name]) if name in before else None,
            after=_said(wanted[name]),
        )
        trail.record(tx, caller, now, deed)
    if changed:
        grants = tx.people.all_grants().items()
        holders = [who for who, held in grants if any(role in changed for role, _ in held)]
        tx.deliveries.outdate_what_was_told(holders, at=now)
    return tuple(changed)


def _said(permissions: frozenset[str]) -> dict[str, Any]:
    return {"permissions": sorted(permissions)}


def _ensure_no_faults(definitions: Mapping[str, Sequence[str]]) -> None:
    faults = [said for name, each in definitions.items() for said in _faults(name, each)]
    if not definitions:
        faults.append("there is no role in it")
    if faults:
        lines = "\n".join(f"  {each}" for each in faults)
        raise Invalid(f"No role was changed. Please correct:\n{lines}", field="roles")


def _faults(name: str, permissions: Sequence[str]) -> list[str]:
    """Say what is wrong with a role's definition."""
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        return [f"a role needs a name of at most {LONGEST_NAME} characters"]
    if isinstance(permissions, str):
        return [f"{name}: write the permissions as a list"]
    return [
        f"{name}: there is no permission “{each}”"
        for each in dict.fromkeys(permissions)
        if each not in PERMISSIONS
    ]


def _person(tx: Transaction, email: str) -> Person:
    """Find a person, locked: two changes of one person's roles come one after the other."""
    person = tx.people.by_email(email.strip()) if email.isprintable() else None
    if person is None:
        raise NotFound("Nobody here has this address.", field="email")
    tx.people.for_change(person.id)
    return person


def _ensure_role(tx: Transaction, role: str) -> None:
    roles = tx.people.roles()
    if role not in roles:
        raise Invalid(
            f"There is no role “{role}”; there are {', '.join(sorted(roles))}.", field="role"
        )


def _divisions(tx: Transaction, names: Sequence[str]) -> frozenset[str]:
    """Give the ids of the divisions of these names, in any case. Raises Invalid."""
    known = {name.lower(): division for division, name in tx.people.divisions().items()}
    for name in names:
        if name.lower() not in known:
            there = ", ".join(sorted(tx.people.divisions().values()))
            raise Invalid(f"There is no division “{name}”; there are {there}.", field="divisions")
    return frozenset(known[each.lower()] for each in names)


def _replace(
    tx: Transaction,
    caller: Caller,
    person: Person,
    held: frozenset[tuple[str, str]],
    wanted: frozenset[tuple[str, str]],
    now: datetime,
) -> tuple[tuple[str, str], ...]:
    names = tx.people.divisions()
    if wanted != held:
        left = administered_by_somebody(tx)
        tx.people.replace_grants(person.id, wanted)
        ensure_none_is_left(tx, left)
        tx.deliveries.outdate_what_was_told([person.id], at=now)
        deed = trail.Deed(
            action="grant" if wanted > held else "revoke",
            entity="person",
            entity_id=person.id,
            before={"grants": sorted(held)},
            after={"grants": sorted(wanted)},
        )
        trail.record(tx, caller, now, deed)
    return tuple(sorted((role, names[where]) for role, where in wanted))
