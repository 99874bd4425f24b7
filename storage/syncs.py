"""How far something is read from outside, and whose turn it is, on the database's own clock."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.account_models import Sync
from storage.engine import Database

TABLE: Final[Any] = Sync.__table__


class Syncs:
    """Leases on what several processes read from outside, each page of it once."""

    def __init__(self, session: Session, database: Database) -> None:
        self._session = session
        self._database = database

    def look(self, name: str, *, away_after: timedelta) -> None:
        """Note that somebody is there; after a gap in which nobody was, it is due at once."""
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        now = self._database.now()
        was_away = TABLE.c.seen_at < self._database.later(-away_after)
        query: Any = insert(Sync).values(name=name, seen_at=now, cursor="")
        query = query.on_conflict_do_update(
            index_elements=[Sync.name],
            set_={
                "seen_at": now,
                "finished_at": case((was_away, None), else_=TABLE.c.finished_at),
                "cursor": case((was_away, ""), else_=TABLE.c.cursor),
            },
        )
        self._session.execute(query)

    def begin_anew(self, name: str) -> None:
        """Let all of it be read again, from the start and as soon as somebody can."""
        self._session.execute(
            update(Sync)
            .where(TABLE.c.name == name)
            .values(finished_at=None, cursor="", holder=None, held_until=None)
            .execution_options(synchronize_session=False)
        )

    def take(self, name: str, holder: str, *, every: timedelta, lease: timedelta) -> str | None:
        """Take the next page in hand; answers its cursor, None where nothing is due for us."""
        now = self._database.now()
        query = (
            update(Sync)
            .where(
                TABLE.c.name == name,
                or_(TABLE.c.held_until.is_(None), TABLE.c.held_until <= now),
                or_(
                    TABLE.c.finished_at.is_(None),
                    TABLE.c.finished_at <= self._database.later(-every),
                ),
            )
            .values(holder=holder, held_until=self._database.later(lease))
            .returning(TABLE.c.cursor)
            .execution_options(synchronize_session=False)
        )
        row = self._session.execute(query).first()
        return None if row is None else str(row.cursor)

    def go_on(self, name: str, holder: str, cursor: str, *, lease: timedelta) -> bool:
        """Write down how far it is, and hold it longer; answers whether it is still ours."""
        values = {"cursor": cursor, "held_until": self._database.later(lease)}
        return self._write(name, holder, values)

    def finish(self, name: str, holder: str) -> bool:
        """Write down that the last page was read; answers whether it was still ours."""
        values = {"cursor": "", "held_until": None, "holder": None}
        return self._write(name, holder, {**values, "finished_at": self._database.now()})

    def put_off(self, name: str, holder: str, wait: timedelta, *, anew: str | None) -> bool:
        """Let anybody go on after a while; `anew` is where, None where it stopped."""
        values = {"held_until": self._database.later(wait), "holder": None}
        return self._write(name, holder, values | ({} if anew is None else {"cursor": anew}))

    def _write(self, name: str, holder: str, values: dict[str, Any]) -> bool:
        query = (
            update(Sync)
            .where(TABLE.c.name == name, TABLE.c.holder == holder)
            .values(**values)
            .returning(TABLE.c.name)
            .execution_options(synchronize_session=False)
        )
        return self._session.execute(query).first() is not None

    def is_done(self, name: str) -> bool:
        """Answer whether all of it was read at least once since anybody was away."""
        query = select(TABLE.c.finished_at).where(TABLE.c.name == name)
        return self._session.scalar(query) is not None
