"""The audit trail: rows are only ever added."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import AuditEntry, Notification, Person


class Audit:
    """Who changed what, when, through which front end."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entry: AuditEntry) -> None:
        """Write one entry."""
        self._session.add(entry)

    def of(self, entity: str, entity_id: str) -> list[AuditEntry]:
        """List what happened to one thing, oldest first."""
        query = select(AuditEntry).where(
            AuditEntry.entity == entity, AuditEntry.entity_id == entity_id
        )
        return list(self._session.scalars(query.order_by(AuditEntry.id)))

    def latest(self, slack_user_ids: Collection[str]) -> tuple[int, datetime | None]:
        """Give the number of the last entry, and when these accounts last got a notification."""
        told = (
            select(func.max(Notification.created_at))
            .join(Person, Person.id == Notification.person_id)
            .where(Person.slack_user_id.in_(slack_user_ids))
        )
        query = select(func.coalesce(func.max(AuditEntry.id), 0), told.scalar_subquery())
        number, at = self._session.execute(query).one()
        return number, at
