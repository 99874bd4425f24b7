"""Inbox, notes, history, audit trail and saved forms keep what they are told, in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from storage import models
from storage.notifications import InboxFilter
from storage.sight import Sight
from storage.transaction import Store, Transaction
from storage.types import ActionType, Source, Status
from tests.storage import rows
from tests.storage.rows import NINE, at, discarded

WANTED_KINDS: Final = (ActionType.CREATE, ActionType.REMINDER)

Change = dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An inbox entry in the making; person and session by their number."""

    person: int
    session: int
    kind: ActionType
    created_at: datetime
    is_read: bool


entries = st.lists(
    st.builds(
        Entry,
        person=st.integers(0, 1),
        session=st.integers(0, 4),
        kind=st.sampled_from([*WANTED_KINDS, ActionType.UPDATE]),
        created_at=st.integers(0, 3).map(at),
        is_read=st.booleans(),
    ),
    max_size=14,
)


def five_sessions(tx: Transaction, creator_id: str) -> list[str]:
    """Two that a window from 0 to 60 minutes holds; then one completed, one before, one after."""
    return [
        rows.appointment(tx, creator_id, starts_at=at(0)),
        rows.appointment(tx, creator_id, starts_at=at(59), status=Status.IN_PROGRESS),
        rows.appointment(tx, creator_id, starts_at=at(30), status=Status.COMPLETED),
        rows.appointment(tx, creator_id, starts_at=at(-1)),
        rows.appointment(tx, creator_id, starts_at=at(60)),
    ]


def write(tx: Transaction, entry: Entry, people: list[str], sessions: list[str]) -> str:
    return rows.notification(
        tx,
        sessions[entry.session],
        people[entry.person],
        action_type=entry.kind,
        created_at=entry.created_at,
        marked_as_read=entry.is_read,
    )


def inbox(person_id: str, page_number: int = 1, page_size: int = 3) -> InboxFilter:
    return InboxFilter(
        sight=Sight(person_id=person_id),
        action_types=WANTED_KINDS,
        starts_from=at(0),
        starts_before=at(60),
        page_number=page_number,
        page_size=page_size,
    )


@settings(max_examples=40)
@given(entries=entries)
def test_an_inbox_shows_ones_own_open_sessions_unread_first_page_by_page(
    store: Store, entries: list[Entry]
) -> None:
    with discarded(store) as tx:
        people = [rows.person(tx, name) for name in ("Ann", "Ben")]
        sessions = five_sessions(tx, people[0])
        made = [write(tx, each, people, sessions) for each in entries]
        expected = sorted(
            (each.is_read, NINE - each.created_at, made_id)
            for each, made_id in zip(entries, made, strict=True)
            if each.person == 0 and each.session < 2 and each.kind in WANTED_KINDS
        )
        found = []
        for number in range(1, len(expected) // 3 + 3):
            page, total = tx.notifications.page(inbox(people[0], number))
            assert total == len(expected)
            assert len(page) <= 3
            found += page
        unread = tx.notifications.unread(inbox(people[0]))
    assert [(each.marked_as_read, NINE - each.created_at, each.id) for each in found] == expected
    assert unread == sum(not is_read for is_read, _, _ in expected)


def test_reading_marks_one_entry_or_all_of_a_session(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        first, second = (rows.appointment(tx, ann) for _ in range(2))
        ids = [rows.notification(tx, each, ann) for each in (first, first, first, second)]

    def read_marks() -> list[bool]:
        with store.read() as tx:
            found = [tx.notifications.get(each) for each in ids]
        return [each.marked_as_read for each in found if each]

    assert read_marks() == [False] * 4
    with store.begin() as tx:
        tx.notifications.mark(ids[0], marked_as_read=True)
    assert read_marks() == [True, False, False, False]
    with store.begin() as tx:
        tx.notifications.mark_all_of(first)
    assert read_marks() == [True, True, True, False]
    with store.begin() as tx:
        tx.notifications.mark(ids[1], marked_as_read=False)
        assert tx.notifications.get("nothing") is None
    assert read_marks() == [True, False, True, False]


def test_a_status_history_grows_at_its_end(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        session, other = (rows.appointment(tx, ann) for _ in range(2))
    steps = [(Status.SCHEDULED, ann), (Status.IN_PROGRESS, ann), (Status.INVALID_SCHEDULE, None)]
    for status, by in steps:
        with store.begin() as tx:
            change = models.StatusChange(
                appointment_id=session, status=status, created_at=NINE, created_by=by
            )
            tx.appointments.add_status(change)
    with store.read() as tx:
        found = tx.appointments.statuses(session)
        assert [(each.status, each.created_by) for each in found] == steps
        assert tx.appointments.statuses(other) == []


def test_the_audit_trail_tells_of_one_thing_oldest_first(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
    told: list[tuple[str, Change, Change]] = [
        ("made", None, {"name": "x"}),
        ("moved", {"at": 1}, {"at": 2}),
        ("gone", {"at": 2}, None),
    ]
    for action, before, after in told:
        for entity_id in ("a", "b"):
            with store.begin() as tx:
                entry = models.AuditEntry(
                    at=NINE,
                    source=Source.SLACK,
                    action=f"{action} {entity_id}",
                    entity="appointment",
                    entity_id=entity_id,
                    actor_id=ann,
                    before=before,
                    after=after,
                )
                tx.audit.add(entry)
    with store.read() as tx:
        found = tx.audit.of("appointment", "a")
        assert [(each.action, each.before, each.after) for each in found] == [
            (f"{action} a", before, after) for action, before, after in told
        ]
        assert {(each.at, each.source, each.actor_id) for each in found} == {
            (NINE, Source.SLACK, ann)
        }
        assert tx.audit.of("person", "a") == []


def test_a_form_is_saved_once(store: Store) -> None:
    with store.begin() as tx:
        ann = rows.person(tx)
        session = rows.appointment(tx, ann)

    def save(token: str, minutes: int) -> None:
        with store.begin() as tx:
            tx.submissions.add(
                models.Submission(
                    token=token, person_id=ann, appointment_id=session, seen_at=at(minutes)
                )
            )

    save("old", 0)
    save("new", 10)
    with pytest.raises(IntegrityError):
        save("new", 20)
    with store.read() as tx:
        assert tx.submissions.get("older") is None
        kept = tx.submissions.get("new")
        assert kept
        assert (kept.appointment_id, kept.seen_at) == (session, at(10))
