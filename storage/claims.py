"""How any number of senders share the outbox: each takes what is due, and settles what it took.

Whether something is due is asked of the clock that the caller passes in; leases run on the
database's own clock, so that all senders share it.
"""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal, select, update
from sqlalchemy.orm import Session

from storage import models, records
from storage.engine import Database
from storage.types import DeliveryState, Word

COLUMNS = tuple(getattr(models.Delivery, each.name) for each in fields(records.Delivery))
SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How one try ended."""

    state: DeliveryState
    channel: str | None = None
    message_ts: str | None = None
    reason: str | None = None


def is_in(state: DeliveryState) -> ColumnElement[bool]:
    """Say in SQL that a promise is in a state."""
    # Written into the statement: the partial indexes serve a known state only.
    return models.Delivery.state == literal(state, Word(DeliveryState), literal_execute=True)


def record_of(row: Row[tuple[Any, ...]]) -> records.Delivery:
    """Read one row."""
    return records.Delivery(**row._mapping)


class Claims:
    """Promises in the hands of senders."""

    def __init__(self, session: Session, database: Database) -> None:
        self._session = session
        self._database = database

    def claim(
        self, *, now: datetime, limit: int, lease: timedelta, claim: str
    ) -> list[records.Delivery]:
        """Take the promises that are due and still true; retire those that are not.

        What is taken is ours until the lease ends; any number of senders may call this.
        """
        while rows := self._session.execute(self._due(now, limit)).all():
            self._retire([row.id for row in rows if not row.holds])
            if taken := [row.id for row in rows if row.holds]:
                return self._take(taken, lease=lease, claim=claim)
        return []

    def reclaim(self, *, limit: int, lease: timedelta, claim: str) -> list[records.Delivery]:
        """Take over what another sender began and did not settle before its lease ended.

        The message may have left: whoever takes it over must find out before sending again.
        """
        lapsed = (
            select(models.Delivery.id)
            .where(
                is_in(DeliveryState.SENDING),
                models.Delivery.claimed_until <= self._database.now(),
            )
            .order_by(models.Delivery.claimed_until)
            .limit(limit)
        )
        found = list(self._session.scalars(self._skipping_locked(lapsed)))
        if not found:
            return []
        values = {"claim": claim, "claimed_until": self._database.later(lease)}
        query = update(models.Delivery).where(models.Delivery.id.in_(found)).values(values)
        return self._returning(query)

    def settle(self, delivery_id: int, claim: str, settlement: Settlement) -> bool:
        """Write how a try ended; answers no when the promise is no longer this claim's."""
        return self._write_claimed(
            delivery_id,
            claim,
            **asdict(settlement),
            settled_at=self._database.now(),
        )

    def put_back(self, delivery_id: int, claim: str, *, next_at: datetime, reason: str) -> bool:
        """Return a promise whose message certainly did not leave, to be tried again."""
        return self._write_claimed(
            delivery_id, claim, state=DeliveryState.PENDING, next_at=next_at, reason=reason
        )

    def release(self, delivery_id: int, claim: str, *, next_at: datetime, reason: str) -> bool:
        """Return a promise that was claimed and not tried: it does not count as an attempt."""
        return self._write_claimed(
            delivery_id,
            claim,
            state=DeliveryState.PENDING,
            next_at=next_at,
            reason=reason,
            attempts=models.Delivery.attempts - 1,
        )

    def leave_unsure(self, delivery_id: int, claim: str, *, pause: timedelta, reason: str) -> bool:
        """End the lease early for a message that may or may not have left: reconcile it soon."""
        return self._write_claimed(
            delivery_id, claim, claimed_until=self._database.later(pause), reason=reason
        )

    def _due(self, now: datetime, limit: int) -> Select[*tuple[Any, ...]]:
        holds = models.Delivery.revision == models.Appointment.revision
        return self._skipping_locked(
            select(models.Delivery.id, holds.label("holds"))
            .join(models.Appointment, models.Appointment.id == models.Delivery.appointment_id)
            .where(is_in(DeliveryState.PENDING), models.Delivery.next_at <= now)
            .order_by(models.Delivery.next_at, models.Delivery.id)
            .limit(limit)
        )

    def _skipping_locked(self, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        return query.with_for_update(skip_locked=True, of=models.Delivery)

    def _retire(self, delivery_ids: list[int]) -> None:
        if delivery_ids:
            self._session.execute(
                update(models.Delivery)
                .where(models.Delivery.id.in_(delivery_ids))
                .values(
                    state=DeliveryState.STALE, reason=SUPERSEDED, settled_at=self._database.now()
                )
            )

    def _take(
        self, delivery_ids: list[int], *, lease: timedelta, claim: str
    ) -> list[records.Delivery]:
        query = (
            update(models.Delivery)
            .where(models.Delivery.id.in_(delivery_ids))
            .values(
                state=DeliveryState.SENDING,
                claim=claim,
                claimed_at=self._database.now(),
                claimed_until=self._database.later(lease),
                attempts=models.Delivery.attempts + 1,
            )
        )
        return self._returning(query)

    def _returning(self, query: Any) -> list[records.Delivery]:
        rows = self._session.execute(
            query.returning(*COLUMNS).execution_options(synchronize_session=False)
        )
        return sorted((record_of(row) for row in rows), key=lambda each: (each.next_at, each.id))

    def _write_claimed(self, delivery_id: int, claim: str, **values: Any) -> bool:
        result: Any = self._session.execute(
            update(models.Delivery)
            .where(
                models.Delivery.id == delivery_id,
                models.Delivery.claim == claim,
                models.Delivery.state == DeliveryState.SENDING,
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return bool(result.rowcount == 1)
