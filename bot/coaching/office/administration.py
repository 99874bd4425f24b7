"""Use cases: the people of the divisions that an administrator administers, and one of them.

Whoever belongs to another division is as if not there, and so are their names and divisions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.ground.paging import ensure_page
from bot.coaching.ground.values import Caller, Page
from bot.coaching.office.administering import (
    SHOWN,
    SHOWN_WITH_ROLES,
    Office,
    find_administered,
    is_in,
    office_of,
)
from bot.coaching.times.working_hours import say_working_hours
from storage.members import MemberFilter
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Standing

PAGE_SIZE = 10
LONGEST_SEARCH = 100
MOST_CHOICES = 100
NO_MEMBER: Final[Mapping[Standing, str]] = {
    Standing.EXTERNAL: "of another organisation, roles without effect",
    Standing.GUEST: "guest, roles without effect",
}
"""What is said of somebody who was a member before."""
MOST_DOUBLES = 5
"""How many pairs are shown at once; the next ones follow when these are joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleQuery:
    """Which people to go through."""

    words: str = ""
    """Each word must occur in the name or the address."""
    division_id: str | None = None
    page_number: int = 1
    page_size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A person in a line, as an administrator of their division sees them."""

    person_id: str
    name: str
    email: str | None
    division: str
    roles: tuple[str, ...]
    """Each role with its division where that is another one: `Supervisor in Sales`."""
    is_deactivated: bool
    no_member: str = ""
    """What they are instead, of somebody who is no member any more."""


@dataclass(frozen=True, slots=True)
class DivisionChoice:
    """A division that the administrator may choose."""

    division_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """Two people for whom Slack gives one address: whose it is here, and who would be joined."""

    kept: MemberLine
    joined: MemberLine


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """A page of people, with what it was asked for."""

    people: Page[MemberLine]
    query: PeopleQuery
    divisions: tuple[DivisionChoice, ...]
    has_everything: bool
    """Whether the reader administers every division, and so roles and policies as well."""
    doubles: tuple[Double, ...] = ()
    """Pairs of people for whom Slack gives one address."""


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role over a division, and whether the person holds it."""

    role: str
    division_id: str
    division: str
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """One person as an administrator of their division sees and may change them."""

    person_id: str
    name: str
    email: str | None
    is_deactivated: bool
    timezone: str
    division_id: str
    working_hours: str
    """`Mon–Fri 09:00–17:00`; empty for the usual hours."""
    manager: str | None
    manager_account: str | None
    """The manager's Slack account, where the reader may know who it is."""
    manager_is_elsewhere: bool
    """Whether there is a manager of whom the reader may not know."""
    divisions: tuple[DivisionChoice, ...]
    roles: tuple[RoleChoice, ...]
    """Every role over every division administered."""
    no_member: str = ""
    """What they are instead, of somebody who is no member any more."""


