"""Queries about appointments, what is attached to them, and the time that they take."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, delete, select
from sqlalchemy.orm import Session

from storage import models, records
from storage.filters import AppointmentFilter, parameters_of, shape_of
from storage.models import Appointment
from storage.statements import (
    BETWEEN,
    BY_IDS,
    COLUMNS,
    PARTS,
    count_statement,
    counts_while_listing,
    page_statement,
)
from storage.types import Status


class Appointments:
    """Coaching sessions and their parts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, appointment_id: str, *, deleted: bool = False) -> records.Appointment | None:
        """Look an appointment up; a deleted one only when asked for."""
        found = self.many([appointment_id]).get(appointment_id)
        return found if found and (deleted or found.deleted_at is None) else None

    def the(self, appointment_id: str) -> records.Appointment:
        """Read an appointment that is known to be there, deleted or not."""
        return self.many([appointment_id])[appointment_id]

    def many(self, appointment_ids: Collection[str]) -> dict[str, records.Appointment]:
        """Look appointments up, deleted ones too; unknown ids are left out."""
        if not appointment_ids:
            return {}
        rows = self._connection.execute(BY_IDS, {"ids": list(set(appointment_ids))}).all()
        return {each.id: each for each in self._complete(rows)}

    def for_change(self, appointment_id: str) -> Appointment | None:
        """Fetch an appointment to be written to, locked until the transaction ends."""
        query = select(Appointment).where(
            Appointment.id == appointment_id, Appointment.deleted_at.is_(None)
        )
        # Not against those who only refer to it, such as a sender that writes an inbox entry.
        return self._session.scalar(query.with_for_update(key_share=True))

    def page_and_total(self, wanted: AppointmentFilter) -> tuple[list[records.Appointment], int]:
        """List one page of the appointments wanted, with the count of all pages."""
        if not counts_while_listing(shape_of(wanted)):
            total = self.count(wanted)
            return (self.page(wanted) if total else []), total
        rows = self._rows(wanted)
        if not rows and wanted.page_number > 1:
            return [], self.count(wanted)
        return self._complete(rows), rows[0].total if rows else 0

    def page(self, wanted: AppointmentFilter) -> list[records.Appointment]:
        """List one page of the appointments wanted."""
        return self._complete(self._rows(wanted))

    def _rows(self, wanted: AppointmentFilter) -> Sequence[Row[Any]]:
        parameters = parameters_of(wanted) | {
            "limit": wanted.page_size,
            "offset": (wanted.page_number - 1) * wanted.page_size,
        }
        statement = page_statement(shape_of(wanted))
        return self._connection.execute(statement, parameters).all()

    def count(self, wanted: AppointmentFilter) -> int:
        """Count all the appointments wanted, on every page."""
        statement = count_statement(shape_of(wanted))
        return int(self._connection.execute(statement, parameters_of(wanted)).scalar_one())

    def add(self, appointment: Appointment, attendee_ids: Sequence[str]) -> None:
        """Add an appointment with its attendees."""
        self._session.add(appointment)
        self._session.flush()
        self._session.add_all(
            models.Attendee(appointment_id=appointment.id, person_id=person_id, position=position)
            for position, person_id in enumerate(attendee_ids)
        )
        self._session.flush()

    def flush(self) -> None:
        """Send what was changed on fetched appointments to the database now."""
        self._session.flush()

    def replace_conversations(self, appointment_id: str, conversation_ids: Iterable[str]) -> None:
        """Write the attached interactions, in place of what was attached."""
        self._replace(
            models.Conversation,
            appointment_id,
            [
                models.Conversation(
                    appointment_id=appointment_id, conversation_id=each, position=position
                )
                for position, each in enumerate(dict.fromkeys(conversation_ids))
            ],
        )

    def replace_documents(self, appointment_id: str, document_ids: Iterable[str]) -> None:
        """Write the attached documents, in place of what was attached."""
        self._replace(
            models.Document,
            appointment_id,
            [
                models.Document(appointment_id=appointment_id, document_id=each, position=position)
                for position, each in enumerate(dict.fromkeys(document_ids))
            ],
        )

    def replace_links(self, appointment_id: str, urls: Iterable[str]) -> None:
        """Write the attached links, in place of what was attached."""
        self._replace(
            models.ExternalLink,
            appointment_id,
            [
                models.ExternalLink(appointment_id=appointment_id, url=each, position=position)
                for position, each in enumerate(dict.fromkeys(urls))
            ],
        )

    def replace_files(self, appointment_id: str, files: Iterable[records.AttachedFile]) -> None:
        """Write the attached files, in place of what was attached."""
        self._replace(
            models.AttachedFile,
            appointment_id,
            [
                models.AttachedFile(
                    appointment_id=appointment_id,
                    file_id=each.file_id,
                    name=each.name,
                    permalink=each.permalink,
                    position=position,
                )
                for position, each in enumerate(files)
            ],
        )

    def _replace(self, table: Any, appointment_id: str, rows: list[Any]) -> None:
        self._session.execute(delete(table).where(table.appointment_id == appointment_id))
        self._session.add_all(rows)
        self._session.flush()

    def overlapping(
        self,
        person_ids: Collection[str],
        starts_at: datetime,
        ends_at: datetime,
        *,
        except_id: str | None = None,
    ) -> list[tuple[str, str]]:
        """List who is booked by what in a half-open span: pairs of person and appointment."""
        query = select(models.Booking.person_id, models.Booking.appointment_id).where(
            models.Booking.person_id.in_(set(person_ids)),
            models.Booking.starts_at < ends_at,
            models.Booking.ends_at > starts_at,
        )
        if except_id is not None:
            query = query.where(models.Booking.appointment_id != except_id)
        rows = self._session.execute(query.order_by(models.Booking.starts_at))
        return [(row.person_id, row.appointment_id) for row in rows]

    def book(
        self, appointment_id: str, person_ids: Iterable[str], starts_at: datetime, ends_at: datetime
    ) -> None:
        """Take the participants' time, in place of the time that the appointment took before."""
        self.release(appointment_id)
        self._session.add_all(
            models.Booking(
                appointment_id=appointment_id,
                person_id=person_id,
                starts_at=starts_at,
                ends_at=ends_at,
            )
            for person_id in person_ids
        )
        self._session.flush()

    def release(self, appointment_id: str) -> None:
        """Give the participants their time back."""
        self._session.execute(
            delete(models.Booking).where(models.Booking.appointment_id == appointment_id)
        )

    def add_status(self, change: models.StatusChange) -> None:
        """Write one entry of the status history."""
        self._session.add(change)

    def statuses(self, appointment_id: str) -> list[records.StatusChange]:
        """List the status history, oldest first."""
        query = (
            select(models.StatusChange)
            .where(models.StatusChange.appointment_id == appointment_id)
            .order_by(models.StatusChange.id)
        )
        return [
            records.StatusChange(
                appointment_id=each.appointment_id,
                status=Status(each.status),
                created_at=each.created_at,
                created_by=each.created_by,
            )
            for each in self._session.scalars(query)
        ]

    @cached_property
    def _connection(self) -> Connection:
        return self._session.connection()

    def _complete(self, rows: Sequence[Row[Any]]) -> list[records.Appointment]:
        if not rows:
            return []
        parts: dict[tuple[str, int], list[str]] = defaultdict(list)
        ids = [row.id for row in rows]
        for kind, appointment_id, value in self._connection.execute(PARTS, {"ids": ids}):
            parts[appointment_id, kind].append(value)
        return [_record(row, parts) for row in rows]


def _record(row: Row[Any], parts: Mapping[tuple[str, int], list[str]]) -> records.Appointment:
    lists = (tuple(parts.get((row.id, kind), ())) for kind in range(4))
    files = tuple(records.AttachedFile(*each.split(BETWEEN)) for each in parts.get((row.id, 4), ()))
    values: list[Any] = [*row[: len(COLUMNS)], *lists, files]
    return records.Appointment(*values)
