"""What was heard from Slack: who has it in hand, on the database's own clock, and what is done."""

import enum
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.act_models import Act
from storage.engine import Database


class Hold(enum.Enum):
    """What became of an attempt to take something in hand."""

    OURS = "ours"
    OTHERS = "others"
    """Somebody else is at it."""
    DONE = "done"


class Acts:
    """Things that are done once, however often they are heard of."""

    def __init__(self, session: Session, database: Database) -> None:
        self._session = session
        self._database = database

    def take(self, key: str, *, lease: timedelta) -> Hold:
        """Take something in hand that nobody has in hand, or that was left lying."""
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        now, until = self._database.now(), self._database.later(lease)
        query: Any = insert(Act).values(key=key, seen_at=now, held_until=until)
        query = query.on_conflict_do_update(
            index_elements=[Act.key],
            set_={"held_until": until, "seen_at": now},
            # A clock that was ahead when it was seen must not hold it for as long as it was.
            where=or_(Act.held_until <= now, Act.seen_at > now),
        )
        if self._session.execute(query.returning(Act.key)).first() is not None:
            return Hold.OURS
        return self.look(key)

    def look(self, key: str) -> Hold:
        """Tell how far something has come that was heard of; OURS: nobody has it in hand."""
        query = select(Act.held_until, Act.seen_at, self._database.now().label("now")).where(
            Act.key == key
        )
        row = self._session.execute(query).one_or_none()
        if row is None:
            return Hold.OURS
        if row.held_until is None:
            return Hold.DONE
        return Hold.OTHERS if row.seen_at <= row.now < row.held_until else Hold.OURS

    def finish(self, key: str) -> None:
        """Write down that something is done."""
        self._session.execute(update(Act).where(Act.key == key).values(held_until=None))

    def let_go(self, key: str) -> None:
        """Leave something undone, so that it is done when it is heard of again."""
        self._session.execute(delete(Act).where(Act.key == key, Act.held_until.is_not(None)))

    def forget(self, age: timedelta) -> None:
        """Drop what nobody will hear of again."""
        self._session.execute(delete(Act).where(Act.seen_at < self._database.later(-age)))
