"""The audit trail: rows are only ever added."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import AuditEntry


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
