"""Whether the database was set back to an earlier moment since something was last claimed in it.

A restore, a failover to a server that lags behind, or a copy put in the place of the database loses
what was written last, and with it the knowledge of what was sent. Each claim looks for signs of it
in its own transaction:

- on PostgreSQL the row that is kept here names the start of the server, the database in it, and the
  transaction that wrote the row. A server has to start for its files to be others; a database that
  is made from another has another number; a row that is read from a dump is written in another
  transaction.
- on SQLite the row counts the claims, and a process remembers how far it has counted. What happened
  before a process began, nothing in the file tells.

A sign is no proof: a server that was only started anew is doubted as well.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, literal, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage import models
from storage.claim_statements import DELIVERY
from storage.claims import in_turn, is_in
from storage.engine import Database
from storage.types import DeliveryState

NAME: Final = "deliveries"
TIMELINE: Final[Any] = models.Timeline.__table__
SAID: Final = "said to be restored"
"""What stands for the server of a database that somebody said was restored."""
NOTHING: Final = literal("")
SERVER: Final[Any] = literal_column(
    "pg_postmaster_start_time()::text || ' ' ||"
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)
WRITTEN_IN: Final[Any] = literal_column("(txid_current() % 4294967296)::text")
"""What `xmin` says of a row that is written now."""
XMIN: Final[Any] = literal_column("timelines.xmin::text")
IN_DOUBT: Final = "looked for first: the database may have been set back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of a database's past."""

    doubted_until: datetime | None = None
    """What was due before may have been sent though nothing here says so."""
    counter: int | None = None
    """How far claims were counted, for the next comparison by this process."""
    in_doubt: int | None = None
    """How many promises are in doubt by a sign that was seen just now; None: there was none."""


class Timelines:
    """The past of the database of one open transaction."""

    def __init__(self, session: Session, database: Database) -> None:
        self._session = session
        self._database = database

    def compare(self, *, now: datetime, pause: timedelta, counter: int | None = None) -> Past:
        """Look for signs that the database was set back since a process counted so far.

        What was due before `now` is in doubt then: it is as if somebody had begun to send it, with
        a lease that ends after the `pause`.
        """
        row = self._read()
        if row is None:
            self._write(doubted_until=None)
            row = self._read(is_locked=True)
        if not self._is_as_before(row, counter):
            row = self._read(is_locked=True)
            if not self._is_as_before(row, counter):
                return replace(self.doubt(now=now, pause=pause), counter=self._count())
        return Past(doubted_until=row.doubted_until if row else None, counter=self._count())

    def doubt(self, *, now: datetime, pause: timedelta) -> Past:
        """Put what was due before `now` in doubt, and take the database as it is from now on."""
        self._write(doubted_until=now)
        pending = select(DELIVERY.c.id).where(is_in(DeliveryState.PENDING), DELIVERY.c.due_at < now)
        found = list(self._session.scalars(in_turn(pending)))
        until = self._database.later(pause)
        taken = {
            "state": DeliveryState.SENDING,
            "claim": str(uuid.uuid4()),
            "claimed_at": self._database.now(),
            "claimed_until": until,
            "reason": IN_DOUBT,
        }
        self._session.execute(update(DELIVERY).where(DELIVERY.c.id.in_(found)).values(taken))
        # Whoever has these in hand may send them still.
        held = select(DELIVERY.c.id).where(
            is_in(DeliveryState.SENDING), DELIVERY.c.claimed_until < until
        )
        longer = list(self._session.scalars(in_turn(held)))
        self._session.execute(
            update(DELIVERY).where(DELIVERY.c.id.in_(longer)).values(claimed_until=until)
        )
        return Past(doubted_until=now, in_doubt=len(found))

    def doubt_later(self) -> None:
        """Have everything that is due by the next claim put in doubt then."""
        self._write(doubted_until=None, server=literal(SAID))

    def _is_as_before(self, row: Row[Any] | None, counter: int | None) -> bool:
        if row is None or row.server != row.server_now or row.written_in != row.written_now:
            return False
        return counter is None or row.counter >= counter

    def _read(self, *, is_locked: bool = False) -> Row[Any] | None:
        server, written = (NOTHING, NOTHING) if self._database.is_sqlite else (SERVER, XMIN)
        query = select(TIMELINE, server.label("server_now"), written.label("written_now")).where(
            TIMELINE.c.name == NAME
        )
        if is_locked:
            query = query.with_for_update(of=TIMELINE)
        return self._session.execute(query).one_or_none()

    def _write(self, *, doubted_until: datetime | None, server: Any = None) -> None:
        """Write which database this is; a row that is there keeps its count, and its doubts."""
        is_sqlite = self._database.is_sqlite
        insert = sqlite.insert if is_sqlite else postgresql.insert
        here: dict[str, Any] = {
            "server": (NOTHING if is_sqlite else SERVER) if server is None else server,
            "written_in": NOTHING if is_sqlite else WRITTEN_IN,
        }
        if doubted_until is not None:
            here["doubted_until"] = doubted_until
        query: Any = insert(TIMELINE).values(name=NAME, counter=0, **here)
        self._session.execute(query.on_conflict_do_update(index_elements=["name"], set_=here))

    def _count(self) -> int | None:
        """Count a claim; only where one is written at a time, so that nobody waits for it."""
        if not self._database.is_sqlite:
            return None
        counted = update(TIMELINE).where(TIMELINE.c.name == NAME)
        query = counted.values(counter=TIMELINE.c.counter + 1).returning(TIMELINE.c.counter)
        return int(self._session.execute(query).scalar_one())