def people_page(context: Context, caller: Caller, query: PeopleQuery) -> PeoplePage:
    """List the people of the divisions administered, by name. Raises Denied, Invalid, Unavailable.

    A page that is no longer there is the last one that is.
    """
    ensure_page(query.page_number, query.page_size)
    with context.read() as tx:
        office = office_of(tx, caller)
        wanted = _filter(office, query)
        total = tx.members.count(wanted)
        number = min(query.page_number, max(-(-total // query.page_size), 1))
        found = tx.members.page(_filter(office, query, number=number))
        contests = tx.accounts.contests(office.divisions.keys(), limit=MOST_DOUBLES)
        both = {each for one in contests for each in (one.owner_id, one.claimant_id)}
        people = tx.people.many(both) if both else {}
        grants = tx.members.grants([*(each.id for each in found), *both])
    lines = [_line(office, each, grants.get(each.id, ())) for each in found]
    return PeoplePage(
        people=Page(lines, total, number, query.page_size),
        query=query,
        divisions=choices_of(office.divisions),
        has_everything=office.has_everything,
        doubles=tuple(
            Double(
                kept=_line(office, people[each.owner_id], grants.get(each.owner_id, ())),
                joined=_line(office, people[each.claimant_id], grants.get(each.claimant_id, ())),
            )
            for each in contests
        ),
    )


def person_page(context: Context, caller: Caller, person_id: str) -> PersonPage:
    """Show one person of the divisions administered. Raises Denied, NotFound, Unavailable."""
    with context.read() as tx:
        office = office_of(tx, caller)
        return _page_of(tx, office, find_administered(tx, office, person_id))


def division_choices(
    context: Context, caller: Caller, *, words: str = "", most: int = MOST_CHOICES
) -> tuple[DivisionChoice, ...]:
    """Find divisions administered in whose names all these words occur.

    Raises Denied, Unavailable.
    """
    with context.read() as tx:
        office = office_of(tx, caller)
    wanted = _searched(words)
    found = (each for each in choices_of(office.divisions) if _says(wanted, each.name.casefold()))
    return tuple(islice(found, most))


def role_choices(
    context: Context, caller: Caller, person_id: str, *, words: str = "", most: int = MOST_CHOICES
) -> tuple[RoleChoice, ...]:
    """Find roles over divisions administered by the words of both, the person's own division first.

    Raises Denied, NotFound, Unavailable.
    """
    with context.read() as tx:
        office = office_of(tx, caller)
        person = find_administered(tx, office, person_id)
        held, roles = set(tx.people.grants(person.id)), sorted(tx.people.roles())
    wanted = _searched(words)
    spoken = [(each, each.casefold()) for each in roles]
    found = (
        RoleChoice(role, each.division_id, each.name, (role, each.division_id) in held)
        for each in sorted(
            choices_of(office.divisions), key=lambda one: one.division_id != person.division_id
        )
        for place in [each.name.casefold()]
        for role, said in spoken
        if _says(wanted, said, place)
    )
    return tuple(islice(found, most))


def _searched(words: str) -> tuple[str, ...]:
    return tuple(words[:LONGEST_SEARCH].casefold().split())


def _says(wanted: Sequence[str], *names: str) -> bool:
    return all(any(each in name for name in names) for each in wanted)


def choices_of(divisions: Mapping[str, str]) -> tuple[DivisionChoice, ...]:
    """Put divisions in the order of their names."""
    by_name = sorted(divisions.items(), key=lambda item: (item[1].lower(), item[0]))
    return tuple(DivisionChoice(division, name) for division, name in by_name)


def _filter(office: Office, query: PeopleQuery, *, number: int = 1) -> MemberFilter:
    mine = frozenset(office.divisions)
    words = "".join(filter(str.isprintable, query.words))[:LONGEST_SEARCH]
    return MemberFilter(
        division_ids=mine & {query.division_id} if query.division_id else mine,
        standings=SHOWN,
        standings_with_roles=SHOWN_WITH_ROLES,
        words=tuple(words.split()),
        page_number=number,
        page_size=query.page_size,
    )


def _line(office: Office, person: Person, grants: Iterable[tuple[str, str]]) -> MemberLine:
    return MemberLine(
        person_id=person.id,
        name=person.name,
        email=person.email,
        division=office.divisions[person.division_id],
        roles=tuple(
            sorted(
                role if where == person.division_id else f"{role} in {office.divisions[where]}"
                for role, where in grants
                if where in office.divisions
            )
        ),
        is_deactivated=person.standing is Standing.DEACTIVATED,
        no_member=NO_MEMBER.get(person.standing, ""),
    )


def _page_of(tx: Transaction, office: Office, person: Person) -> PersonPage:
    held = set(tx.people.grants(person.id))
    manager = tx.people.get(person.manager_id) if person.manager_id else None
    is_known = manager is not None and is_in(office, manager)
    divisions, roles = choices_of(office.divisions), sorted(tx.people.roles())
    return PersonPage(
        person_id=person.id,
        name=person.name,
        email=person.email,
        is_deactivated=person.standing is Standing.DEACTIVATED,
        no_member=NO_MEMBER.get(person.standing, ""),
        timezone=person.timezone,
        division_id=person.division_id,
        working_hours=say_working_hours(person.working_hours),
        manager=manager.name if manager and is_known else None,
        manager_account=manager.slack_user_id if manager and is_known else None,
        manager_is_elsewhere=manager is not None and not is_known,
        divisions=divisions,
        roles=tuple(
            RoleChoice(role, each.division_id, each.name, (role, each.division_id) in held)
            for each in divisions
            for role in roles
        ),
    )
