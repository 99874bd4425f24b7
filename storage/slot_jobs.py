"""Searches for slots that were left to be done, and what they found."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage import program_models


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotJob:
    """A search that was left, with what was found."""

    id: str
    creator_id: str
    status: str
    request: dict[str, Any]
    result: dict[str, Any]
    created_at: datetime


COLUMNS = tuple(getattr(program_models.SlotJob, each.name) for each in fields(SlotJob))


class SlotJobs:
    """Searches for slots."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, job_id: str) -> SlotJob | None:
        """Look a search up."""
        query = select(*COLUMNS).where(program_models.SlotJob.id == job_id)
        row = self._session.execute(query).one_or_none()
        return None if row is None else SlotJob(**row._mapping)

    def add(self, job: program_models.SlotJob) -> None:
        """Keep a search."""
        self._session.add(job)
        self._session.flush()

    def forget_before(self, moment: datetime) -> None:
        """Drop searches that are too old to be asked about."""
        self._session.execute(
            delete(program_models.SlotJob).where(program_models.SlotJob.created_at < moment)
        )
