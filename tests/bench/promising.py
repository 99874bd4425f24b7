"""An outbox with sessions, people, what is due, and what is promised for later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import func, insert, select, text

from bot.coaching.ground.values import Announcement, Card
from bot.delivery.outcomes import Finding, Missing, Outcome, Sent
from storage import models
from storage.base import new_id
from storage.engine import connect
from storage.records import Delivery
from storage.transaction import Store
from storage.types import ActionType, DeliveryState, Status
from tests.bench.filling import CHUNK
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

PEOPLE, SESSIONS = 200, 1_000
LATER = timedelta(days=30)


@dataclass
class Nobody:
    """A messenger at the end of which nobody is: whatever is sent has arrived."""

    sent: int = 0

    async def send(self, announcement: Announcement) -> Outcome:
        """Be done at once."""
        self.sent += 1
        return Sent("D1", f"{self.sent}.0")

    async def update(self, announcement: Announcement, channel: str, message_ts: str) -> Outcome:
        """Be done at once."""
        return Sent(channel, message_ts)

    async def withdraw(self, channel: str, message_ts: str) -> Outcome:
        """Be done at once."""
        return Sent(channel, message_ts)

    async def find(self, announcement: Announcement, since: datetime) -> Finding:
        """Nothing was ever left unsettled."""
        return Missing()


class Promises:
    """A contact centre whose people are owed messages; more may be added while measuring."""

    def __init__(self, address: str, clock: FrozenClock) -> None:
        workplace = self._workplace = Workplace(Store(connect(address)), clock)
        self.context = workplace.context
        self._number = 0
        self._people = [workplace.hire(f"Agent{each}", division="Home") for each in range(PEOPLE)]
        starts_at = workplace.clock() + timedelta(days=1)
        rows = [_session(starts_at, workplace.ids["Grace"]) for _ in range(SESSIONS)]
        self._sessions = [str(each["id"]) for each in rows]
        with workplace.store.begin() as tx:
            tx.session.execute(insert(models.Appointment), rows)
            tx.session.execute(insert(models.Attendee), list(self._attendees()))

    def close(self) -> None:
        """Close the database."""
        self._workplace.store.close()

    def promise_later(self, count: int) -> None:
        """Owe so many reminders from a month ahead on."""
        self._promise(count, self._workplace.clock() + LATER, timedelta(seconds=1))

    def promise_now(self, count: int) -> None:
        """Owe so many notices that are due."""
        self._promise(count, self._workplace.clock() - timedelta(hours=1), timedelta(0))

    def promise_at(self, moment: datetime, count: int) -> None:
        """Owe so many at one moment."""
        self._promise(count, moment, timedelta(0))

    def latest_id(self) -> int:
        """Tell the number of the last promise."""
        with self._workplace.store.read() as tx:
            return tx.session.scalar(select(func.max(models.Delivery.id))) or 0

    def since(self, delivery_id: int) -> list[Delivery]:
        """List what was promised after another."""
        with self._workplace.store.read() as tx:
            query = select(models.Delivery.id).where(models.Delivery.id > delivery_id)
            return tx.deliveries.many(list(tx.session.scalars(query)))

    def settle_statistics(self) -> None:
        """Let the database know what it holds."""
        with self._workplace.store.begin() as tx:
            tx.session.execute(text("ANALYZE"))

    def _promise(self, count: int, first: datetime, step: timedelta) -> None:
        for start in range(0, count, CHUNK):
            numbers = range(start, min(start + CHUNK, count))
            rows = [self._row(first + step * each) for each in numbers]
            with self._workplace.store.begin() as tx:
                tx.session.execute(insert(models.Delivery), rows)

    def _row(self, due_at: datetime) -> dict[str, object]:
        self._number += 1
        number = self._number
        return {
            "kind": ActionType.CREATE,
            "person_id": self._people[number % PEOPLE],
            "appointment_id": self._sessions[number % SESSIONS],
            "revision": 1,
            "occurrence": str(number),
            "due_at": due_at,
            "next_at": due_at,
            "created_at": due_at,
            "mark": str(number),
            "state": DeliveryState.PENDING,
            "attempts": 0,
        }

    def _attendees(self) -> Iterator[dict[str, object]]:
        for number, session in enumerate(self._sessions):
            attendee = self._people[number % PEOPLE]
            yield {"appointment_id": session, "person_id": attendee, "position": 0}


def _session(starts_at: datetime, leader: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "name": "Call review",
        "description": "Two calls from last week",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=30),
        "length_minutes": 30,
        "status": Status.SCHEDULED,
        "creator_id": leader,
        "facilitator_id": leader,
        "created_at": starts_at,
        "modified_by": leader,
        "modified_at": starts_at,
        "revision": 1,
    }


def said_without_looking(delivery_ids: Sequence[int]) -> dict[int, Announcement | None]:
    """Say the same of everything, at no cost: the jobs of others say nothing either."""
    return {each: _words(each) for each in delivery_ids}


def _words(delivery_id: int) -> Announcement:
    return Announcement(
        delivery_id=delivery_id,
        mark=str(delivery_id),
        promise="",
        kind=ActionType.CREATE,
        slack_user_id="U1",
        slack_channel=None,
        reader_id="",
        headline="Scheduled",
        text="Scheduled",
        card=NOTHING_TO_SEE,
        notification_id=None,
        is_read=False,
    )


NOTHING_TO_SEE: Final = cast("Card", None)
"""Nobody looks at it."""
