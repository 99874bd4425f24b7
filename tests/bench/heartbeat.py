"""One heartbeat with nothing due, at a thousand and at a million pending promises."""

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from bot import coaching
from bot.delivery.sender import Sender
from bot.delivery.settings import Settings
from bot.hop import Hop
from storage import migrations, models
from storage.engine import connect
from storage.transaction import Store
from storage.types import ActionType, DeliveryState
from tests.bench.measure import Figures, at_once, compare
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock

FEW, MANY = 1_000, 1_000_000
BEATS = 300
CHUNK = 50_000


class Silence:
    """A messenger with nothing to do: nothing is due."""

    async def send(self, _announcement: object) -> None:
        """Never called."""
        raise AssertionError("nothing is due")

    async def find(self, _announcement: object, _since: object) -> None:
        """Never called."""
        raise AssertionError("nothing is due")


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        few = _beat(Path(folder) / "few.db", FEW)
        many = _beat(Path(folder) / "many.db", MANY)
    compare(
        "One heartbeat with nothing due, SQLite",
        (f"{MANY:,} pending", many),
        (f"{FEW:,} pending", few),
    )
    print(f"  time of one beat, many to few: {many.p50_ms / few.p50_ms:.2f} (at most 2)")


def _beat(path: Path, pending: int) -> Figures:
    database = connect(f"sqlite:///{path}")
    migrations.upgrade(database)
    store = Store(database)
    workplace = Workplace(store, FrozenClock(datetime(2026, 3, 2, 9, tzinfo=UTC)))
    _promise(workplace, pending)
    found = asyncio.run(_measure(workplace))
    store.close()
    return found


async def _measure(workplace: Workplace) -> Figures:
    hop = Hop(threads=2)
    sender = Sender(
        workplace.context,
        Silence(),  # type: ignore[arg-type]
        announce=partial(coaching.announce, workplace.context),
        hop=hop,
        settings=Settings(),
    )
    await sender.deliver_due()
    found = await at_once(sender.deliver_due, callers=1, times=BEATS)
    hop.close()
    return found


def _promise(workplace: Workplace, pending: int) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    with workplace.store.begin() as tx:
        tx.session.query(models.Delivery).delete()
        for start in range(0, pending, CHUNK):
            numbers = range(start, min(start + CHUNK, pending))
            tx.session.execute(
                insert(models.Delivery),
                [_row(made.id, made.creator_id, made.starts_at, each) for each in numbers],
            )


def _row(
    appointment_id: str, person_id: str, starts_at: datetime, number: int
) -> dict[str, object]:
    due_at = starts_at + timedelta(seconds=number)
    return {
        "kind": ActionType.REMINDER,
        "person_id": person_id,
        "appointment_id": appointment_id,
        "revision": 1,
        "occurrence": str(number),
        "due_at": due_at,
        "next_at": due_at,
        "created_at": starts_at,
        "mark": str(number),
        "state": DeliveryState.PENDING,
        "attempts": 0,
    }
