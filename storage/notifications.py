"""Queries about the entries of people's inboxes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.orm import Session

from storage import models, records
from storage.sight import Sight, may_be_told
from storage.types import ActionType, Status

COLUMNS = tuple(getattr(models.Notification, each.name) for each in fields(records.Notification))


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilter:
    """Which of a reader's own entries are wanted: incomplete sessions that start in a window.

    What the reader may not be told of any more is not among them.
    """

    sight: Sight
    action_types: Collection[ActionType]
    starts_from: datetime
    starts_before: datetime
    page_number: int = 1
    page_size: int = 25


def _record(row: Row[tuple[object, ...]]) -> records.Notification:
    return records.Notification(**row._mapping)


class Notifications:
    """Inbox entries: one per event and person."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_all(self, entries: Iterable[models.Notification]) -> None:
        """Add entries; they are there for what refers to them at once."""
        self._session.add_all(entries)
        self._session.flush()

    def get(self, notification_id: str) -> records.Notification | None:
        """Look an entry up."""
        query = select(*COLUMNS).where(models.Notification.id == notification_id)
        row = self._session.execute(query).one_or_none()
        return None if row is None else _record(row)

    def many(self, notification_ids: Collection[str]) -> dict[str, records.Notification]:
        """Look entries up; unknown ids are left out."""
        wanted = set(notification_ids)
        if not wanted:
            return {}
        query = select(*COLUMNS).where(models.Notification.id.in_(wanted))
        return {row.id: _record(row) for row in self._session.execute(query)}

    def page(self, wanted: InboxFilter) -> tuple[list[records.Notification], int]:
        """List a page of entries, unread first, then newest first; with the count of them all."""
        where = self._matching(wanted)
        query = (
            select(*COLUMNS)
            .join(models.Appointment, models.Appointment.id == models.Notification.appointment_id)
            .where(*where)
            .order_by(
                models.Notification.marked_as_read,
                models.Notification.created_at.desc(),
                models.Notification.id,
            )
            .limit(wanted.page_size)
            .offset((wanted.page_number - 1) * wanted.page_size)
        )
        rows = [_record(row) for row in self._session.execute(query)]
        return rows, self._count(where)

    def unread(self, wanted: InboxFilter) -> int:
        """Count the unread entries among those wanted."""
        return self._count([*self._matching(wanted), models.Notification.marked_as_read.is_(False)])

    def mark(self, notification_id: str, *, marked_as_read: bool) -> None:
        """Write the read state of one entry."""
        self._session.execute(
            update(models.Notification)
            .where(models.Notification.id == notification_id)
            .values(marked_as_read=marked_as_read)
        )

    def mark_all_of(
        self,
        appointment_id: str,
        *,
        action_type: ActionType | None = None,
        person_id: str | None = None,
    ) -> list[records.Notification]:
        """Mark the entries about an appointment as read: all, or of one kind or person.

        Answers those that were not.
        """
        query = update(models.Notification).where(
            models.Notification.appointment_id == appointment_id,
            models.Notification.marked_as_read.is_(False),
        )
        if action_type is not None:
            query = query.where(models.Notification.action_type == action_type)
        if person_id is not None:
            query = query.where(models.Notification.person_id == person_id)
        marked = query.values(marked_as_read=True).returning(*COLUMNS)
        rows = self._session.execute(marked.execution_options(synchronize_session=False))
        return [_record(row) for row in rows]

    def mark_earlier(self, entries: Collection[models.Notification]) -> list[records.Notification]:
        """Mark as read what these people have of the same kind about the same sessions.

        Answers those that were not.
        """
        kinds = {(each.appointment_id, each.person_id, each.action_type) for each in entries}
        query = select(*COLUMNS).where(
            models.Notification.person_id.in_({person for _, person, _ in kinds}),
            models.Notification.appointment_id.in_({session for session, _, _ in kinds}),
            models.Notification.marked_as_read.is_(False),
        )
        found = [_record(row) for row in self._session.execute(query)] if kinds else []
        earlier = [
            each
            for each in found
            if (each.appointment_id, each.person_id, each.action_type) in kinds
        ]
        if earlier:
            self._session.execute(
                update(models.Notification)
                .where(models.Notification.id.in_([each.id for each in earlier]))
                .values(marked_as_read=True)
                .execution_options(synchronize_session=False)
            )
        return earlier

    def _count(self, where: list[ColumnElement[bool]]) -> int:
        query = (
            select(func.count())
            .select_from(models.Notification)
            .join(models.Appointment, models.Appointment.id == models.Notification.appointment_id)
            .where(*where)
        )
        return self._session.execute(query).scalar_one()

    def _matching(self, wanted: InboxFilter) -> list[ColumnElement[bool]]:
        return [
            models.Notification.person_id == wanted.sight.person_id,
            *may_be_told(wanted.sight),
            models.Notification.action_type.in_(wanted.action_types),
            models.Appointment.status != Status.COMPLETED,
            models.Appointment.starts_at >= wanted.starts_from,
            models.Appointment.starts_at < wanted.starts_before,
        ]
