"""Use case: bring people in from a spreadsheet, all of them or none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.coaching import trail
from bot.coaching.context import Context
from bot.coaching.errors import Invalid
from bot.coaching.permissions import ADMINISTRATOR, AGENT
from bot.coaching.values import Caller
from bot.coaching.wording import is_zone
from bot.coaching.working_hours import read_working_hours
from storage import models
from storage.transaction import Transaction

COLUMNS = (
    "email",
    "name",
    "slack_user_id",
    "timezone",
    "roles",
    "divisions",
    "manager_email",
    "working_hours",
)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,31}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell. Rows are counted as a spreadsheet does: the heading is row 1."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"row {self.row}, column {self.column}: {self.message}"


class ImportRefused(Invalid):
    """Something in the file must be corrected; nobody was imported."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = "\n".join(f"  {each}" for each in faults[:20])
        more = f"\n  and {len(faults) - 20} more" if len(faults) > 20 else ""
        super().__init__(f"Nobody was imported. Please correct:\n{shown}{more}")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many people a file made, changed, and left as they were."""

    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    number: int
    email: str
    name: str
    slack_user_id: str | None
    timezone: str | None
    roles: tuple[str, ...]
    divisions: tuple[str, ...]
    manager_email: str | None
    working_hours: dict[str, Any] | None


def import_people(
    context: Context, caller: Caller, rows: Sequence[Mapping[str, str | None]]
) -> Imported:
    """Create or change people, matched by address; all or nothing.

    A person belongs to the first division named, and holds every role named over every division
    named; divisions that do not exist are made. Raises ImportRefused, Unavailable.
    """
    now = context.clock()
    with context.begin() as tx:
        _ensure_none(_faults(rows, frozenset(tx.people.roles())))
        wanted = [_read(number, each, context) for number, each in enumerate(rows, start=2)]
        _ensure_none(_clashes(tx, wanted))
        divisions = _ensure_divisions(tx, wanted)
        outcomes = [_save(tx, caller, each, divisions, now) for each in wanted]
        _set_managers(tx, wanted)
    return Imported(
        created=outcomes.count("created"),
        changed=outcomes.count("changed"),
        unchanged=outcomes.count("unchanged"),
    )


def _ensure_none(faults: Sequence[Fault]) -> None:
    if faults:
        raise ImportRefused(faults)


def _faults(rows: Sequence[Mapping[str, str | None]], roles: frozenset[str]) -> list[Fault]:
    found: list[Fault] = []
    for number, row in enumerate(rows, start=2):
        cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
        found += [Fault(number, column, said) for column, said in _wrong(cells, roles).items()]
    return found


def _wrong(cells: Mapping[str, str], roles: frozenset[str]) -> dict[str, str]:
    """Say what is wrong with each cell that is."""
    wrong: dict[str, str] = {}
    if not EMAIL.fullmatch(cells["email"]):
        wrong["email"] = "this is not an email address"
    if not cells["name"] or len(cells["name"]) > 255:
        wrong["name"] = "give a name of at most 255 characters"
    if cells["slack_user_id"] and not SLACK_USER.fullmatch(cells["slack_user_id"]):
        wrong["slack_user_id"] = "a Slack member id looks like U012AB3CD"
    if cells["timezone"] and not is_zone(cells["timezone"]):
        wrong["timezone"] = "use a name such as Europe/London"
    unknown = [each for each in _listed(cells["roles"]) if each not in roles]
    if unknown:
        wrong["roles"] = f"there is no role “{unknown[0]}”; there are {', '.join(sorted(roles))}"
    if cells["manager_email"] and not EMAIL.fullmatch(cells["manager_email"]):
        wrong["manager_email"] = "this is not an email address"
    if cells["working_hours"] and read_working_hours(cells["working_hours"]) is None:
        wrong["working_hours"] = "write it as Mon-Fri 09:00-17:00"
    return wrong


def _read(number: int, row: Mapping[str, str | None], context: Context) -> _Row:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    return _Row(
        number=number,
        email=cells["email"].lower(),
        name=cells["name"],
        slack_user_id=cells["slack_user_id"] or None,
        timezone=cells["timezone"] or None,
        roles=_listed(cells["roles"]) or (AGENT,),
        divisions=_listed(cells["divisions"]) or (context.policy.home_division,),
        manager_email=cells["manager_email"].lower() or None,
        working_hours=read_working_hours(cells["working_hours"]),
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in cell.split(";") if each.strip()))


def _clashes(tx: Transaction, wanted: Sequence[_Row]) -> list[Fault]:
    """Find what is wrong only beside other rows, or beside people who are known already."""
    found: list[Fault] = []
    emails: set[str] = set()
    accounts: set[str] = set()
    in_file = {each.email for each in wanted}
    for row in wanted:
        if row.email in emails:
            found.append(Fault(row.number, "email", "this person is in the file twice"))
        emails.add(row.email)
        if row.slack_user_id in accounts or _owned_by_another(tx, row):
            found.append(Fault(row.number, "slack_user_id", "this belongs to somebody else"))
        accounts |= {row.slack_user_id} if row.slack_user_id else set()
        manager = row.manager_email
        if manager and manager not in in_file and tx.people.by_email(manager) is None:
            found.append(Fault(row.number, "manager_email", "nobody has this address"))
    return found


def _owned_by_another(tx: Transaction, row: _Row) -> bool:
    owner = tx.people.by_slack(row.slack_user_id) if row.slack_user_id else None
    return owner is not None and owner.email not in {None, row.email}


def _ensure_divisions(tx: Transaction, wanted: Sequence[_Row]) -> dict[str, str]:
    before = set(tx.people.divisions())
    names = dict.fromkeys(name for row in wanted for name in row.divisions)
    divisions = {name: tx.people.ensure_division(name) for name in names}
    new = set(divisions.values()) - before
    for person_id, grants in tx.people.all_grants().items() if new else ():
        # Whoever administers everything administers what is new, too.
        if any(role == ADMINISTRATOR for role, _ in grants):
            more = [(ADMINISTRATOR, each) for each in new]
            tx.people.replace_grants(person_id, [*grants, *more])
    return divisions


def _save(
    tx: Transaction, caller: Caller, row: _Row, divisions: Mapping[str, str], now: datetime
) -> str:
    person = tx.people.by_email(row.email) or (
        tx.people.by_slack(row.slack_user_id) if row.slack_user_id else None
    )
    wanted: dict[str, Any] = {
        "email": row.email,
        "name": row.name,
        "slack_user_id": row.slack_user_id,
        "timezone": row.timezone,
        "division_id": divisions[row.divisions[0]],
        "working_hours": row.working_hours,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    grants = {(role, divisions[where]) for role in row.roles for where in row.divisions}
    if person is None:
        made = models.Person(**given)
        tx.people.add(made)
        tx.people.replace_grants(made.id, grants)
        _write_down(
            tx, caller, now, made.id, before=None, after={**given, "grants": sorted(grants)}
        )
        return "created"
    held = set(tx.people.grants(person.id))
    before = {name: getattr(person, name) for name in given} | {"grants": sorted(held)}
    old, new = trail.difference(before, {**given, "grants": sorted(grants)})
    return _change(tx, caller, person.id, old, new, now) if new else "unchanged"


def _change(
    tx: Transaction,
    caller: Caller,
    person_id: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    now: datetime,
) -> str:
    stored = tx.people.for_change(person_id)
    for name, value in new.items():
        if name != "grants":
            setattr(stored, name, value)
    if "grants" in new:
        tx.people.replace_grants(person_id, new["grants"])
    _write_down(tx, caller, now, person_id, before=old, after=new)
    return "changed"


def _set_managers(tx: Transaction, wanted: Sequence[_Row]) -> None:
    tx.people.flush()
    for row in wanted:
        person = tx.people.by_email(row.email)
        manager = tx.people.by_email(row.manager_email) if row.manager_email else None
        if person is not None and manager is not None and person.manager_id != manager.id:
            stored = tx.people.for_change(person.id)
            if stored is not None:
                stored.manager_id = manager.id


def _write_down(
    tx: Transaction,
    caller: Caller,
    now: datetime,
    person_id: str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
) -> None:
    deed = trail.Deed(
        action="import", entity="person", entity_id=person_id, before=before, after=after
    )
    trail.record(tx, caller, now, deed)
