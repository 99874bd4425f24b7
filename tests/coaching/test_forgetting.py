"""What nobody reads again is removed, in small steps; nothing is promised twice for it."""

import contextlib
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from bot import coaching
from bot.coaching import AppointmentChanges, RemovalCursor, Retention, Status
from bot.coaching.office import forgetting
from storage import models, program_models
from storage.forgetting import Passing
from storage.types import DeliveryState
from tests.coaching import sending
from tests.coaching.workplace import Workplace

DAY: Final = timedelta(days=1)
SHORT: Final = Retention(deliveries=60 * DAY, audit=None)
KEPT: Final = {
    "account_names": "one for each name of a person",
    "annotations": "a part of a session",
    "appointments": "sessions stay",
    "attached_files": "a part of a session",
    "attendees": "a part of a session",
    "bookings": "gone when the session does not block any more",
    "claimed_addresses": "one for each person at most",
    "clients": "programs stay, also revoked ones: the audit trail names them",
    "conversations": "a part of a session",
    "divisions": "made by administrators",
    "documents": "a part of a session",
    "external_links": "a part of a session",
    "further_accounts": "one for each account of a person",
    "grants": "one for each role of a person",
    "paces": "one for each conversation",
    "people": "people stay",
    "plans": "gone when it is planned",
    "policies": "one for each decision",
    "preferences": "one for each person",
    "roles": "made by administrators",
    "status_changes": "a part of a session",
    "syncs": "one for each thing that is read from outside",
    "timelines": "one row",
}
"""Why the rows of these tables do not grow beyond what they are about."""


def remove_all(desk: Workplace, retention: Retention = SHORT) -> Counter[str]:
    removed: Counter[str] = Counter()
    rest: RemovalCursor | None = RemovalCursor()
    while rest is not None:
        step = coaching.remove_old(desk.context, retention, rest)
        removed[step.table] += step.removed
        rest = step.rest
    return +removed


def count(desk: Workplace, table: Any) -> int:
    with desk.store.read() as tx:
        return tx.session.scalar(select(func.count()).select_from(table)) or 0


def add(desk: Workplace, *rows: Any) -> None:
    with desk.store.begin() as tx:
        tx.session.add_all(rows)


def test_every_table_is_kept_for_a_reason_or_cleaned() -> None:
    tables = set(models.Person.metadata.tables)
    assert tables == KEPT.keys() | {each.value for each in Passing}
    assert not KEPT.keys() & {each.value for each in Passing}


def test_what_passes_is_removed_after_its_time_and_not_before(workplace: Workplace) -> None:
    now, priya = workplace.clock(), workplace.ids["Priya"]
    session = workplace.schedule("Grace", "Priya")
    client = program_models.Client(name="Program", person_id=priya, secret_hash="x", created_at=now)
    add(workplace, client)

    def rows(name: str, age: timedelta) -> list[Any]:
        then = now - age
        return [
            models.Act(key=name, seen_at=then - DAY),
            models.Submission(
                token=name, person_id=priya, appointment_id=session.id, seen_at=then - 30 * DAY
            ),
            models.Draft(
                person_id=priya,
                subject=name,
                typed={},
                began_with={},
                created_at=then,
                updated_at=then - 7 * DAY,
            ),
            program_models.Token(
                digest=name, client_id=client.id, created_at=then, expires_at=then
            ),
            program_models.SlotJob(
                creator_id=priya,
                status="Complete",
                request={},
                result={},
                created_at=then - 7 * DAY,
            ),
        ]

    minute = timedelta(minutes=1)
    add(workplace, *rows("old", minute), *rows("new", -minute))
    once = {"acts": 1, "submissions": 1, "drafts": 1, "tokens": 1, "slot_jobs": 1}
    assert remove_all(workplace) == once
    assert remove_all(workplace) == {}
    with workplace.store.read() as tx:
        assert tx.submissions.get("old") is None
        assert tx.submissions.get("new") is not None
        assert tx.drafts.get(priya, "new") is not None


def send_due(desk: Workplace) -> None:
    """Keep every promise that is due; the database's own clock is set to the frozen one."""
    sending.send_all(desk)
    with desk.store.begin() as tx:
        late = update(models.Delivery).where(models.Delivery.settled_at > desk.clock())
        tx.session.execute(late.values(settled_at=desk.clock()))


def settle_long_ago(desk: Workplace) -> Any:
    """A session whose messages were all sent, and which is long over."""
    session = desk.schedule("Grace", "Priya", "Jonas")
    for _ in range(40):
        send_due(desk)
        desk.clock.advance(DAY)
    return session


def test_deliveries_and_entries_go_when_their_session_is_long_over(workplace: Workplace) -> None:
    over = settle_long_ago(workplace)
    assert remove_all(workplace) == {}
    workplace.clock.advance(61 * DAY)
    fresh = workplace.schedule("Grace", "Priya")
    send_due(workplace)
    entries = count(workplace, models.Notification)
    removed = remove_all(workplace)
    assert workplace.deliveries(over.id) == []
    assert workplace.deliveries(fresh.id) != []
    assert removed["deliveries"] > 0
    assert 0 < removed["notifications"] == entries - count(workplace, models.Notification)
    page = coaching.why(workplace.context, workplace.caller("Grace"), over.id)
    assert list(page.lines) == []


