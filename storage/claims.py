"""How any number of senders share the outbox: each takes what is due, and settles what it took.

Whether something is due is asked of the clock that the caller passes in; leases run on the
database's own clock, so that all senders share it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, literal, select, update
from sqlalchemy.orm import Session

from storage import models, records
from storage.claim_statements import APPOINTMENT, COLUMNS, DELIVERY, Statements, statements_for
from storage.engine import Database
from storage.types import DeliveryState, Word

SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How one try ended."""

    state: DeliveryState
    channel: str | None = None
    message_ts: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message that is there, with the claim under which it was sent."""

    delivery_id: int
    claim: str
    channel: str
    message_ts: str


def is_in(state: DeliveryState) -> ColumnElement[bool]:
    """Say in SQL that a promise is in a state."""
    # Written into the statement: the partial indexes serve a known state only.
    return models.Delivery.state == literal(state, Word(DeliveryState), literal_execute=True)


def in_turn(query: Select[Any]) -> Select[Any]:
    """Lock the rows that are read, in one order for all, so that nobody waits in a circle."""
    promise = DELIVERY.c.appointment_id, DELIVERY.c.revision, DELIVERY.c.kind
    order = *promise, DELIVERY.c.person_id, DELIVERY.c.occurrence
    return query.order_by(*order).with_for_update(of=DELIVERY)


def record_of(row: Row[tuple[Any, ...]]) -> records.Delivery:
    """Read one row of COLUMNS."""
    values: tuple[Any, ...] = tuple(row)
    return records.Delivery(*values)


def _urgency(delivery: records.Delivery) -> tuple[bool, datetime, int]:
    return delivery.appointment_id is None, delivery.next_at, delivery.id


class Claims:
    """Promises in the hands of senders."""

    superseded = 0
    """How many promises a claim in this transaction found to be no longer true."""

    def __init__(self, session: Session, database: Database) -> None:
        self._session = session
        self._database = database

    @cached_property
    def _statements(self) -> Statements:
        return statements_for(is_sqlite=self._database.is_sqlite)

    @cached_property
    def _connection(self) -> Connection:
        # Past the unit of work: rows by the hundred are read and written here.
        return self._session.connection()

    def claim(
        self, *, now: datetime, limit: int, lease: timedelta, claim: str, general: int | None = None
    ) -> list[records.Delivery]:
        """Take the promises that are due and still true; retire those that are not.

        What is about a session comes first, in due order; what is about a day or a week gets the
        places that are left, and no more of them than `general`. What is taken is ours until the
        lease ends; any number of senders may call this.
        """
        taken = self._find_true(now, limit)
        left = limit - len(taken)
        if places := left if general is None else min(left, general):
            given = {"now": now, "places": places}
            taken += self._connection.scalars(self._statements.due_general, given)
        return self._take(taken, lease=lease, claim=claim) if taken else []

    def _find_true(self, now: datetime, limit: int) -> list[int]:
        given = {"now": now, "places": limit}
        while limit and (rows := self._connection.execute(self._statements.due, given).all()):
            self._retire([row.id for row in rows if not row.holds])
            if taken := [row.id for row in rows if row.holds]:
                return taken
        return []

    def shorten_leases(self, lease: timedelta, *, beyond: timedelta) -> None:
        """Let leases that end later than any may be ones of now: a clock was ahead that gave them.

        `beyond`: how far ahead a lease may end.
        """
        too_long = models.Delivery.claimed_until > self._database.later(beyond)
        query = select(models.Delivery.id).where(is_in(DeliveryState.SENDING), too_long)
        if found := list(self._session.scalars(in_turn(query))):
            values = {
                "claimed_at": self._database.now(),
                "claimed_until": self._database.later(lease),
            }
            self._session.execute(update(DELIVERY).where(DELIVERY.c.id.in_(found)).values(values))

    def reclaim(
        self, *, limit: int, lease: timedelta, claim: str, now: datetime | None = None
    ) -> list[records.Delivery]:
        """Take over what another sender began and did not settle before its lease ended.

        `now` is what the database's clock said in this transaction, where it was asked.
        The message may have left: whoever takes it over must find out before sending again.
        """
        lapsed = (
            select(models.Delivery.id)
            .where(
                is_in(DeliveryState.SENDING),
                models.Delivery.claimed_until <= (self._database.now() if now is None else now),
            )
            .order_by(models.Delivery.claimed_until)
            .limit(limit)
        )
        found = list(self._session.scalars(self._skipping_locked(lapsed)))
        if not found:
            return []
        values = {"claim": claim, "claimed_until": self._database.later(lease)}
        query = update(DELIVERY).where(DELIVERY.c.id.in_(found)).values(values)
        return self._returning(query.returning(*COLUMNS), {})

    def lock(self, delivery_ids: Sequence[int]) -> None:
        """Lock rows that are about to be settled, before anything else is."""
        if not self._database.is_sqlite:
            query = select(DELIVERY.c.id).where(DELIVERY.c.id.in_(delivery_ids))
            self._connection.execute(in_turn(query))

    def settle(self, delivery_id: int, claim: str, settlement: Settlement) -> bool:
        """Write how a try ended; answers no when the promise is no longer this claim's."""
        kept = {} if settlement.state is DeliveryState.SENT else {"refresh_at": None}
        return self._write_claimed(
            delivery_id,
            claim,
            **asdict(settlement),
            **kept,
            settled_at=self._database.now(),
        )

    def settle_sent(self, arrivals: Sequence[Arrival]) -> None:
        """Write down that messages are there; what is no longer its claim's is left alone."""
        rows = [[each.delivery_id, each.claim, each.channel, each.message_ts] for each in arrivals]
        if rows:
            self._connection.execute(self._statements.settle_sent, {"arrivals": json.dumps(rows)})

    def put_back(
        self,
        delivery_id: int,
        claim: str,
        *,
        next_at: datetime,
        reason: str,
        sought_at: datetime | None = None,
    ) -> bool:
        """Return a promise whose message certainly did not leave, to be tried again.

        `sought_at`: when its conversation was searched for it, where that was done.
        """
        sought = {} if sought_at is None else {"sought_at": sought_at}
        return self._write_claimed(
            delivery_id,
            claim,
            state=DeliveryState.PENDING,
            next_at=next_at,
            reason=reason,
            **sought,
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

    def _skipping_locked(self, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        return query.with_for_update(skip_locked=True, of=DELIVERY)

    def _retire(self, delivery_ids: list[int]) -> None:
        if not delivery_ids:
            return
        latest = select(APPOINTMENT.c.revision).where(APPOINTMENT.c.id == DELIVERY.c.appointment_id)
        result: Any = self._session.execute(
            update(DELIVERY)
            .where(
                DELIVERY.c.id.in_(delivery_ids),
                # Asked anew: a change that came between carries a promise over, and PostgreSQL
                # compares what is locked then with the session as it stood before.
                DELIVERY.c.revision != latest.scalar_subquery(),
            )
            .values(state=DeliveryState.STALE, reason=SUPERSEDED, settled_at=self._database.now())
        )
        self.superseded += result.rowcount

    def _take(
        self, delivery_ids: list[int], *, lease: timedelta, claim: str
    ) -> list[records.Delivery]:
        ids = json.dumps([[each] for each in delivery_ids])
        given = {"ids": ids, "lease": lease, "given_claim": claim}
        return self._returning(self._statements.take, given)

    def _returning(self, query: Any, given: Mapping[str, Any]) -> list[records.Delivery]:
        rows = self._connection.execute(query, given)
        return sorted((record_of(row) for row in rows), key=_urgency)

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
