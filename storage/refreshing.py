"""Messages that were sent and no longer say what is true: which ones, and who is showing them anew.

When a message is to be shown anew is a moment on the clock that the caller passes in. Showing it
twice is harmless, so whoever takes one only moves its moment ahead: it comes back if nothing is
heard of it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from storage import models, records
from storage.claim_statements import COLUMNS, DELIVERY
from storage.claims import in_turn, is_in, record_of
from storage.engine import Database
from storage.types import ABOUT_NOTES, ActionType, DeliveryState, Instant

KEPT_TRUE_FOR = timedelta(days=30)
"""A message older than this stays as it is."""
BY_RIGHT = (*ABOUT_NOTES, ActionType.OVERDUE, ActionType.UNREACHABLE)
"""What also those are told who see a session by a role, or read its Private notes by one."""
UNFINISHED = (DeliveryState.PENDING, DeliveryState.SENDING)
ON_THEIR_WAY = (DeliveryState.SENDING, DeliveryState.SENT)


class Refreshing:
    """Messages in the hands of those who show them anew."""

    _session: Session
    _database: Database
    outdated: bool = False
    """Whether a message was found to be no longer true in this transaction."""

    def outdate(self, appointment_id: str, *, at: datetime) -> None:
        """Ask for every message about an appointment to be shown anew."""
        self._outdate(at, models.Delivery.appointment_id == appointment_id)

    def outdate_entries(self, entries: Iterable[records.Notification], *, at: datetime) -> None:
        """Ask for the messages that told of these inbox entries to be shown anew."""
        found = list(entries)
        if found:
            self._outdate(
                at,
                models.Delivery.appointment_id.in_({each.appointment_id for each in found}),
                models.Delivery.notification_id.in_({each.id for each in found}),
            )

    def outdate_what_was_told(self, person_ids: Collection[str], *, at: datetime) -> None:
        """Ask for messages to be shown anew that hang on what these people may see.

        These are news of notes, and what was passed on, that they read themselves; and that others
        read about sessions which they attend.
        """
        attended = select(models.Attendee.appointment_id).where(
            models.Attendee.person_id.in_(person_ids)
        )
        kind = models.Delivery.kind
        related = or_(
            models.Delivery.person_id.in_(person_ids),
            models.Delivery.appointment_id.in_(attended),
        )
        self._outdate(at, kind.in_(BY_RIGHT), related)

    def held(self, delivery_ids: Collection[int]) -> list[records.Delivery]:
        """Look promises up that are about to be put into words; nobody else changes them then."""
        query = select(*COLUMNS).where(models.Delivery.id.in_(set(delivery_ids)))
        return [record_of(row) for row in self._session.execute(in_turn(query))]

    def put_into_words(self, told: Mapping[int, tuple[datetime, datetime | None]]) -> None:
        """Write down what messages now leaving tell: the start, and for how long it is true."""
        said = (
            update(DELIVERY)
            .where(DELIVERY.c.id == bindparam("told_id"))
            .values(
                told_starts_at=func.coalesce(
                    DELIVERY.c.told_starts_at, bindparam("told_at", type_=Instant())
                ),
                refresh_at=func.coalesce(
                    DELIVERY.c.refresh_at, bindparam("told_until", type_=Instant())
                ),
            )
        )
        rows = [
            {"told_id": each, "told_at": starts_at, "told_until": true_until}
            for each, (starts_at, true_until) in told.items()
        ]
        if rows:
            self._session.connection().execute(said, rows)

    def claim_outdated(
        self, *, now: datetime, limit: int, lease: timedelta
    ) -> list[records.Delivery]:
        """Take messages that are to be shown anew; they come back when the lease is over."""
        query = (
            select(models.Delivery.id)
            .where(is_in(DeliveryState.SENT), models.Delivery.refresh_at <= now)
            .order_by(models.Delivery.refresh_at, models.Delivery.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=models.Delivery)
        )
        found = list(self._session.scalars(query))
        if not found:
            return []
        taken = (
            update(models.Delivery)
            .where(models.Delivery.id.in_(found))
            .values(refresh_at=now + lease)
            .returning(*COLUMNS)
            .execution_options(synchronize_session=False)
        )
        rows = [record_of(row) for row in self._session.execute(taken)]
        return sorted(rows, key=lambda each: each.id)

    def freshen(self, taken: records.Delivery, *, true_until: datetime | None = None) -> bool:
        """Write that a message is true again; answers no where it was outdated meanwhile."""
        return self._write_taken(taken, true_until)

    def put_off(self, taken: records.Delivery, *, refresh_at: datetime) -> bool:
        """Ask for another try later; answers no where it was outdated meanwhile."""
        return self._write_taken(taken, refresh_at)

    def outdate_again(self, delivery_id: int, *, at: datetime) -> None:
        """Ask for one message to be shown anew, whoever has it in hand."""
        self._session.execute(
            update(models.Delivery)
            .where(models.Delivery.id == delivery_id)
            .values(refresh_at=at)
            .execution_options(synchronize_session=False)
        )
        self.outdated = True

    def _outdate(self, at: datetime, *where: ColumnElement[bool]) -> None:
        # What somebody is about to send is waited for: its words may be those of before.
        states = models.Delivery.state.in_((*UNFINISHED, DeliveryState.SENT))
        young = models.Delivery.next_at >= at - KEPT_TRUE_FOR
        found = list(
            self._session.scalars(in_turn(select(models.Delivery.id)).where(*where, states, young))
        )
        if not found:
            return
        result: Any = self._session.execute(
            update(models.Delivery)
            .where(models.Delivery.id.in_(found), models.Delivery.state.in_(ON_THEIR_WAY))
            .values(refresh_at=at)
            .execution_options(synchronize_session=False)
        )
        self.outdated = self.outdated or result.rowcount > 0

    def _write_taken(self, taken: records.Delivery, refresh_at: datetime | None) -> bool:
        result: Any = self._session.execute(
            update(models.Delivery)
            .where(models.Delivery.id == taken.id, models.Delivery.refresh_at == taken.refresh_at)
            .values(refresh_at=refresh_at)
            .execution_options(synchronize_session=False)
        )
        return bool(result.rowcount == 1)