def test_what_the_inbox_still_shows_stays(workplace: Workplace) -> None:
    settle_long_ago(workplace)
    workplace.clock.advance(61 * DAY)
    wide = replace(workplace.context.policy, inbox_days=200)
    workplace.context = replace(workplace.context, policy=wide)
    assert remove_all(workplace) == {}


def test_a_promise_that_is_alive_keeps_all_about_its_session(workplace: Workplace) -> None:
    session = settle_long_ago(workplace)
    workplace.clock.advance(61 * DAY)
    with workplace.store.begin() as tx:
        row = tx.session.scalars(
            select(models.Delivery).where(models.Delivery.appointment_id == session.id)
        ).first()
        assert row is not None
        row.state = DeliveryState.SENDING
    assert remove_all(workplace) == {}


def test_the_trail_stays_unless_it_is_asked_for_and_its_last_entry_always(
    workplace: Workplace,
) -> None:
    workplace.schedule("Grace", "Priya")
    workplace.schedule("Dana", "Jonas")
    workplace.clock.advance(11 * DAY)
    trail = count(workplace, models.AuditEntry)
    assert trail > 1
    assert remove_all(workplace) == {}
    removed = remove_all(workplace, Retention(deliveries=60 * DAY, audit=10 * DAY))
    assert removed == {"audit": trail - 1}


def test_no_step_is_larger_than_its_limit(desk: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "ROWS_AT_ONCE", 3)
    long_ago = desk.clock() - 9 * DAY
    add(desk, *(models.Act(key=f"{each:02}", seen_at=long_ago) for each in range(10)))
    step = coaching.remove_old(desk.context, SHORT, RemovalCursor())
    assert (step.removed, count(desk, models.Act)) == (3, 7)
    assert remove_all(desk) == {"acts": 7}


def test_nothing_is_removed_by_a_clock_in_doubt(desk: Workplace) -> None:
    add(desk, models.Act(key="old", seen_at=desk.clock() - 9 * DAY))
    object.__setattr__(desk.context, "is_sure", lambda: False)
    assert remove_all(desk) == {}


STEPS: Final = st.lists(
    st.tuples(
        st.sampled_from(["wait", "rename", "move", "complete", "undo", "delete", "hours"]),
        st.sampled_from([0, 1, 3, 20, 59, 61, 130]),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_nothing_is_promised_again_because_it_was_forgotten(
    desk: Workplace, steps: list[tuple[str, int]]
) -> None:
    session = desk.schedule("Grace", "Jonas", starts_at=desk.clock() + timedelta(days=2, hours=1))
    seen: dict[tuple[Any, ...], str] = {}
    for act, days in steps:
        with contextlib.suppress(coaching.CoachingError):
            do(desk, session.id, act, desk.clock())
        for _ in range(min(days, 30)):
            look(desk, session.id, seen)
            send_due(desk)
            desk.clock.advance(DAY)
        desk.clock.advance(timedelta(days=max(0, days - 30)))
        send_due(desk)
        look(desk, session.id, seen)
        remove_all(desk)
        coaching.plan_general(desk.context)
        while coaching.plan_anew(desk.context):
            pass
        look(desk, session.id, seen)
    # However it went, the session's rows go in the end.
    if desk.deliveries(session.id):
        for _ in range(70):
            send_due(desk)
            look(desk, session.id, seen)
            desk.clock.advance(timedelta(days=2))
        remove_all(desk)
    look(desk, session.id, seen)
    assert desk.deliveries(session.id) == []


def look(desk: Workplace, session_id: str, seen: dict[tuple[Any, ...], str]) -> None:
    """Note each promise by what it is about; the same must not come with another mark."""
    for each in desk.deliveries(session_id):
        about = (each.revision, each.kind, each.person_id, each.occurrence)
        assert seen.setdefault(about, each.mark) == each.mark


def do(desk: Workplace, session_id: str, act: str, now: datetime) -> None:
    grace = desk.caller("Grace")
    match act:
        case "rename":
            change = AppointmentChanges(name=f"Named {now}")
            coaching.change(desk.context, grace, session_id, change)
        case "move":
            change = AppointmentChanges(starts_at=now + timedelta(days=3))
            coaching.change(desk.context, grace, session_id, change)
        case "complete":
            change = AppointmentChanges(status=Status.COMPLETED)
            coaching.change(desk.context, grace, session_id, change)
        case "undo":
            coaching.undo_completion(desk.context, grace, session_id)
        case "delete":
            coaching.delete(desk.context, grace, session_id)
        case "hours":
            with desk.store.begin() as tx:
                person = tx.session.get_one(models.Person, desk.ids["Grace"])
                person.timezone = "Asia/Tokyo" if now.day % 2 else "Europe/London"
            coaching.follow_policy(desk.context)
