"""Scheduling with notices and reminder rows, against APScheduler's own SQL job store."""

import itertools
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from storage import migrations
from storage.engine import connect
from storage.transaction import Store
from tests.bench.measure import Figures, compare, in_turn
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

SESSIONS = 200


def remind(number: int) -> None:
    """Stand for a reminder in APScheduler's store."""


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        ours, promises = _ours(Path(folder))
        theirs = _apscheduler(Path(folder), promises)
    per_session = promises // SESSIONS
    compare(
        f"Scheduling a session with its {per_session} promises, SQLite, synchronous=FULL",
        (f"schedule(), {per_session} rows promised", ours),
        (f"APScheduler: {per_session} add_job()", theirs),
    )


def _ours(folder: Path) -> tuple[Figures, int]:
    database = connect(f"sqlite:///{folder / 'ours.db'}")
    migrations.upgrade(database)
    store = Store(database)
    workplace = Workplace(store, FrozenClock(datetime(2026, 3, 2, 9, tzinfo=UTC)))
    numbers = itertools.count()
    made = []

    def schedule() -> None:
        starts_at = workplace.clock() + timedelta(days=2, hours=next(numbers))
        made.append(workplace.schedule("Dana", "Priya", facilitator="Grace", starts_at=starts_at))

    found = in_turn(schedule, SESSIONS)
    promises = sum(len(workplace.deliveries(each.id)) for each in made)
    store.close()
    return found, promises


def _apscheduler(folder: Path, promises: int) -> Figures:
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_jobstore(SQLAlchemyJobStore(url=f"sqlite:///{folder / 'theirs.db'}"))
    scheduler.start(paused=True)
    per_session = promises // SESSIONS
    later = datetime.now(UTC) + timedelta(days=30)

    def add() -> None:
        for number in range(per_session):
            scheduler.add_job(remind, "date", run_date=later, args=[number])

    found = in_turn(add, SESSIONS)
    scheduler.shutdown(wait=False)
    return found
