"""Use cases: divisions, listed with the number of their people, added and renamed; never deleted.

Sessions, roles and the audit trail speak of divisions, so none is taken away.
"""

from dataclasses import dataclass

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Conflict, Invalid, NotFound
from bot.coaching.ground.values import Caller
from bot.coaching.office.administering import (
    ADMINISTRATORS,
    SHOWN,
    extend_administrators,
    office_of,
    whole_office_of,
)
from bot.coaching.office.administration import choices_of
from bot.coaching.office.people import LONGEST_NAME, is_writable
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DivisionLine:
    """A division that the administrator administers, and how many people belong to it."""

    division_id: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class DivisionsPage:
    """The divisions administered, by name."""

    divisions: tuple[DivisionLine, ...]
    has_everything: bool
    """Whether the reader administers every division, and so may add one."""


def divisions_page(context: Context, caller: Caller) -> DivisionsPage:
    """List the divisions administered. Raises Denied, Unavailable."""
    with context.read() as tx:
        office = office_of(tx, caller)
        counts = tx.members.counts(SHOWN)
    lines = tuple(
        DivisionLine(each.division_id, each.name, counts.get(each.division_id, 0))
        for each in choices_of(office.divisions)
    )
    return DivisionsPage(lines, office.has_everything)


def add_division(context: Context, caller: Caller, name: str) -> str:
    """Add a division, administered by whoever administers everything; answers its id.

    Raises Denied, Invalid, Conflict, Unavailable.
    """
    now, wanted = context.clock(), _checked(name)
    with context.begin() as tx:
        tx.people.hold([ADMINISTRATORS])
        before = frozenset(whole_office_of(tx, caller).divisions)
        _ensure_free(tx, wanted)
        made = tx.people.ensure_division(wanted)
        extend_administrators(tx, before, frozenset({made}))
        deed = trail.Deed(action="add", entity="division", entity_id=made, after={"name": wanted})
        trail.record(tx, caller, now, deed)
    return made


def rename_division(context: Context, caller: Caller, division_id: str, name: str) -> None:
    """Give a division that one administers another name.

    Raises Denied, NotFound, Invalid, Conflict, Unavailable.
    """
    now, wanted = context.clock(), _checked(name)
    with context.begin() as tx:
        tx.people.hold([ADMINISTRATORS])
        office = office_of(tx, caller)
        row = tx.members.division_for_change(division_id) if division_id.isprintable() else None
        if row is None or division_id not in office.divisions:
            raise NotFound("That division isn’t there, or isn’t yours.", field="name")
        if row.name == wanted:
            return
        _ensure_free(tx, wanted, except_id=division_id)
        before, row.name = row.name, wanted
        tx.members.flush()
        deed = trail.Deed(
            action="rename",
            entity="division",
            entity_id=division_id,
            before={"name": before},
            after={"name": wanted},
        )
        trail.record(tx, caller, now, deed)


def _checked(name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > LONGEST_NAME or not is_writable(wanted):
        raise Invalid(f"Give it a name of at most {LONGEST_NAME} characters.", field="name")
    return wanted


def _ensure_free(tx: Transaction, name: str, *, except_id: str = "") -> None:
    taken = {each.lower() for key, each in tx.people.divisions().items() if key != except_id}
    if name.lower() in taken:
        raise Conflict("There is a division of that name already.", field="name")
