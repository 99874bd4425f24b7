"""Making one person of two: whatever points at the one points at the other afterwards."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from storage import models
from storage.base import Base


@dataclass(frozen=True, slots=True)
class Shared:
    """A session that stands against making one person of two."""

    name: str
    is_same: bool
    """Whether both take part in it; else it overlaps with one of the other's."""


class Joining:
    """Queries about two people who are one."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def obstacle(self, one: str, other: str) -> Shared | None:
        """Find a session in which both take part, or two that overlap."""
        theirs = select(models.Appointment.name).where(
            models.Appointment.deleted_at.is_(None), _takes_part(one), _takes_part(other)
        )
        same = self._session.scalar(theirs.order_by(models.Appointment.starts_at).limit(1))
        if same is not None:
            return Shared(same, is_same=True)
        mine, others = aliased(models.Booking), aliased(models.Booking)
        overlapping = (
            select(models.Appointment.name)
            .join(mine, mine.appointment_id == models.Appointment.id)
            .join(others, and_(others.starts_at < mine.ends_at, others.ends_at > mine.starts_at))
            .where(mine.person_id == one, others.person_id == other)
            .order_by(models.Appointment.starts_at)
            .limit(1)
        )
        found = self._session.scalar(overlapping)
        return None if found is None else Shared(found, is_same=False)

    def move(self, person_id: str, to: str) -> None:
        """Let everything of one person be the other's, and remove the one.

        Where both have what there can be once, what the other has stays.
        """
        self._session.flush()
        for table, column in _pointing():
            for unique in _unique_with(table, column):
                self._drop_doubles(table, column, unique, person_id, to)
            if table.name == models.Delivery.__tablename__:
                self._drop_double_summaries(person_id, to)
            moved = update(table).where(column == person_id).values({column: to})
            self._session.execute(moved, execution_options={"synchronize_session": False})
        person = models.Person
        own_manager = update(person).where(person.id == to, person.manager_id == to)
        self._session.execute(own_manager.values(manager_id=None))
        self._rewrite_drafts(person_id, to)
        self._session.execute(delete(person).where(person.id == person_id))
        self._session.expire_all()

    def _drop_doubles(
        self, table: Table, column: Column[Any], unique: list[Column[Any]], gone: str, to: str
    ) -> None:
        kept = table.alias()
        same = [kept.c[each.name] == each for each in unique]
        double = exists().where(kept.c[column.name] == to, *same)
        self._session.execute(
            delete(table).where(column == gone, double),
            execution_options={"synchronize_session": False},
        )

    def _drop_double_summaries(self, gone: str, to: str) -> None:
        table: Any = models.Delivery.__table__
        kept = table.alias()
        double = exists().where(
            kept.c.person_id == to,
            kept.c.appointment_id.is_(None),
            kept.c.kind == table.c.kind,
            kept.c.occurrence == table.c.occurrence,
        )
        self._session.execute(
            delete(table).where(table.c.person_id == gone, table.c.appointment_id.is_(None), double)
        )

    def _rewrite_drafts(self, gone: str, to: str) -> None:
        """Put the one who stays in the place of the other in half-written forms."""
        self._session.flush()
        for draft in self._session.scalars(select(models.Draft)):
            before = json.dumps([draft.typed, draft.began_with])
            if gone in before:
                draft.typed, draft.began_with = json.loads(before.replace(gone, to))
        self._session.flush()


def _takes_part(person_id: str) -> Any:
    appointment, attendee = models.Appointment, models.Attendee
    attends = exists().where(
        attendee.appointment_id == appointment.id, attendee.person_id == person_id
    )
    return or_(appointment.facilitator_id == person_id, attends)


def _pointing() -> Iterator[tuple[Table, Column[Any]]]:
    """Go through every column of every table that points at a person."""
    people = Base.metadata.tables[models.Person.__tablename__]
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table is people for key in column.foreign_keys):
                yield table, column


def _unique_with(table: Table, column: Column[Any]) -> Iterator[list[Column[Any]]]:
    """Give what stands beside a column in each key of which it is a part."""
    keys = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    for key in (table.primary_key, *keys):
        if column.name in key.columns:
            yield [each for each in key.columns if each is not column]
