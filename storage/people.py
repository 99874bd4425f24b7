"""Queries about people, divisions, roles and grants."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from storage import models, records
from storage.engine import Database

PERSON: Final[Any] = models.Person.__table__
GRANT: Final[Any] = models.Grant.__table__
ROLE: Final[Any] = models.Role.__table__
CHOSEN: Final[Any] = models.Preferences.__table__
COLUMNS: Final = (
    *(PERSON.c[each.name] for each in fields(records.Person) if each.name != "hours"),
    CHOSEN.c.hours,
)
KNOWN: Final = PERSON.outerjoin(CHOSEN, CHOSEN.c.person_id == PERSON.c.id)
IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
BY_IDS: Final = select(*COLUMNS).select_from(KNOWN).where(PERSON.c.id.in_(IDS))
FURTHER: Final[Any] = models.FurtherAccount.__table__
BY_SLACK: Final = select(*COLUMNS).select_from(KNOWN).where(PERSON.c.slack_user_id.in_(IDS))
BY_FURTHER: Final = select(FURTHER.c.slack_user_id, FURTHER.c.person_id).where(
    FURTHER.c.slack_user_id.in_(IDS)
)
BY_EMAIL: Final = select(*COLUMNS).select_from(KNOWN).where(PERSON.c.email.in_(IDS))
HELD: Final = (
    select(GRANT.c.person_id, GRANT.c.division_id, ROLE.c.permissions)
    .join_from(GRANT, ROLE, ROLE.c.name == GRANT.c.role)
    .where(GRANT.c.person_id.in_(IDS))
)


class People:
    """People, the divisions they belong to and the roles they hold."""

    def __init__(self, session: Session, database: Database) -> None:
        self._session = session
        self._database = database

    def hold(self, person_ids: Collection[str]) -> None:
        """Lock these people's time until the transaction ends, in an order that cannot deadlock."""
        self._database.hold(self._session.connection(), list(person_ids))

    def get(self, person_id: str) -> records.Person | None:
        """Look a person up by id."""
        return self.many([person_id]).get(person_id)

    def many(self, person_ids: Iterable[str]) -> dict[str, records.Person]:
        """Look people up by id; unknown ids are left out."""
        return {each.id: each for each in self._read(BY_IDS, person_ids)}

    def by_slack(self, slack_user_id: str) -> records.Person | None:
        """Look a person up by a Slack account, also by one that is not written to."""
        return self.by_slack_many([slack_user_id]).get(slack_user_id)

    def by_slack_many(self, slack_user_ids: Iterable[str]) -> dict[str, records.Person]:
        """Look people up by their Slack accounts; unknown accounts are left out."""
        wanted = list(slack_user_ids)
        people = self._read(BY_SLACK, wanted)
        found = {each.slack_user_id: each for each in people if each.slack_user_id}
        missing = [each for each in wanted if each not in found]
        if not missing:
            return found
        rows = self._connection.execute(BY_FURTHER, {"ids": missing})
        further = {row.slack_user_id: row.person_id for row in rows}
        theirs = self.many(further.values()) if further else {}
        return found | {account: theirs[owner] for account, owner in further.items()}

    def by_email(self, email: str) -> records.Person | None:
        """Look a person up by address, in any case."""
        known = select(*COLUMNS).select_from(KNOWN)
        query = known.where(models.Person.email == email.lower())
        row = self._session.execute(query).one_or_none()
        return None if row is None else records.Person(*row)

    def by_email_many(self, emails: Iterable[str]) -> dict[str, records.Person]:
        """Look people up by addresses in lower case; unknown ones are left out."""
        return {each.email: each for each in self._read(BY_EMAIL, emails) if each.email}

    def all(self) -> list[records.Person]:
        """List everybody by name."""
        known = select(*COLUMNS).select_from(KNOWN)
        query = known.order_by(func.lower(models.Person.name), models.Person.id)
        return [records.Person(*row) for row in self._session.execute(query)]

    def _read(self, statement: Select[Any], keys: Iterable[str]) -> list[records.Person]:
        wanted = list(set(keys))
        if not wanted:
            return []
        return [
            records.Person(*row) for row in self._connection.execute(statement, {"ids": wanted})
        ]

    @cached_property
    def _connection(self) -> Connection:
        return self._session.connection()

    def for_change(self, person_id: str) -> models.Person | None:
        """Fetch a person to be written to."""
        return self._session.get(models.Person, person_id, with_for_update=True)

    def add(self, person: models.Person) -> None:
        """Add a person."""
        self._session.add(person)
        self._session.flush()

    def flush(self) -> None:
        """Send what was changed on fetched people to the database now."""
        self._session.flush()

    def divisions(self) -> dict[str, str]:
        """Map the ids of all divisions to their names."""
        rows = self._session.execute(select(models.Division.id, models.Division.name))
        return {row.id: row.name for row in rows}

    def ensure_home(self, name: str) -> str:
        """Give the id of the division that newcomers belong to, whatever it is called by now.

        The name is used once: for the division that becomes it where none is yet.
        """
        query = select(models.Division.id).where(models.Division.is_home)
        found = self._session.scalars(query).first()
        if found is None:
            found = self.ensure_division(name)
            self._session.get_one(models.Division, found).is_home = True
            self._session.flush()
        return found

    def ensure_division(self, name: str) -> str:
        """Give the id of the division of that name, made now if there is none."""
        # Compared here: what a database takes for the same letter depends on its locale.
        for division_id, other in self.divisions().items():
            if other.lower() == name.lower():
                return division_id
        division = models.Division(name=name)
        self._session.add(division)
        self._session.flush()
        return division.id

    def roles(self) -> dict[str, frozenset[str]]:
        """Map the names of all roles to their permissions."""
        rows = self._session.execute(select(models.Role.name, models.Role.permissions))
        return {row.name: frozenset(row.permissions) for row in rows}

    def save_role(self, name: str, permissions: Collection[str]) -> None:
        """Write a role's permissions, in place of what it had."""
        self._session.merge(models.Role(name=name, permissions=sorted(permissions)))
        self._session.flush()

    def grants(self, person_id: str) -> list[tuple[str, str]]:
        """List the roles that a person holds, each with its division's id."""
        query = select(models.Grant.role, models.Grant.division_id).where(
            models.Grant.person_id == person_id
        )
        return [(row.role, row.division_id) for row in self._session.execute(query)]

    def holding(self, role: str, division_ids: Collection[str]) -> list[records.Person]:
        """List who holds a role over any of these divisions, by name."""
        holders = select(models.Grant.person_id).where(
            models.Grant.role == role, models.Grant.division_id.in_(set(division_ids))
        )
        known = select(*COLUMNS).select_from(KNOWN).where(PERSON.c.id.in_(holders))
        query = known.order_by(func.lower(models.Person.name), models.Person.id)
        return [records.Person(*row) for row in self._session.execute(query)]

    def all_grants(self) -> Mapping[str, list[tuple[str, str]]]:
        """List every person's roles, each with its division's id."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        columns = (models.Grant.person_id, models.Grant.role, models.Grant.division_id)
        for row in self._session.execute(select(*columns)):
            found[row.person_id].append((row.role, row.division_id))
        return found

    def permissions(self, person_ids: Collection[str]) -> dict[str, dict[str, set[str]]]:
        """Map each person to the permissions held, each with the ids of its divisions."""
        held: dict[str, dict[str, set[str]]] = {each: {} for each in person_ids}
        rows = self._connection.execute(HELD, {"ids": list(held)})
        for person_id, division_id, permissions in rows:
            for permission in permissions:
                held[person_id].setdefault(permission, set()).add(division_id)
        return held

    def replace_grants(self, person_id: str, grants: Iterable[tuple[str, str]]) -> None:
        """Write all the roles that a person holds, in place of what was there."""
        self._session.execute(delete(models.Grant).where(models.Grant.person_id == person_id))
        self._session.add_all(
            models.Grant(person_id=person_id, role=role, division_id=division_id)
            for role, division_id in sorted(set(grants))
        )
        self._session.flush()
