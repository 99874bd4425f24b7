"""The outbox: promises of messages, who is sending them, and how fast.

Whether something is due is asked of the clock that the caller passes in; leases and pacing run on
the database's own clock, so that all senders share it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
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


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a sender has to know before it takes the trouble of a claim."""

    next_at: datetime | None
    """When the next pending promise wants a try."""
    lapses_in: timedelta | None
    """How long until the first lease ends that somebody holds; zero or less: it has ended."""


def _is(state: DeliveryState) -> ColumnElement[bool]:
    # Written into the statement: the partial indexes serve a known state only.
    return models.Delivery.state == literal(state, Word(DeliveryState), literal_execute=True)


def _record(row: Row[tuple[Any, ...]]) -> records.Delivery:
    return records.Delivery(**row._mapping)


class Deliveries:
    """Rows of the outbox."""

    def __init__(self, session: Session, database: Database) -> None:
        self._session = session
        self._database = database
        self.earliest: datetime | None = None
        """When the first of the promises made in this transaction is due."""

    def add(self, rows: Iterable[models.Delivery]) -> None:
        """Make promises."""
        for row in rows:
            self._session.add(row)
            self.earliest = min(row.next_at, self.earliest or row.next_at)

    def get(self, delivery_id: int) -> records.Delivery | None:
        """Look a promise up."""
        return next(iter(self.many([delivery_id])), None)

    def many(self, delivery_ids: Collection[int]) -> list[records.Delivery]:
        """Look promises up."""
        query = select(*COLUMNS).where(models.Delivery.id.in_(set(delivery_ids)))
        return [_record(row) for row in self._session.execute(query)]

    def link(self, delivery_id: int, notification_id: str) -> None:
        """Tie a promise to the inbox entry that it puts in front of the person."""
        self._session.execute(
            update(models.Delivery)
            .where(models.Delivery.id == delivery_id)
            .values(notification_id=notification_id)
            .execution_options(synchronize_session=False)
        )

    def of(self, appointment_id: str) -> list[records.Delivery]:
        """List every promise about an appointment in the order of their moments."""
        query = select(*COLUMNS).where(models.Delivery.appointment_id == appointment_id)
        ordered = query.order_by(models.Delivery.due_at, models.Delivery.id)
        return [_record(row) for row in self._session.execute(ordered)]

    def unsettled(self, appointment_id: str, *, revision: int) -> list[records.Delivery]:
        """List the promises made for a revision that are not yet kept: pending or being sent."""
        query = select(*COLUMNS).where(
            models.Delivery.appointment_id == appointment_id,
            models.Delivery.revision == revision,
            models.Delivery.state.in_((DeliveryState.PENDING, DeliveryState.SENDING)),
        )
        return [_record(row) for row in self._session.execute(query)]

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
                _is(DeliveryState.SENDING),
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

    def next_due_at(self) -> datetime | None:
        """Tell when the next pending promise wants a try."""
        return self._session.scalar(select(self._first_due()))

    def next_true_at(self) -> datetime | None:
        """Tell when the next promise that still holds wants a try."""
        holds = models.Delivery.revision == models.Appointment.revision
        query = (
            select(func.min(models.Delivery.next_at))
            .join(models.Appointment, models.Appointment.id == models.Delivery.appointment_id)
            .where(_is(DeliveryState.PENDING), holds)
        )
        return self._session.scalar(query)

    def outlook(self) -> Outlook:
        """Tell in one cheap read whether anything is due, or was left lying by another sender."""
        lapses = select(func.min(models.Delivery.claimed_until)).where(_is(DeliveryState.SENDING))
        query = select(
            self._first_due().label("next_at"),
            lapses.scalar_subquery().label("lapses_at"),
            self._database.now().label("now"),
        )
        row = self._session.execute(query).one()
        lapses_in = None if row.lapses_at is None else row.lapses_at - row.now
        return Outlook(row.next_at, lapses_in)

    def read_clock(self) -> datetime:
        """Tell what the database's own clock says."""
        now: datetime = self._session.execute(select(self._database.now())).scalar_one()
        return now

    def waits(self, keys: Sequence[str]) -> dict[str, timedelta]:
        """Tell how long each of these paces is not free, without taking a place."""
        query = select(models.Pace.key, models.Pace.free_at, self._database.now().label("now"))
        rows = self._session.execute(query.where(models.Pace.key.in_(keys)))
        known = {row.key: max(row.free_at - row.now, timedelta(0)) for row in rows}
        return {key: known.get(key, timedelta(0)) for key in keys}

    def reserve(self, key: str, *, every: timedelta) -> timedelta:
        """Take the next place in a channel's or the workspace's pace; answers how long to wait."""
        free = self._database.latest(models.Pace.free_at, self._database.now())
        query = self._upsert(key, self._database.later(every), self._database.plus(free, every))
        free_at, now = self._session.execute(
            query.returning(models.Pace.free_at, self._database.now().label("now"))
        ).one()
        wait: timedelta = free_at - every - now
        return max(wait, timedelta(0))

    def pause(self, key: str, span: timedelta) -> None:
        """Let nothing leave under this key until the span is over."""
        until = self._database.later(span)
        latest = self._database.latest(models.Pace.free_at, until)
        self._session.execute(self._upsert(key, until, latest))

    def _due(self, now: datetime, limit: int) -> Select[*tuple[Any, ...]]:
        holds = models.Delivery.revision == models.Appointment.revision
        return self._skipping_locked(
            select(models.Delivery.id, holds.label("holds"))
            .join(models.Appointment, models.Appointment.id == models.Delivery.appointment_id)
            .where(_is(DeliveryState.PENDING), models.Delivery.next_at <= now)
            .order_by(models.Delivery.next_at, models.Delivery.id)
            .limit(limit)
        )

    def _first_due(self) -> ScalarSelect[Any]:
        query = select(func.min(models.Delivery.next_at)).where(_is(DeliveryState.PENDING))
        return query.scalar_subquery()

    def _upsert(self, key: str, fresh: ColumnElement[Any], moved: ColumnElement[Any]) -> Any:
        insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
        query: Any = insert(models.Pace).values(key=key, free_at=fresh)
        return query.on_conflict_do_update(
            index_elements=[models.Pace.key], set_={"free_at": moved}
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
        return sorted((_record(row) for row in rows), key=lambda each: (each.next_at, each.id))

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
