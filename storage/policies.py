"""What administrators decided differently from the installation's settings."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage import models


class Policies:
    """Decisions by name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> dict[str, Any]:
        """Give every decision that was made."""
        rows = self._session.execute(select(models.PolicyValue.name, models.PolicyValue.value))
        return {row.name: row.value["value"] for row in rows}

    def replace(self, values: Mapping[str, Any]) -> None:
        """Write all decisions, in place of those before."""
        self._session.execute(delete(models.PolicyValue))
        self._session.add_all(
            models.PolicyValue(name=name, value={"value": value}) for name, value in values.items()
        )
        self._session.flush()
