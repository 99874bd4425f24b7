"""The memory of one process while it sends a hundred thousand messages."""

import asyncio
import gc
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.delivery.sender import Sender
from bot.hop import Hop
from storage import migrations
from storage.engine import connect
from tests.bench.keeping import WAYS
from tests.bench.promising import Nobody, Promises, said_without_looking
from tests.conftest import FrozenClock

DELIVERIES: Final = 100_000
SAMPLES: Final = 20
PAGE_KB: Final = 4
WARM_UP: Final = 4
"""The first samples are of a process that is still learning its statements."""


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrations.upgrade(database)
        database.close()
        found = asyncio.run(_measure(f"sqlite:///{Path(folder) / 'bench.db'}"))
    steady = found[WARM_UP:]
    slope = _slope(steady) * SAMPLES
    print(f"\nMemory of one process over {DELIVERIES:,} deliveries, SQLite")
    print(
        f"  resident after {DELIVERIES // SAMPLES:,}, and at the end      "
        f"{found[0] / 1024:6.1f} MB   {found[-1] / 1024:6.1f} MB"
    )
    print(
        f"  slope of the last {len(steady)} of {SAMPLES} samples   "
        f"{slope:+.0f} KB per {DELIVERIES:,} deliveries"
    )


async def _measure(address: str) -> list[float]:
    promises, hop = Promises(address, FrozenClock(datetime(2026, 3, 2, 9, tzinfo=UTC))), Hop()
    sender = Sender(
        promises.context, Nobody(), announce=said_without_looking, hop=hop, settings=WAYS
    )
    found = []
    for _ in range(SAMPLES):
        promises.promise_now(DELIVERIES // SAMPLES)
        await sender.deliver_due()
        gc.collect()
        found.append(_resident_kb())
    hop.close()
    promises.close()
    return found


def _resident_kb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_KB


def _slope(values: list[float]) -> float:
    """Fit a line: how much is added from one sample to the next."""
    middle = (len(values) - 1) / 2
    mean = sum(values) / len(values)
    over = sum((at - middle) * (each - mean) for at, each in enumerate(values))
    return over / sum((at - middle) ** 2 for at in range(len(values)))
