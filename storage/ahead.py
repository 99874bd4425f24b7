"""What one person has still coming: their open sessions, and the promises that are to be moved."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, false, func, insert, not_, or_, select, update
from sqlalchemy.orm import Session

from storage import models, records
from storage.claim_statements import COLUMNS
from storage.claims import in_turn, is_in, record_of
from storage.engine import Database
from storage.types import ActionType, DeliveryState

DELIVERY: Final[Any] = models.Delivery.__table__
PROMISED: Final = (
    *("kind", "person_id", "appointment_id", "revision"),
    *("occurrence", "due_at", "next_at", "created_at", "mark"),
)
TIMED: Final = (ActionType.REMINDER, ActionType.OVERDUE)
GENERAL: Final = (ActionType.AGENDA, ActionType.DIGEST)


def _open(since: datetime, after: str) -> Select[str]:
    return (
        select(models.Appointment.id)
        .where(
            models.Appointment.id > after,
            models.Appointment.ends_at >= since,
            models.Appointment.deleted_at.is_(None),
            models.Appointment.status.in_(records.OPEN_STATUSES),
        )
        .order_by(models.Appointment.id)
    )


class Ahead:
    """Sessions and promises of one person, in a number of statements that does not grow."""

    def __init__(self, session: Session, database: Database) -> None:
        self._session = session
        self._database = database

    def lock_sessions(
        self, person_id: str, *, since: datetime, after: str = "", limit: int | None = None
    ) -> list[str]:
        """Lock the open sessions of a person that end after a moment, in an order of their own."""
        attends = select(models.Attendee.appointment_id).where(
            models.Attendee.person_id == person_id
        )
        theirs = or_(
            models.Appointment.facilitator_id == person_id,
            models.Appointment.creator_id == person_id,
            models.Appointment.id.in_(attends),
        )
        return self._lock_open(_open(since, after).where(theirs).limit(limit))

    def lock_all_sessions(self, *, since: datetime, after: str, limit: int) -> list[str]:
        """Lock the next open sessions of anybody that end after a moment, in the same order."""
        return self._lock_open(_open(since, after).limit(limit))

    def _lock_open(self, query: Select[str]) -> list[str]:
        return list(self._session.scalars(query.with_for_update(key_share=True)))

    def promises(self, person_id: str, appointment_ids: Collection[str]) -> list[records.Delivery]:
        """List what was promised to a person about the times of these sessions, in any state."""
        query = (
            select(*COLUMNS)
            .where(
                DELIVERY.c.person_id == person_id,
                DELIVERY.c.appointment_id.in_(set(appointment_ids)),
                DELIVERY.c.kind.in_(TIMED),
            )
            .order_by(DELIVERY.c.id)
        )
        return [record_of(row) for row in self._session.execute(query.with_for_update())]

    def timed(self, appointment_ids: Collection[str]) -> list[records.Delivery]:
        """List what was promised to anybody about the times of these sessions, in any state."""
        query = select(*COLUMNS).where(
            DELIVERY.c.appointment_id.in_(set(appointment_ids)), DELIVERY.c.kind.in_(TIMED)
        )
        return [record_of(row) for row in self._session.execute(in_turn(query))]

    def beside(self, person_id: str, *, since: datetime, until: datetime) -> list[records.Delivery]:
        """List what a person has coming about overdue sessions of others that began in a time."""
        session = models.Appointment
        related = or_(session.facilitator_id == person_id, session.creator_id == person_id)
        query = (
            select(*COLUMNS)
            .join_from(DELIVERY, session, session.id == DELIVERY.c.appointment_id)
            .where(
                session.starts_at.between(since, until),
                session.deleted_at.is_(None),
                not_(func.coalesce(related, false())),
                DELIVERY.c.revision == session.revision,
                DELIVERY.c.person_id == person_id,
                DELIVERY.c.kind == ActionType.OVERDUE,
                is_in(DeliveryState.PENDING),
            )
        )
        return [record_of(row) for row in self._session.execute(in_turn(query))]

    def made_at(self, delivery_ids: Collection[int]) -> dict[int, datetime]:
        """Tell when promises were made."""
        if not delivery_ids:
            return {}
        query = select(DELIVERY.c.id, DELIVERY.c.created_at)
        rows = self._session.execute(query.where(DELIVERY.c.id.in_(set(delivery_ids))))
        return {row.id: row.created_at for row in rows}

    def general(self, person_ids: Collection[str]) -> list[records.Delivery]:
        """List the agendas and digests that these people have coming."""
        self._session.flush()  # what was promised in this transaction counts as well
        query = select(*COLUMNS).where(
            DELIVERY.c.person_id.in_(set(person_ids)),
            DELIVERY.c.appointment_id.is_(None),
            DELIVERY.c.kind.in_(GENERAL),
            or_(is_in(DeliveryState.PENDING), is_in(DeliveryState.SENDING)),
        )
        return [record_of(row) for row in self._session.execute(query.order_by(DELIVERY.c.id))]

    def summaries(
        self, person_ids: Collection[str], *, since: date
    ) -> Mapping[tuple[str, ActionType], Mapping[str, records.Delivery]]:
        """Look up the agendas and digests of these people from a day on, whatever became of them.

        By person and kind, and then by day.
        """
        self._session.flush()  # what was promised in this transaction counts as well
        query = select(*COLUMNS).where(
            DELIVERY.c.person_id.in_(set(person_ids)),
            DELIVERY.c.appointment_id.is_(None),
            DELIVERY.c.kind.in_(GENERAL),
            DELIVERY.c.occurrence >= since.isoformat(),
        )
        found: dict[tuple[str, ActionType], dict[str, records.Delivery]] = {}
        for each in map(record_of, self._session.execute(query.order_by(DELIVERY.c.id))):
            found.setdefault((each.person_id, each.kind), {})[each.occurrence] = each
        return found

    def reminder(
        self, session: records.Appointment, person_id: str, occurrence: str
    ) -> records.Delivery | None:
        """Look up a reminder of a session as it stands, whatever became of it."""
        query = select(*COLUMNS).where(
            DELIVERY.c.appointment_id == session.id,
            DELIVERY.c.revision == session.revision,
            DELIVERY.c.kind == ActionType.REMINDER,
            DELIVERY.c.person_id == person_id,
            DELIVERY.c.occurrence == occurrence,
        )
        row = self._session.execute(query).one_or_none()
        return None if row is None else record_of(row)

    def latest_reminders(
        self, appointment_ids: Collection[str], now: datetime
    ) -> dict[tuple[str, str, int], datetime]:
        """Tell when the latest reminder was due, by session, person and revision."""
        if not appointment_ids:
            return {}
        key = (DELIVERY.c.appointment_id, DELIVERY.c.person_id, DELIVERY.c.revision)
        alive = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT)
        query = (
            select(*key, func.max(DELIVERY.c.due_at).label("due_at"))
            .where(
                DELIVERY.c.appointment_id.in_(set(appointment_ids)),
                DELIVERY.c.kind == ActionType.REMINDER,
                DELIVERY.c.due_at <= now,
                DELIVERY.c.state.in_(alive),
            )
            .group_by(*key)
        )
        rows = self._session.execute(query)
        return {(row.appointment_id, row.person_id, row.revision): row.due_at for row in rows}

    def explain(self, reasons: Mapping[int, str]) -> None:
        """Write down why promises are not kept."""
        if reasons:
            self._session.connection().execute(
                update(DELIVERY)
                .where(DELIVERY.c.id == bindparam("delivery_id"))
                .values(reason=bindparam("said")),
                [{"delivery_id": each, "said": str(said)} for each, said in reasons.items()],
            )

    def add_all(self, rows: Collection[models.Delivery]) -> None:
        """Make promises, all of them in one statement."""
        if rows:
            self._session.connection().execute(
                insert(DELIVERY),
                [
                    {
                        "state": DeliveryState.PENDING,
                        "attempts": 0,
                        **{each: getattr(row, each) for each in PROMISED},
                    }
                    for row in rows
                ],
            )

    def move(self, due: Mapping[int, datetime]) -> None:
        """Give promises another moment; those that were withdrawn hold again."""
        if due:
            self._session.connection().execute(
                update(DELIVERY)
                .where(
                    DELIVERY.c.id == bindparam("delivery_id"),
                    or_(
                        DELIVERY.c.state == DeliveryState.PENDING,
                        DELIVERY.c.state == DeliveryState.STALE,
                    ),
                )
                .values(
                    due_at=bindparam("moment"),
                    next_at=bindparam("moment"),
                    state=DeliveryState.PENDING,
                    settled_at=None,
                    reason=None,
                ),
                [{"delivery_id": each, "moment": moment} for each, moment in due.items()],
            )

    def withdraw(self, delivery_ids: Collection[int], *, reason: str) -> None:
        """Settle promises that are not wanted any more."""
        if delivery_ids:
            self._session.execute(
                update(DELIVERY)
                .where(DELIVERY.c.id.in_(set(delivery_ids)), is_in(DeliveryState.PENDING))
                .values(state=DeliveryState.STALE, reason=reason, settled_at=self._database.now())
            )
