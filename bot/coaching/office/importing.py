"""Use case: bring people in from a spreadsheet, all of them or none."""

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Invalid
from bot.coaching.ground.permissions import AGENT
from bot.coaching.ground.values import Caller
from bot.coaching.office.administering import (
    SHOWN,
    administered_by_somebody,
    ensure_none_is_left,
    extend_administrators,
)
from bot.coaching.office.import_cells import NO_ROLE, GivenRole, read_names, read_role
from bot.coaching.office.joining import find_obstacle, merge
from bot.coaching.office.people import EVERYBODY, is_writable
from bot.coaching.sessions.planning_anew import PLANS, note_person
from bot.coaching.times.wording import is_zone
from bot.coaching.times.working_hours import read_working_hours
from storage import models
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Standing

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
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,31}")
HOME = ""
LONGEST_NAME = 255
LONGEST_ADDRESS = 320


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
    outcomes: tuple[str, ...] = field(default=(), compare=False)
    """What became of each row: `created`, `changed` or `unchanged`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    number: int
    email: str
    name: str
    slack_user_id: str | None
    timezone: str | None
    roles: tuple[GivenRole, ...] | None
    """None: those that are held already."""
    divisions: tuple[str, ...]
    manager_email: str | None
    working_hours: dict[str, Any] | None


class _OnlyTried(Exception):
    """Everything went well, and nothing of it is to stay."""


def import_people(
    context: Context,
    caller: Caller,
    rows: Sequence[Mapping[str, str | None]],
    *,
    is_trial: bool = False,
    watch: Callable[[int], None] = lambda _: None,
) -> Imported:
    """Create or change people, matched by address; all or nothing.

    A person belongs to the first division named, and holds every role named over every division
    named; divisions that do not exist are made. What a row leaves out stays; somebody new is an
    Agent in the home division. On trial all is done and then undone. Raises ImportRefused,
    Unavailable.
    """
    outcomes: list[str] = []
    with contextlib.suppress(_OnlyTried), context.begin() as tx:
        outcomes = _import(tx, context, caller, rows, watch)
        if is_trial:
            raise _OnlyTried
    return Imported(
        created=outcomes.count("created"),
        changed=outcomes.count("changed"),
        unchanged=outcomes.count("unchanged"),
        outcomes=tuple(outcomes),
    )


def _import(
    tx: Transaction,
    context: Context,
    caller: Caller,
    rows: Sequence[Mapping[str, str | None]],
    watch: Callable[[int], None],
) -> list[str]:
    """Write everybody; answers what became of each row."""
    now = context.clock()
    tx.people.hold([EVERYBODY, PLANS])
    roles = frozenset(tx.people.roles())
    _ensure_none(_faults(rows, roles))
    wanted = [_read(number, each, roles) for number, each in enumerate(rows, start=2)]
    _ensure_none(_clashes(tx, wanted))
    held = administered_by_somebody(tx)
    divisions = _ensure_divisions(tx, wanted, context.policy.home_division)
    outcomes = []
    for done, each in enumerate(wanted, start=1):
        outcomes.append(_save(tx, caller, each, divisions, now))
        watch(done)
    tx.people.flush()
    managed = [_set_manager(tx, caller, each, now) for each in wanted]
    ensure_none_is_left(tx, held)
    return [
        "changed" if outcome == "unchanged" and is_new else outcome
        for outcome, is_new in zip(outcomes, managed, strict=True)
    ]


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
    email, account, manager = cells["email"], cells["slack_user_id"], cells["manager_email"]
    zone, hours = cells["timezone"], cells["working_hours"]
    given = {each: read_role(each, roles) for each in _roles_named(cells["roles"])}
    unknown = [each for each, role in given.items() if role is None]
    places = [role[1] for role in given.values() if role and role[1] is not None]
    known = ", ".join(sorted(roles))
    checks = {
        "email": (_is_address(email), "this is not an email address"),
        "name": (_is_name(cells["name"]), "give a name of at most 255 characters"),
        "slack_user_id": (
            not account or SLACK_USER.fullmatch(account),
            "a Slack member id looks like U012AB3CD",
        ),
        "timezone": (not zone or is_zone(zone), "use a name such as Europe/London"),
        "roles": (
            not unknown and all(map(_is_name, places)),
            f"there is no role “{''.join(unknown[:1])}”; there are {known}"
            if unknown
            else "give names of at most 255 characters",
        ),
        "divisions": (
            all(map(_is_name, read_names(cells["divisions"]))),
            "give names of at most 255 characters",
        ),
        "manager_email": (
            not manager or (_is_address(manager) and manager.lower() != email.lower()),
            "give the email address of somebody else",
        ),
        "working_hours": (
            not hours or read_working_hours(hours),
            "write it as Mon-Fri 09:00-17:00",
        ),
    }
    return {column: said for column, (fine, said) in checks.items() if not fine}


def _is_address(text: str) -> bool:
    if len(text) > LONGEST_ADDRESS or not text.isprintable() or not EMAIL.fullmatch(text):
        return False
    return "." in text.partition("@")[2][1:-1]


def _is_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and is_writable(text)


def _read(number: int, row: Mapping[str, str | None], roles: frozenset[str]) -> _Row:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    return _Row(
        number=number,
        email=cells["email"].lower(),
        name=cells["name"],
        slack_user_id=cells["slack_user_id"] or None,
        timezone=cells["timezone"] or None,
        roles=_given(cells["roles"], roles),
        divisions=read_names(cells["divisions"]),
        manager_email=cells["manager_email"].lower() or None,
        working_hours=read_working_hours(cells["working_hours"]),
    )


def _roles_named(cell: str) -> tuple[str, ...]:
    return () if cell == NO_ROLE else read_names(cell)


def _given(cell: str, roles: frozenset[str]) -> tuple[GivenRole, ...] | None:
    named = _roles_named(cell)
    found = tuple(role for each in named if (role := read_role(each, roles)) is not None)
    return found if found or cell == NO_ROLE else None


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
    if owner is None or owner.email == row.email:
        return False
    return owner.email is not None or not _may_be(tx, owner, tx.people.by_email(row.email))


def _may_be(tx: Transaction, met: Person, named: Person | None) -> bool:
    """Answer whether somebody who was met without an address is the one who is named by it."""
    if named is None:
        return True
    is_free = named.slack_user_id is None or named.standing is not Standing.MEMBER
    return is_free and met.standing in SHOWN and find_obstacle(tx, named, met) is None


def _ensure_divisions(tx: Transaction, wanted: Sequence[_Row], home: str) -> dict[str, str]:
    """Map the divisions named to their ids, with the home division under a name of its own."""
    before = frozenset(tx.people.divisions())
    names = dict.fromkeys(
        name
        for row in wanted
        for name in (*row.divisions, *(where for _, where in row.roles or () if where))
    )
    divisions = {name: tx.people.ensure_division(name) for name in names}
    extend_administrators(tx, before, frozenset(divisions.values()) - before)
    return divisions | {HOME: tx.people.ensure_home(home)}


def _save(
    tx: Transaction, caller: Caller, row: _Row, divisions: Mapping[str, str], now: datetime
) -> str:
    person = _find(tx, caller, row, now)
    own = person.division_id if person else divisions[HOME]
    wanted: dict[str, Any] = {
        "email": row.email,
        "name": row.name,
        "slack_user_id": row.slack_user_id,
        "timezone": row.timezone,
        "division_id": divisions[row.divisions[0]] if row.divisions else own,
        "working_hours": row.working_hours,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    held = set(tx.people.grants(person.id)) if person else {(AGENT, own)}
    grants = _grants(row, held, own, divisions)
    if person is None:
        made = models.Person(**given)
        tx.people.add(made)
        tx.people.replace_grants(made.id, grants)
        _write_down(tx, caller, now, made.id, before=None, after={**given, "grants": grants})
        return "created"
    before = {name: getattr(person, name) for name in given} | {"grants": sorted(held)}
    old, new = trail.difference(before, {**given, "grants": grants})
    if new.keys() & {"timezone", "working_hours"}:
        note_person(tx, person, hours_decided="working_hours" in new, now=now)
    return _change(tx, caller, person.id, old, new, now) if new else "unchanged"


def _find(tx: Transaction, caller: Caller, row: _Row, now: datetime) -> Person | None:
    """Find whom a row is about; two who are one by its address and account become one."""
    named = tx.people.by_email(row.email)
    met = tx.people.by_slack(row.slack_user_id) if row.slack_user_id else None
    if named is None or met is None or named.id == met.id:
        return named or met
    merge(tx, caller, named, met, now)
    return tx.people.get(named.id)


def _grants(
    row: _Row, held: set[tuple[str, str]], own: str, divisions: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Give the roles that somebody has after a row; one that names none leaves them alone."""
    everywhere = [divisions[each] for each in row.divisions] or [own]
    if row.roles is not None:
        given = row.roles
    elif row.divisions:
        given = tuple((role, None) for role in {role for role, _ in held} or {AGENT})
    else:
        return sorted(held)
    return sorted(
        {
            (role, division)
            for role, where in given
            for division in ([divisions[where]] if where else everywhere)
        }
    )


