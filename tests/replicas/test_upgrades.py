"""No promise is lost on the way to another version, nor on the way back by one and up again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, insert, select

from bot import coaching
from bot.coaching import Context, Policy
from bot.coaching.promises.escalation import ESCALATION
from bot.coaching.promises.notices import CONFIRMATION
from storage import migrations
from storage.engine import Database, connect
from storage.transaction import Store
from storage.types import (
    AccessType,
    ActionType,
    DeliveryState,
    Instant,
    Relationship,
    Source,
    Standing,
    Status,
)
from tests.conftest import FrozenClock
from tests.storage.conftest import NewDatabase

NOTICES: Final = {
    "Create": "ahead",
    "Update": "ahead",
    "StatusChange": "ahead",
    "AnnotationAdded": "ahead",
    "AnnotationEdited": "ahead",
    "AnnotationDeleted": "ahead",
    "Delete": "cancelled",
}
"""Kinds with an entry in the inbox, and the session that each is about."""
TIMED: Final = {"Reminder": ("ahead", "1h"), "Overdue": ("over", "1")}
GENERAL: Final = {"Agenda": "2026-03-02", "Digest": "2026-03-02"}


class Before:
    """Rows as an earlier version wrote them, by its own tables."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._tables = MetaData()
        self._tables.reflect(connection)

    def moment(self, hours: float = 0) -> Any:
        """An instant as the database holds it."""
        moment = self._now + timedelta(hours=hours)
        return Instant().process_bind_param(moment, self._connection.dialect)

    def put(self, table: str, /, **values: Any) -> None:
        self._connection.execute(insert(self._table(table)).values(values))

    def deliveries(self) -> list[Mapping[str, Any]]:
        table = self._table("deliveries")
        names = [table.c[each] for each in KEPT]
        rows = self._connection.execute(select(*names).order_by(table.c.id))
        return [dict(row._mapping) for row in rows]

    def _table(self, name: str) -> Table:
        return self._tables.tables[name]


KEPT: Final = (
    *("id", "kind", "person_id", "appointment_id", "revision", "occurrence", "due_at", "next_at"),
    *("created_at", "notification_id", "state", "attempts", "reason"),
)


def fill(before: Before, revision: str) -> None:
    """Write everything that can be pending in that version."""
    before.put("divisions", id="home", name="Home")
    for name in ("dana", "priya"):
        person = {"timezone": "UTC", "standing": "Member", "slack_user_id": f"U{name}"}
        before.put("people", id=name, name=name.title(), division_id="home", **person)
    for name, hours in (("ahead", 0.9), ("over", -2.0), ("cancelled", 5.0)):
        session(before, name, hours)
    note(before)
    for number, (kind, about) in enumerate(NOTICES.items()):
        entry(before, kind, about)
        promise(before, kind, about, f"r{number}", notification_id=kind)
    promise(before, "Create", "ahead", "confirmation", person_id="dana")
    for kind, (about, occurrence) in TIMED.items():
        promise(before, kind, about, occurrence, person_id="dana" if about == "over" else "priya")
    if revision >= "0003":
        before.put("preferences", person_id="dana", agenda_at="09:00", weekly_digest=True)
        for kind, occurrence in GENERAL.items():
            promise(before, kind, None, occurrence, person_id="dana")


def session(before: Before, name: str, hours: float) -> None:
    before.put(
        "appointments",
        id=name,
        name="Call review",
        description="Two calls",
        starts_at=before.moment(hours),
        ends_at=before.moment(hours + 0.5),
        length_minutes=30,
        creator_id="dana",
        created_at=before.moment(-3),
        modified_by="dana",
        modified_at=before.moment(-3),
        status="Scheduled",
        revision=1,
        deleted_at=before.moment(-1) if name == "cancelled" else None,
    )
    before.put("attendees", appointment_id=name, person_id="priya", position=0)


