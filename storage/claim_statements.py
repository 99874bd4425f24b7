"""The statements with which senders take promises and settle them: each is built once.

A statement that is built anew costs more than the database needs to answer it, and these run for
every batch of every sender.
"""

from dataclasses import fields
from functools import cached_property, lru_cache
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    Text,
    Update,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    update,
)

from storage import models, records
from storage.dialect import Dialect
from storage.types import DeliveryState, Instant, Span, Word

DELIVERY: Final[Any] = models.Delivery.__table__
APPOINTMENT: Final[Any] = models.Appointment.__table__
PACE: Final[Any] = models.Pace.__table__
COLUMNS: Final = tuple(DELIVERY.c[each.name] for each in fields(records.Delivery))
PENDING: Final = literal_column("'pending'", Word(DeliveryState))
SENDING: Final = literal_column("'sending'", Word(DeliveryState))
SENT: Final = literal_column("'sent'", Word(DeliveryState))
"""Written into the statements: the partial indexes serve a known state only."""
NOW: Final = bindparam("now", type_=Instant())
LEASE: Final = bindparam("lease", type_=Span())
IDS: Final = bindparam("ids", type_=Text())
PLACES: Final = bindparam("places", type_=BigInteger())
ARRIVALS: Final = bindparam("arrivals", type_=Text())


class Statements:
    """What senders say to one kind of database."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    @cached_property
    def due(self) -> Select[Any]:
        """What is due at `now` about a session, `places` of it, and whether it still holds."""
        holds = DELIVERY.c.revision == APPOINTMENT.c.revision
        return (
            select(DELIVERY.c.id, holds.label("holds"))
            .join_from(DELIVERY, APPOINTMENT, APPOINTMENT.c.id == DELIVERY.c.appointment_id)
            .where(DELIVERY.c.state == PENDING, DELIVERY.c.next_at <= NOW)
            .order_by(DELIVERY.c.next_at, DELIVERY.c.id)
            .limit(PLACES)
            .with_for_update(skip_locked=True, of=DELIVERY)
        )

    @cached_property
    def due_general(self) -> Select[Any]:
        """What is due at `now` about a day or a week, `places` of it."""
        return (
            select(DELIVERY.c.id)
            .where(
                DELIVERY.c.state == PENDING,
                DELIVERY.c.next_at <= NOW,
                DELIVERY.c.appointment_id.is_(None),
            )
            .order_by(DELIVERY.c.next_at, DELIVERY.c.id)
            .limit(PLACES)
            .with_for_update(skip_locked=True, of=DELIVERY)
        )

    @cached_property
    def take(self) -> Update:
        """Take promises by their `ids`, [id] of each, into the hands of a claim for a `lease`."""
        ids = select(cast(_part(self._elements(IDS), 0), BigInteger))
        return (
            update(DELIVERY)
            .where(DELIVERY.c.id.in_(ids))
            .values(
                state=SENDING,
                claim=bindparam("given_claim"),
                claimed_at=self._dialect.now(),
                claimed_until=self._dialect.later(LEASE),
                attempts=DELIVERY.c.attempts + 1,
                # Nothing of it was ever seen: it is put into words from what is true now.
                told_starts_at=null(),
                refresh_at=null(),
            )
            .returning(*COLUMNS)
        )

    @cached_property
    def settle_sent(self) -> Update:
        """Settle the `arrivals` whose claim still holds: [id, claim, channel, stamp] of each."""
        arrival = self._elements(ARRIVALS)
        delivery_id, claim, channel, message_ts = (_part(arrival, n) for n in range(4))
        return (
            update(DELIVERY)
            .where(
                DELIVERY.c.id == cast(delivery_id, BigInteger),
                DELIVERY.c.claim == claim,
                DELIVERY.c.state == SENDING,
            )
            .values(
                state=SENT,
                channel=channel,
                message_ts=message_ts,
                reason=null(),
                settled_at=self._dialect.now(),
            )
        )

    @cached_property
    def outlook(self) -> Select[Any]:
        """When there is something to do, and what the database's clock says meanwhile."""
        lapses = select(func.min(DELIVERY.c.claimed_until)).where(DELIVERY.c.state == SENDING)
        outdated = select(func.min(DELIVERY.c.refresh_at)).where(
            DELIVERY.c.refresh_at.is_not(None), DELIVERY.c.state == SENT
        )
        return select(
            first_due().label("next_at"),
            lapses.scalar_subquery().label("lapses_at"),
            outdated.scalar_subquery().label("refresh_at"),
            first_due(DELIVERY.c.next_at > NOW).label("ahead_at"),
            self._dialect.now().label("now"),
        )

    @cached_property
    def waits(self) -> Select[Any]:
        """Until when the paces of some `keys` are taken, and what the database's clock says."""
        now = self._dialect.now().label("now")
        return select(PACE.c.key, PACE.c.free_at, PACE.c.written_at, now).where(
            PACE.c.key.in_(bindparam("keys", expanding=True))
        )

    def _elements(self, given: ColumnElement[Any]) -> ColumnElement[Any]:
        read = given if self._dialect.is_sqlite else cast(given, JSON)
        value: ColumnElement[Any] = self._dialect.elements(read).c.value
        return value


@lru_cache(maxsize=2)
def statements_for(*, is_sqlite: bool) -> Statements:
    """Give the statements for a kind of database."""
    return Statements(Dialect(is_sqlite=is_sqlite))


def first_due(*where: ColumnElement[bool]) -> ScalarSelect[Any]:
    """When the first pending promise wants a try, of those for which this holds."""
    query = select(func.min(DELIVERY.c.next_at)).where(DELIVERY.c.state == PENDING, *where)
    return query.scalar_subquery()


def _part(element: ColumnElement[Any], position: int) -> ColumnElement[Any]:
    return element.op("->>", return_type=Text())(literal_column(str(position)))
