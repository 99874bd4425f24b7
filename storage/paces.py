"""How fast messages may leave, on the database's own clock, so that all senders share it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage import models
from storage.claim_statements import statements_for
from storage.engine import Database


class Paces:
    """Places in the pace of a channel or of the workspace."""

    _session: Session
    _database: Database

    def waits(self, keys: Sequence[str]) -> dict[str, timedelta]:
        """Tell how long each of these paces is not free, without taking a place."""
        query = statements_for(is_sqlite=self._database.is_sqlite).waits
        rows = self._session.connection().execute(query, {"keys": list(keys)})
        known = {row.key: max(row.free_at - row.now, timedelta(0)) for row in rows}
        return {key: known.get(key, timedelta(0)) for key in keys}

    def reserve(self, key: str, *, every: timedelta, places: int = 1) -> timedelta:
        """Take the next places in the pace of a channel or of the workspace.

        Answers how long to wait for the first of them.
        """
        span = every * places
        free = self._database.latest(models.Pace.free_at, self._database.now())
        query = self._upsert(key, self._database.later(span), self._database.plus(free, span))
        free_at, now = self._session.execute(
            query.returning(models.Pace.free_at, self._database.now().label("now"))
        ).one()
        wait: timedelta = free_at - span - now
        return max(wait, timedelta(0))

    def pause(self, key: str, span: timedelta) -> None:
        """Let nothing leave under this key until the span is over."""
        until = self._database.later(span)
        latest = self._database.latest(models.Pace.free_at, until)
        self._session.execute(self._upsert(key, until, latest))

    def _upsert(self, key: str, fresh: ColumnElement[Any], moved: ColumnElement[Any]) -> Any:
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        query: Any = insert(models.Pace).values(key=key, free_at=fresh)
        return query.on_conflict_do_update(
            index_elements=[models.Pace.key], set_={"free_at": moved}
        )
