"""What is to be planned anew: for one person, or for everybody since the policy is another.

A row is written in the transaction that makes the work necessary, and is gone only when the work
is committed.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage import models

EVERYBODY: Final = "policy"
ONE: Final = "person:"
"""What the name of a row begins with; the person's id follows."""


class Plans:
    """Notes of what is to be planned anew."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_policy(self) -> dict[str, Any] | None:
        """Give what is kept of the policy by which everything was planned."""
        return self._read(EVERYBODY)

    def of_person(self, person_id: str) -> dict[str, Any] | None:
        """Give what is still to be done for a person."""
        return self._read(f"{ONE}{person_id}")

    def next_person(self) -> str | None:
        """Name somebody for whom something is still to be done."""
        names = models.Plan.name
        query = select(names).where(names.like(f"{ONE}%")).order_by(names).limit(1)
        name = self._session.scalar(query)
        return None if name is None else name.removeprefix(ONE)

    def keep_policy(self, value: Mapping[str, Any]) -> None:
        """Write down how far everything is planned, and by what."""
        self._write(EVERYBODY, value)

    def keep_person(self, person_id: str, value: Mapping[str, Any]) -> None:
        """Write down what is to be done for a person."""
        self._write(f"{ONE}{person_id}", value)

    def drop_person(self, person_id: str) -> None:
        """Strike out what was done."""
        self._session.execute(delete(models.Plan).where(models.Plan.name == f"{ONE}{person_id}"))

    def _read(self, name: str) -> dict[str, Any] | None:
        query = select(models.Plan.value).where(models.Plan.name == name)
        return self._session.scalar(query)

    def _write(self, name: str, value: Mapping[str, Any]) -> None:
        self._session.merge(models.Plan(name=name, value=dict(value)))
        self._session.flush()
