"""How fast messages may leave, on the database's own clock, so that all senders share it.

A clock may be set back. What was written by a clock that was ahead lies no further ahead than it
did when it was written: an hour that never was holds nobody up.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import Grouping

from storage import models
from storage.claim_statements import PACE, statements_for
from storage.engine import Database

NOTHING: Final = timedelta(0)


class Paces:
    """Places in the pace of a channel or of the workspace."""

    _session: Session
    _database: Database

    def waits(self, keys: Sequence[str]) -> dict[str, timedelta]:
        """Tell how long each of these paces is not free, without taking a place.

        What was written by a clock that was ahead is counted from now.
        """
        query = statements_for(is_sqlite=self._database.is_sqlite).waits
        rows = self._session.connection().execute(query, {"keys": list(keys)}).all()
        for row in rows:
            if row.written_at > row.now:
                self._count_from_now(row.key)
        known = {row.key: min(row.free_at - row.now, row.free_at - row.written_at) for row in rows}
        return {key: max(known.get(key, NOTHING), NOTHING) for key in keys}

    def reserve(self, key: str, *, every: timedelta, places: int = 1) -> timedelta:
        """Take the next places in the pace of a channel or of the workspace.

        Answers how long to wait for the first of them.
        """
        span = every * places
        free = self._database.latest(self._free_at, self._database.now())
        query = self._upsert(key, self._database.later(span), self._database.plus(free, span))
        free_at, now = self._session.execute(
            query.returning(models.Pace.free_at, self._database.now().label("now"))
        ).one()
        wait: timedelta = free_at - span - now
        return max(wait, NOTHING)

    def pause(self, key: str, span: timedelta) -> None:
        """Let nothing leave under this key until the span is over."""
        until = self._database.later(span)
        latest = self._database.latest(self._free_at, until)
        self._session.execute(self._upsert(key, until, latest))

    @property
    def _free_at(self) -> ColumnElement[Any]:
        """When a pace is free, as an SQL expression: no further ahead than when it was written."""
        length = Grouping(PACE.c.free_at - PACE.c.written_at)
        return self._database.earliest(PACE.c.free_at, self._database.later(length))

    def _count_from_now(self, key: str) -> None:
        values = {"free_at": self._free_at, "written_at": self._database.now()}
        self._session.execute(update(PACE).where(PACE.c.key == key).values(values))

    def _upsert(self, key: str, fresh: ColumnElement[Any], moved: ColumnElement[Any]) -> Any:
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        now = self._database.now()
        query: Any = insert(models.Pace).values(key=key, free_at=fresh, written_at=now)
        return query.on_conflict_do_update(
            index_elements=[models.Pace.key], set_={"free_at": moved, "written_at": now}
        )
