"""Who administers what: the rule that everything an administrator does begins with (contract, 4.1).

The command line acts for the organisation; a person needs the Administrator role over every
division that is concerned.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.coaching.ground.errors import Conflict, Denied, NotFound
from bot.coaching.ground.permissions import ADMINISTRATOR
from bot.coaching.ground.values import Caller
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Source, Standing

ADMINISTRATORS: Final = "administrators"
"""What is held while roles and divisions change, so that no two changes leave nobody in charge."""
SHOWN: Final = frozenset({Standing.MEMBER, Standing.DEACTIVATED})
SHOWN_WITH_ROLES: Final = frozenset({Standing.EXTERNAL, Standing.GUEST})
"""Shown only where they were members before: the roles that they hold have no effect."""
FOR_ADMINISTRATORS: Final = (
    "This page is for administrators. If something needs changing, one of yours can do it."
)
NOBODY_YET: Final = (
    "Nobody is an administrator yet. Whoever runs Coachbot can make one with: "
    "coachbot people grant EMAIL Administrator."
)
NOT_THERE: Final = "That person isn’t there, or isn’t in a division of yours."


@dataclass(frozen=True, slots=True)
class Office:
    """What one administrator administers: divisions by id and name, and whether that is all."""

    divisions: dict[str, str]
    has_everything: bool


def office_of(tx: Transaction, caller: Caller) -> Office:
    """Find what the caller administers. Raises Denied for whoever administers nothing."""
    divisions = tx.people.divisions()
    mine = _administered(tx, caller, frozenset(divisions))
    if not mine:
        raise Denied(FOR_ADMINISTRATORS if tx.members.holders(ADMINISTRATOR) else NOBODY_YET)
    return Office({each: divisions[each] for each in mine}, mine == set(divisions))


def whole_office_of(tx: Transaction, caller: Caller) -> Office:
    """Find what the caller administers, where it must be every division. Raises Denied."""
    office = office_of(tx, caller)
    if not office.has_everything:
        raise Denied("This is for administrators of every division.")
    return office


def administered(tx: Transaction, caller: Caller) -> frozenset[str]:
    """The ids of the divisions that the caller administers.

    A division whose last administrator was deactivated in Slack, or turned external, falls to
    whoever administers all the others.
    """
    return _administered(tx, caller, frozenset(tx.people.divisions()))


def _administered(tx: Transaction, caller: Caller, every: frozenset[str]) -> frozenset[str]:
    if acts_for_everybody(caller):
        return every
    grants = tx.people.grants(caller.person_id)
    mine = frozenset(where for role, where in grants if role == ADMINISTRATOR)
    held = administered_by_somebody(tx) if mine and mine < every else every
    return every if mine and mine >= held else mine


def administered_by_somebody(tx: Transaction) -> frozenset[str]:
    """The ids of the divisions that have an administrator at work."""
    return frozenset(where for _, where in tx.members.holders(ADMINISTRATOR))


def ensure_none_is_left(tx: Transaction, held: frozenset[str]) -> None:
    """Refuse a change after which one of these divisions has no administrator. Raises Conflict."""
    names = tx.people.divisions()
    left = held - administered_by_somebody(tx)
    for division in sorted(left, key=lambda each: names[each].lower()):
        raise _nobody_else(names[division], "roles")


def acts_for_everybody(caller: Caller) -> bool:
    """Whether the organisation itself acts, and not one of its people."""
    return not caller.person_id and caller.source in {Source.COMMAND_LINE, Source.SYSTEM}


def ensure_may_administer(tx: Transaction, caller: Caller, divisions: frozenset[str]) -> None:
    """Refuse whoever does not administer all of these divisions. Raises Denied."""
    if acts_for_everybody(caller):
        return
    mine = administered(tx, caller)
    if not mine or not divisions <= mine:
        raise Denied("Only an administrator of the division can change who may do what there.")


def find_administered(tx: Transaction, office: Office, person_id: str) -> Person:
    """Find a person of the divisions administered; anybody else is as if not there.

    Raises NotFound.
    """
    person = tx.people.get(person_id) if person_id.isprintable() else None
    if person is None or not (is_in(office, person) or _was_in(tx, office, person)):
        raise NotFound(NOT_THERE)
    return person


def is_in(office: Office, person: Person) -> bool:
    """Whether an administrator of this office sees the person."""
    return person.division_id in office.divisions and person.standing in SHOWN


def _was_in(tx: Transaction, office: Office, person: Person) -> bool:
    is_former = person.standing in SHOWN_WITH_ROLES and person.division_id in office.divisions
    return is_former and bool(tx.people.grants(person.id))


def ensure_somebody_stays(
    tx: Transaction, left: Iterable[str], person_id: str, field: str = "grants"
) -> None:
    """Refuse to take the last administrator of a division away. Raises Conflict.

    `left` are the divisions over which this person is about to be no administrator any more.
    """
    names, there = tx.people.divisions(), tx.members.holders(ADMINISTRATOR)
    for division in sorted(left, key=lambda each: names[each].lower()):
        if not any(where == division and who != person_id for who, where in there):
            raise _nobody_else(names[division], field)


def _nobody_else(name: str, field: str) -> Conflict:
    return Conflict(
        f"Nobody else administers {name}. Make somebody else an administrator there first.",
        code="administrator.last",
        field=field,
    )


def extend_administrators(tx: Transaction, before: frozenset[str], made: frozenset[str]) -> None:
    """Give new divisions to whoever administered everything until now."""
    for person_id, grants in tx.people.all_grants().items() if made else ():
        if before <= {where for role, where in grants if role == ADMINISTRATOR}:
            more = [(ADMINISTRATOR, each) for each in made]
            tx.people.replace_grants(person_id, [*grants, *more])
