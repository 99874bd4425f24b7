"""A scene on the stage: rows in a real database, and everybody's way to ask."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy import select

from bot import coaching
from bot.coaching import AccessType, AppointmentQuery, Caller, Interval, Source, Status
from bot.coaching.ground.credentials import NEVER, digest_of
from storage import models, program_models
from storage.base import Base
from storage.transaction import Store, Transaction
from tests.databases import SqliteFiles, opened
from tests.privacy.oracle import Rights, Told
from tests.privacy.scene import DAY, DIVISIONS, NOW, ODD, Meeting, Question, Scene

T = TypeVar("T")
BLOCKING = {Status.SCHEDULED, Status.IN_PROGRESS}


class Entry(NamedTuple):
    """An inbox entry: its id, whose it is, and what it tells."""

    id: str
    owner: int
    told: Told
    kind: AccessType
    """The type of the note that it tells of."""


@dataclass
class Stage:
    """A scene with the store that holds it."""

    scene: Scene
    store: Store
    context: coaching.Context
    notes: dict[int, str]
    """The ids under which the notes were kept."""

    def caller(self, rights: Rights, source: Source = Source.REST) -> Caller:
        """Act as the one who has these rights."""
        return Caller(self.id_of(rights.me), source)

    def everybody(self) -> list[Rights]:
        """What each person may learn."""
        return [Rights(self.scene, each.number) for each in self.scene.people]

    def id_of(self, person: int) -> str:
        """The id of somebody."""
        return self.scene.people[person].id

    def entries(self) -> list[Entry]:
        """Every inbox entry of everybody."""
        kind = models.Notification
        told = (kind.action_type, kind.appointment_id)
        columns = (kind.id, kind.person_id, *told, kind.note_type)
        with self.store.read() as tx:
            rows = tx.session.execute(select(*columns)).all()
        owners = {each.id: each.number for each in self.scene.people}
        return [
            Entry(id_, owners[owner], (happened, about), note or AccessType.PRIVATE)
            for id_, owner, happened, about, note in rows
        ]

    def let_programs_in(self, token_of: Callable[[int], str]) -> None:
        """Give everybody a program that acts for them; its secret is of no use to anybody."""
        with self.store.begin() as tx:
            for each in self.scene.people:
                client = program_models.Client(
                    name="A program", person_id=each.id, secret_hash=NEVER, created_at=NOW
                )
                tx.clients.add(client)
                token = program_models.Token(
                    digest=digest_of(token_of(each.number)),
                    client_id=client.id,
                    created_at=NOW,
                    expires_at=NOW + DAY,
                )
                tx.clients.add_token(token)

    def rows_beside(self, left_out: str) -> str:
        """Everything that is stored, but for one table."""
        with self.store.read() as tx:
            return "\n".join(
                repr(tuple(row))
                for table in Base.metadata.sorted_tables
                if table.name != left_out
                for row in tx.session.execute(select(table))
            )

    def deliveries(self) -> list[int]:
        """Every message that is owed."""
        with self.store.read() as tx:
            return list(tx.session.scalars(select(models.Delivery.id)))

    def query(self, question: Question, *, page: int = 1) -> AppointmentQuery:
        """Put a question in the words of the use cases."""
        condition = coaching.IntervalCondition
        return AppointmentQuery(
            user_ids=self._ids(question.users),
            relationships=_listed(question.relationships),
            statuses=_listed(question.statuses),
            facilitator_ids=self._ids(question.facilitators),
            interval=_interval(question.interval),
            interval_condition=condition.OVERLAPS if question.overlaps else condition.STARTS_IN,
            completion_interval=_interval(question.completion),
            is_overdue=question.is_overdue,
            ascending=question.ascending,
            page_number=page,
            page_size=question.page_size,
        )

    def _ids(self, people: Iterable[int] | None) -> list[str] | None:
        return None if people is None else [self.id_of(each) for each in people]


@contextmanager
def staged(scene: Scene, files: SqliteFiles, folder: Path) -> Iterator[Stage]:
    """Put a scene into a database of its own; its notes are written by the use cases."""
    with files.address(folder) as address, opened(address) as store:
        context = coaching.Context(store=store, clock=lambda: NOW)
        coaching.prepare(context)
        with store.begin() as tx:
            _hire(tx, scene)
            for meeting in scene.meetings:
                _hold(tx, scene, meeting)
        stage = Stage(scene, store, context, {})
        _write_notes(stage)
        with store.begin() as tx:
            _delete(tx, scene)
        yield stage
    Path(address.removeprefix("sqlite:///")).unlink()


def _hire(tx: Transaction, scene: Scene) -> None:
    tx.people.save_role(ODD, scene.odd)
    divisions = [tx.people.ensure_division(f"Division {number}") for number in DIVISIONS]
    for each in scene.people:
        tx.people.add(
            models.Person(
                id=each.id,
                name=each.name,
                division_id=divisions[each.division],
                slack_user_id=each.account,
            )
        )
        grants = [(role, divisions[where]) for role, where in each.grants]
        tx.people.replace_grants(each.id, grants)


def _hold(tx: Transaction, scene: Scene, meeting: Meeting) -> None:
    creator = scene.people[meeting.creator].id
    led_by = None if meeting.facilitator is None else scene.people[meeting.facilitator].id
    row = models.Appointment(
        id=meeting.id,
        name=meeting.name,
        description=meeting.texts["about"],
        location=meeting.texts["place"],
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        length_minutes=meeting.length,
        creator_id=creator,
        created_at=NOW,
        modified_by=creator,
        modified_at=NOW,
        facilitator_id=led_by,
        status=meeting.status,
        completed_at=meeting.completed_at,
    )
    attendees = [scene.people[each].id for each in meeting.attendees]
    tx.appointments.add(row, attendees)
    tx.appointments.replace_links(row.id, [f"https://{meeting.texts['link']}.example"])
    tx.appointments.replace_conversations(row.id, [meeting.texts["talk"]])
    tx.appointments.add_status(
        models.StatusChange(
            appointment_id=row.id, status=meeting.status, created_at=NOW, created_by=creator
        )
    )
    if meeting.status in BLOCKING:
        participants = tx.appointments.the(row.id).participant_ids
        tx.appointments.book(row.id, participants, row.starts_at, row.ends_at)


def _write_notes(stage: Stage) -> None:
    for note in stage.scene.notes:
        meeting = stage.scene.meetings[note.meeting]
        caller = stage.caller(Rights(stage.scene, meeting.creator))
        made = coaching.add_annotation(
            stage.context, caller, meeting.id, text=note.text, access_type=note.access_type
        )
        stage.notes[note.number] = made.id
        if note.is_deleted:
            coaching.delete_annotation(stage.context, caller, meeting.id, made.id)


def _delete(tx: Transaction, scene: Scene) -> None:
    for meeting in scene.meetings:
        row = tx.appointments.for_change(meeting.id) if meeting.is_deleted else None
        if row is not None:
            row.deleted_at = NOW
            tx.appointments.flush()
            tx.appointments.release(meeting.id)


def _interval(span: tuple[datetime, datetime] | None) -> Interval | None:
    return None if span is None else Interval(starts_at=span[0], ends_at=span[1])


def _listed(words: Iterable[T] | None) -> list[T] | None:
    return None if words is None else list(words)
