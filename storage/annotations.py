"""Queries about the notes on appointments."""

from collections.abc import Collection
from dataclasses import fields

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from storage import models, records
from storage.types import AccessType

COLUMNS = tuple(getattr(models.Annotation, each.name) for each in fields(records.Annotation))


def _record(row: Row[tuple[object, ...]]) -> records.Annotation:
    return records.Annotation(**row._mapping)


class Annotations:
    """Notes; a deleted one stays, marked as such."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, appointment_id: str, annotation_id: str) -> records.Annotation | None:
        """Look up a note of an appointment, deleted or not."""
        query = select(*COLUMNS).where(
            models.Annotation.id == annotation_id,
            models.Annotation.appointment_id == appointment_id,
        )
        row = self._session.execute(query).one_or_none()
        return None if row is None else _record(row)

    def the(self, appointment_id: str, annotation_id: str) -> records.Annotation:
        """Read a note that is known to be there."""
        found = self.get(appointment_id, annotation_id)
        if found is None:
            raise LookupError(annotation_id)
        return found

    def page(
        self,
        appointment_id: str,
        kinds: Collection[AccessType],
        *,
        page_number: int,
        page_size: int,
        newest_first: bool = False,
    ) -> list[records.Annotation]:
        """List a page of an appointment's notes of these kinds, oldest first unless said."""
        order = (models.Annotation.created_at, models.Annotation.id)
        query = (
            select(*COLUMNS)
            .where(*_matching(appointment_id, kinds))
            .order_by(*(each.desc() if newest_first else each.asc() for each in order))
            .limit(page_size)
            .offset((page_number - 1) * page_size)
        )
        return [_record(row) for row in self._session.execute(query)]

    def count(self, appointment_id: str, kinds: Collection[AccessType]) -> int:
        """Count an appointment's notes of these kinds, on every page."""
        query = select(func.count()).select_from(models.Annotation)
        return self._session.execute(query.where(*_matching(appointment_id, kinds))).scalar_one()

    def for_change(self, annotation_id: str) -> models.Annotation:
        """Fetch a note that is known to be there, to be written to."""
        return self._session.get_one(models.Annotation, annotation_id, with_for_update=True)

    def add(self, annotation: models.Annotation) -> None:
        """Add a note."""
        self._session.add(annotation)
        self._session.flush()

    def flush(self) -> None:
        """Send what was changed on fetched notes to the database now."""
        self._session.flush()


def _matching(appointment_id: str, kinds: Collection[AccessType]) -> list[ColumnElement[bool]]:
    return [
        models.Annotation.appointment_id == appointment_id,
        models.Annotation.access_type.in_(kinds),
        models.Annotation.is_deleted.is_(False),
    ]
