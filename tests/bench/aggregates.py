"""Aggregates over 100,000 sessions grouped by 100 attendees, against the same SQL by hand."""

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot import coaching
from bot.coaching import AggregateQuery, Clause, Interval, Predicate
from storage import migrations
from storage.engine import connect
from storage.transaction import Store
from tests.bench.filling import fill
from tests.bench.measure import Figures, compare, in_turn
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

SESSIONS, PEOPLE, TIMES = 100_000, 100, 10


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        database = connect(f"sqlite:///{path}")
        migrations.upgrade(database)
        store = Store(database)
        workplace = Workplace(store, FrozenClock(datetime(2026, 3, 2, 9, tzinfo=UTC)))
        agents = fill(workplace, SESSIONS)[:PEOPLE]
        ours, by_hand = _measure(workplace, path, agents)
        store.close()
    compare(
        f"Aggregates over {SESSIONS:,} sessions, grouped by {PEOPLE} attendees, SQLite",
        ("coaching.aggregate", ours),
        ("the same SQL by hand", by_hand),
    )
    print(f"  time, ours to the SQL by hand: {ours.p50_ms / by_hand.p50_ms:.2f} (at most 1.3)")


def _measure(workplace: Workplace, path: Path, agents: list[str]) -> tuple[Figures, Figures]:
    interval = Interval(
        starts_at=workplace.clock() - timedelta(days=365),
        ends_at=workplace.clock() + timedelta(days=365),
    )
    named = Clause("Or", [Predicate("attendeeId", each) for each in agents])
    query = AggregateQuery(
        interval=interval, filter_type="And", clauses=[named], group_by_attendee=True
    )
    caller = workplace.caller("Grace")
    statement, parameters = _statement_of(
        workplace, lambda: coaching.aggregate(workplace.context, caller, query)
    )
    connection = sqlite3.connect(path)
    assert len(connection.execute(statement, parameters).fetchall()) >= PEOPLE
    by_hand = in_turn(lambda: connection.execute(statement, parameters).fetchall(), TIMES)
    ours = in_turn(lambda: coaching.aggregate(workplace.context, caller, query), TIMES)
    connection.close()
    return ours, by_hand


def _statement_of(workplace: Workplace, work: Callable[[], object]) -> tuple[str, Any]:
    """Catch the last statement that some work sends to the database."""
    sent: list[tuple[str, Any]] = []

    def catch(*details: Any) -> None:
        sent.append((details[2], details[3]))

    engine = workplace.store.database.engine
    event.listen(engine, "before_cursor_execute", catch)
    work()
    event.remove(engine, "before_cursor_execute", catch)
    return sent[-1]