def note(before: Before) -> None:
    """Write a note that everybody in a session reads, with what happened to it."""
    by = {"created_by": "dana", "modified_by": "dana"}
    at = {"created_at": before.moment(-1), "modified_at": before.moment(-1)}
    about = {"appointment_id": "ahead", "text": "Well done", "access_type": "Public"}
    before.put("annotations", id="note", is_deleted=False, **about, **by, **at)
    done = {"at": before.moment(-1), "source": "Slack", "actor_id": "dana"}
    for kind in NOTICES:
        if kind.startswith("Annotation"):
            before.put("audit", action=kind, entity="annotation", entity_id="note", **done)


def entry(before: Before, kind: str, about: str) -> None:
    before.put(
        "notifications",
        id=kind,
        person_id="priya",
        appointment_id=about,
        action_type=kind,
        relationship="Attendee",
        name="Call review",
        starts_at=before.moment(1),
        length_minutes=30,
        status="Scheduled",
        created_at=before.moment(-1),
        caused_by="dana",
        marked_as_read=False,
    )


def promise(
    before: Before,
    kind: str,
    about: str | None,
    occurrence: str,
    *,
    person_id: str = "priya",
    notification_id: str | None = None,
) -> None:
    before.put(
        "deliveries",
        kind=kind,
        person_id=person_id,
        appointment_id=about,
        revision=1 if about else 0,
        occurrence=occurrence,
        due_at=before.moment(),
        next_at=before.moment(),
        created_at=before.moment(-1),
        state="pending",
        attempts=0,
        notification_id=notification_id,
    )


def go_back(database: Database, steps: str = "-1") -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.write_patiently() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, steps)


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_what_an_earlier_version_promised_is_kept_by_this_one(
    new_database: NewDatabase, clock: FrozenClock, revision: str
) -> None:
    database = connect(new_database(f"upgraded{revision}"))
    migrations.upgrade(database, revision)
    with database.write() as connection:
        before = Before(connection, clock())
        fill(before, revision)
        written = before.deliveries()
    kinds = len(NOTICES) + 1 + len(TIMED) + (len(GENERAL) if revision >= "0003" else 0)
    assert len(written) == kinds
    migrations.upgrade(database)
    assert read(database, clock()) == written
    go_back(database)
    assert read(database, clock()) == written
    migrations.upgrade(database)
    assert read(database, clock()) == written
    deliver(database, clock, written)
    database.close()


def read(database: Database, now: datetime) -> list[Mapping[str, Any]]:
    with database.read() as connection:
        return Before(connection, now).deliveries()


def deliver(database: Database, clock: FrozenClock, written: list[Mapping[str, Any]]) -> None:
    """Claim all of it, as the sender does, and find words for every one."""
    context = Context(store=Store(database), clock=clock, policy=Policy(quiet_hours=None))
    coaching.prepare(context)
    with context.begin() as tx:
        tx.people.replace_grants("dana", [("Supervisor", "home")])  # who leads has a digest
        taken = tx.deliveries.claim(
            now=clock(), limit=100, lease=timedelta(minutes=1), claim="ours"
        )
    assert sorted(each.id for each in taken) == sorted(each["id"] for each in written)
    said = coaching.announce(context, [each.id for each in taken])
    silent = [each.kind for each in taken if said[each.id] is None]
    assert silent == []


def test_the_words_in_the_rows_stay_as_they_are() -> None:
    """What was renamed in the code is still found in the rows of before; words may be added."""
    words = {
        ActionType: "Create Update Delete StatusChange AnnotationAdded AnnotationEdited "
        "AnnotationDeleted Reminder Overdue Agenda Digest Unreachable",
        DeliveryState: "pending sending sent stale failed",
        Status: "Scheduled InProgress Completed InvalidSchedule",
        AccessType: "Public Private",
        Relationship: "Facilitator Attendee Creator",
        Standing: "Member Bot External Deactivated",
        Source: "slack rest cli system",
        coaching.Unreached: "deactivated no_account closed",
    }
    for kind, stored in words.items():
        assert {each.value for each in kind} >= set(stored.split()), kind
    assert (CONFIRMATION, ESCALATION) == ("confirmation", "escalation")
    assert [each.name for each in Policy().leads] == ["24h", "1h", "10m"]
