"""The outbox: promises of messages, who is sending them, and how fast.

Whether something is due is asked of the clock that the caller passes in; leases and pacing run on
the database's own clock, so that all senders share it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage import models, records
from storage.claim_statements import COLUMNS, DELIVERY, first_due
from storage.claims import SUPERSEDED, Claims, Settlement, in_turn, is_in, record_of
from storage.engine import Database
from storage.paces import Paces
from storage.refreshing import Refreshing
from storage.types import DeliveryState

__all__ = ["SUPERSEDED", "Deliveries", "Outlook", "Settlement"]

LONGEST_USUAL_DELAY: Final = timedelta(minutes=10)
"""So far ahead is looked for promises that were due and have to wait for another try."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a sender has to know before it takes the trouble of a claim."""

    now: datetime
    """What the database's own clock says."""
    next_at: datetime | None
    """When the next pending promise wants a try."""
    lapses_in: timedelta | None
    """How long until the first lease ends that somebody holds; zero or less: it has ended."""
    refresh_at: datetime | None = None
    """When the next message that was sent is to be shown anew."""
    ahead_at: datetime | None = None
    """When the next pending promise wants a try that does not want one yet."""


class Deliveries(Claims, Paces, Refreshing):
    """Rows of the outbox."""

    def __init__(self, session: Session, database: Database) -> None:
        super().__init__(session, database)
        self.earliest: datetime | None = None
        """When the first of the promises made in this transaction is due."""

    def add(self, rows: Iterable[models.Delivery]) -> None:
        """Make promises."""
        for row in rows:
            self._session.add(row)
            self.earliest = min(row.next_at, self.earliest or row.next_at)

    def add_once(self, row: models.Delivery) -> None:
        """Make a promise, unless somebody made the very same at this moment."""
        columns = [each.name for each in models.Delivery.__table__.columns if each.name != "id"]
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        query = insert(models.Delivery).values({each: getattr(row, each) for each in columns})
        self._session.execute(query.on_conflict_do_nothing())
        self.earliest = min(row.next_at, self.earliest or row.next_at)

    def get(self, delivery_id: int) -> records.Delivery | None:
        """Look a promise up."""
        return next(iter(self.many([delivery_id])), None)

    def many(self, delivery_ids: Collection[int]) -> list[records.Delivery]:
        """Look promises up."""
        query = select(*COLUMNS).where(models.Delivery.id.in_(set(delivery_ids)))
        return [record_of(row) for row in self._session.execute(query)]

    def link(self, entries: Mapping[int, str]) -> None:
        """Tie promises to the inbox entries that they put in front of people."""
        tied = (
            update(DELIVERY)
            .where(DELIVERY.c.id == bindparam("tied_id"))
            .values(notification_id=bindparam("tied_to"))
        )
        rows = [{"tied_id": each, "tied_to": entry} for each, entry in entries.items()]
        if rows:
            self._session.connection().execute(tied, rows)

    def of(self, appointment_id: str) -> list[records.Delivery]:
        """List every promise about an appointment in the order of their moments."""
        query = select(*COLUMNS).where(models.Delivery.appointment_id == appointment_id)
        ordered = query.order_by(models.Delivery.due_at, models.Delivery.id)
        return [record_of(row) for row in self._session.execute(ordered)]

    def unsettled(self, appointment_id: str, *, revision: int) -> list[records.Delivery]:
        """List the promises made for a revision that are not yet kept: pending or being sent.

        They are locked, so that no sender begins with one while it is decided whether it holds.
        """
        query = select(*COLUMNS).where(
            models.Delivery.appointment_id == appointment_id,
            models.Delivery.revision == revision,
            models.Delivery.state.in_((DeliveryState.PENDING, DeliveryState.SENDING)),
        )
        return [record_of(row) for row in self._session.execute(in_turn(query))]

    def still_holds(self, promise: records.Delivery) -> bool:
        """Answer whether a promise is in the same hands, about its session as it stood then."""
        query = select(models.Delivery.id).where(
            models.Delivery.id == promise.id,
            models.Delivery.claim == promise.claim,
            is_in(DeliveryState.SENDING),
            models.Delivery.revision == promise.revision,
        )
        if promise.appointment_id is not None:
            query = query.where(
                select(models.Appointment.id)
                .where(
                    models.Appointment.id == promise.appointment_id,
                    models.Appointment.revision == promise.revision,
                )
                .exists()
            )
        return self._session.scalar(query) is not None

    def restamp(self, delivery_ids: Collection[int], *, revision: int) -> None:
        """Carry promises over to the appointment's new revision: they still hold."""
        self._session.execute(
            update(models.Delivery)
            .where(
                models.Delivery.id.in_(delivery_ids),
                models.Delivery.state.in_((DeliveryState.PENDING, DeliveryState.SENDING)),
            )
            .values(revision=revision)
        )

    def next_due_at(self) -> datetime | None:
        """Tell when the next pending promise wants a try."""
        return self._session.scalar(select(first_due()))

    def next_true_at(self) -> datetime | None:
        """Tell when the next promise that still holds wants a try."""
        holds = or_(
            models.Delivery.appointment_id.is_(None),
            models.Delivery.revision == models.Appointment.revision,
        )
        query = (
            select(func.min(models.Delivery.next_at))
            .outerjoin(models.Appointment, models.Appointment.id == models.Delivery.appointment_id)
            .where(is_in(DeliveryState.PENDING), holds)
        )
        return self._session.scalar(query)

    def outlook(self, now: datetime) -> Outlook:
        """Tell in one cheap read whether anything is due, was left lying, or is no longer true."""
        row = self._connection.execute(self._statements.outlook, {"now": now}).one()
        lapses_in = None if row.lapses_at is None else row.lapses_at - row.now
        return Outlook(row.now, row.next_at, lapses_in, row.refresh_at, row.ahead_at)

    def backlog(self, now: datetime) -> tuple[int, datetime | None]:
        """Count the promises that are due and not settled, and tell when the first was due."""
        counted = select(func.count(), func.min(models.Delivery.due_at)).where(
            models.Delivery.due_at <= now
        )
        soon = models.Delivery.next_at <= now + LONGEST_USUAL_DELAY
        # Apart, so that each is answered from the index of its state.
        waiting = counted.where(is_in(DeliveryState.PENDING), soon)
        leaving = counted.where(is_in(DeliveryState.SENDING))
        found = [tuple[Any, ...](self._session.execute(each).one()) for each in (waiting, leaving)]
        firsts: list[datetime] = [first for _, first in found if first is not None]
        return sum(count for count, _ in found), min(firsts, default=None)

    def read_clock(self) -> datetime:
        """Tell what the database's own clock says."""
        now: datetime = self._session.execute(select(self._database.now())).scalar_one()
        return now
