"""Half-written forms: one per person and session, and one per person for a new session."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage import models, records

NEW = "new"


class Drafts:
    """What people typed and have not sent."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, person_id: str, subject: str) -> records.Draft | None:
        """Look up what somebody typed about a subject: an appointment's id, or `new`."""
        query = select(models.Draft.typed, models.Draft.began_with, models.Draft.updated_at).where(
            models.Draft.person_id == person_id, models.Draft.subject == subject
        )
        row = self._session.execute(query).one_or_none()
        return None if row is None else records.Draft(**row._mapping)

    def keep(
        self,
        person_id: str,
        subject: str,
        *,
        typed: dict[str, Any],
        began_with: dict[str, Any],
        now: datetime,
    ) -> None:
        """Write what somebody typed, in place of what was kept; its beginning is kept as well."""
        row = self._session.get(models.Draft, (person_id, subject))
        if row is None:
            row = models.Draft(
                person_id=person_id,
                subject=subject,
                typed=typed,
                began_with=began_with,
                created_at=now,
                updated_at=now,
            )
            self._session.add(row)
        row.typed, row.began_with, row.updated_at = typed, began_with, now
        self._session.flush()

    def drop(self, person_id: str, subject: str) -> None:
        """Forget what somebody typed about a subject."""
        self._session.execute(
            delete(models.Draft).where(
                models.Draft.person_id == person_id, models.Draft.subject == subject
            )
        )

    def forget_before(self, moment: datetime) -> None:
        """Drop what nobody came back to."""
        self._session.execute(delete(models.Draft).where(models.Draft.updated_at < moment))