def _change(
    tx: Transaction,
    caller: Caller,
    person_id: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    now: datetime,
) -> str:
    stored = tx.people.for_change(person_id)
    # The conversation that is remembered is with the account that was theirs before.
    forgotten = {"slack_channel": None} if "slack_user_id" in new else {}
    if "slack_user_id" in new:
        tx.accounts.drop_further(new["slack_user_id"])
    for name, value in {**new, **forgotten}.items():
        if name != "grants":
            setattr(stored, name, value)
    if "grants" in new:
        tx.people.replace_grants(person_id, new["grants"])
    if new.keys() & {"grants", "division_id"}:
        tx.deliveries.outdate_what_was_told([person_id], at=now)
    _write_down(tx, caller, now, person_id, before=old, after=new)
    return "changed"


def _set_manager(tx: Transaction, caller: Caller, row: _Row, now: datetime) -> bool:
    """Write who somebody's manager is, once everybody is there; answers whether that is new."""
    person = tx.people.by_email(row.email)
    manager = tx.people.by_email(row.manager_email) if row.manager_email else None
    if person is None or manager is None or person.manager_id == manager.id:
        return False
    before, after = {"manager_id": person.manager_id}, {"manager_id": manager.id}
    _change(tx, caller, person.id, before, after, now)
    return True


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
