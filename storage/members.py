"""Queries about people as an administrator goes through them: pages, counts, who is in charge."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from storage import models, records
from storage.types import Standing

PERSON: Final[Any] = models.Person.__table__
COLUMNS: Final = tuple(
    PERSON.c[each.name] for each in fields(records.Person) if each.name in PERSON.c
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFilter:
    """Which people to go through."""

    division_ids: Collection[str]
    standings: Collection[Standing]
    standings_with_roles: Collection[Standing] = ()
    """Of these only whoever holds a role."""
    words: tuple[str, ...] = ()
    """Each must occur in the name or the address, in any case."""
    page_number: int = 1
    page_size: int = 25


class Members:
    """People of some divisions, a page at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, wanted: MemberFilter) -> list[records.Person]:
        """List one page of people by name."""
        query = (
            _matching(select(*COLUMNS), wanted)
            .order_by(func.lower(models.Person.name), models.Person.id)
            .limit(wanted.page_size)
            .offset((wanted.page_number - 1) * wanted.page_size)
        )
        return [records.Person(*row) for row in self._session.execute(query)]

    def count(self, wanted: MemberFilter) -> int:
        """Count the people on all pages."""
        query = _matching(select(func.count()).select_from(models.Person), wanted)
        return self._session.scalar(query) or 0

    def grants(self, person_ids: Collection[str]) -> Mapping[str, list[tuple[str, str]]]:
        """Map these people to the roles that they hold, each with its division's id."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        columns = (models.Grant.person_id, models.Grant.role, models.Grant.division_id)
        query = select(*columns).where(models.Grant.person_id.in_(list(person_ids)))
        for row in self._session.execute(query):
            found[row.person_id].append((row.role, row.division_id))
        return found

    def counts(self, standings: Collection[Standing]) -> dict[str, int]:
        """Map divisions to the number of their people; one without any is left out."""
        query = (
            select(models.Person.division_id, func.count())
            .where(models.Person.standing.in_(list(standings)))
            .group_by(models.Person.division_id)
        )
        return {row[0]: row[1] for row in self._session.execute(query)}

    def holders(self, role: str) -> set[tuple[str, str]]:
        """List who of those at work holds a role where: pairs of person and division, by id."""
        query = (
            select(models.Grant.person_id, models.Grant.division_id)
            .join(models.Person, models.Person.id == models.Grant.person_id)
            .where(
                models.Grant.role == role,
                models.Person.standing == Standing.MEMBER,
            )
        )
        return {(row.person_id, row.division_id) for row in self._session.execute(query)}

    def division_for_change(self, division_id: str) -> models.Division | None:
        """Fetch a division to be written to."""
        return self._session.get(models.Division, division_id, with_for_update=True)

    def flush(self) -> None:
        """Send what was changed on fetched divisions to the database now."""
        self._session.flush()


def _matching(query: Select[Any], wanted: MemberFilter) -> Select[Any]:
    return query.where(
        models.Person.division_id.in_(list(wanted.division_ids)),
        or_(
            models.Person.standing.in_(list(wanted.standings)),
            and_(
                models.Person.standing.in_(list(wanted.standings_with_roles)),
                exists().where(models.Grant.person_id == models.Person.id),
            ),
        ),
        *map(_says, wanted.words),
    )


def _says(word: str) -> ColumnElement[bool]:
    name, email = func.lower(models.Person.name), func.lower(models.Person.email)
    # In the locale C a database lowers no letter outside ASCII: look for the usual spellings too.
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    return or_(
        name.contains(word.lower(), autoescape=True),
        email.contains(word.lower(), autoescape=True),
        *(models.Person.name.contains(each, autoescape=True) for each in sorted(spellings)),
    )
