"""Queries about the time that people's appointments take."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.filters import Interval
from storage.models import Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenTime:
    """The half-open span that an appointment takes of one person's time."""

    person_id: str
    appointment_id: str
    starts_at: datetime
    ends_at: datetime


class Bookings:
    """Time that is taken."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def taken(self, person_ids: Collection[str], interval: Interval) -> list[TakenTime]:
        """List what takes these people's time within an interval, by start."""
        query = (
            select(Booking.person_id, Booking.appointment_id, Booking.starts_at, Booking.ends_at)
            .where(
                Booking.person_id.in_(set(person_ids)),
                Booking.ends_at > interval.starts_at,
                Booking.starts_at < interval.ends_at,
            )
            .order_by(Booking.starts_at)
        )
        return [TakenTime(**row._mapping) for row in self._session.execute(query)]
