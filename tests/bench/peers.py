"""Two job queues on PostgreSQL, where they are installed: `pip install coachbot[peers]`."""

import asyncio
import importlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.bench.places import plain

LATER = timedelta(days=30)
BATCH = 100
CHUNK = 5_000


def _find(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


ASYNCPG: Final = _find("asyncpg")
PGQUEUER: Final = _find("pgqueuer")
PROCRASTINATE: Final = _find("procrastinate")
IS_HERE: Final = None not in (ASYNCPG, PGQUEUER, PROCRASTINATE)


def keep(address: str, *, due: int, later: int) -> dict[str, str]:
    """Run so many jobs that do nothing, with others for later; per second."""
    if not IS_HERE:
        print("\n  pgqueuer and procrastinate are not installed")
        return {}
    found = {
        "pgqueuer": asyncio.run(_pgqueuer(plain(address), due, later)),
        "procrastinate": asyncio.run(_procrastinate(plain(address), due, later)),
    }
    return {name: f"{due / seconds:,.0f}/s" for name, seconds in found.items()}


def lateness(address: str, *, count: int, ahead: timedelta) -> dict[str, Sequence[timedelta]]:
    """Tell how late so many jobs of the same moment were."""
    if not IS_HERE:
        print("  pgqueuer and procrastinate are not installed")
        return {}
    return {
        "a job of pgqueuer": asyncio.run(_late_pgqueuer(plain(address), count, ahead)),
        "a job of procrastinate": asyncio.run(_late_procrastinate(plain(address), count, ahead)),
    }


def _queries(connection: Any) -> Any:
    driver = importlib.import_module("pgqueuer.db").AsyncpgDriver(connection)
    return importlib.import_module("pgqueuer.queries").Queries(driver)


async def _pgqueuer(address: str, due: int, later: int) -> float:
    connection = await ASYNCPG.connect(address)
    queries = _queries(connection)
    await queries.install()
    for count, wait in ((later, LATER), (due, None)):
        for start in range(0, count, CHUNK):
            part = min(CHUNK, count - start)
            await queries.enqueue(["noop"] * part, [None] * part, [0] * part, [wait] * part)
    await connection.execute("ANALYZE")
    queue = PGQUEUER.PgQueuer.from_asyncpg_connection(connection)
    done = 0

    async def noop(_job: Any) -> None:
        nonlocal done
        done += 1

    queue.entrypoint("noop")(noop)
    began = time.perf_counter()
    working = asyncio.create_task(queue.run(batch_size=BATCH))
    while done < due:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    took = time.perf_counter() - began
    queue.shutdown.set()
    await asyncio.wait([working], timeout=10)
    await connection.close()
    return took


async def _late_pgqueuer(address: str, count: int, ahead: timedelta) -> Sequence[timedelta]:
    connection = await ASYNCPG.connect(address)
    queries = _queries(connection)
    await queries.install()
    queue = PGQUEUER.PgQueuer.from_asyncpg_connection(connection)
    late: list[timedelta] = []
    moment = datetime.now(UTC) + ahead

    async def noop(_job: Any) -> None:
        late.append(datetime.now(UTC) - moment)

    queue.entrypoint("late")(noop)
    working = asyncio.create_task(queue.run(batch_size=BATCH))
    await asyncio.sleep(0.2)
    wait = moment - datetime.now(UTC)
    await queries.enqueue(["late"] * count, [None] * count, [0] * count, [wait] * count)
    while len(late) < count:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    queue.shutdown.set()
    await asyncio.wait([working], timeout=10)
    await connection.close()
    return late


def _app(address: str) -> Any:
    return PROCRASTINATE.App(connector=PROCRASTINATE.PsycopgConnector(conninfo=address))


async def _procrastinate(address: str, due: int, later: int) -> float:
    app, done = _app(address), 0

    async def count() -> None:
        nonlocal done
        done += 1

    noop = app.task(name="noop")(count)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        far = noop.configure(schedule_at=datetime.now(UTC) + LATER)
        for task, jobs in ((far, later), (noop, due)):
            for start in range(0, jobs, CHUNK):
                await task.batch_defer_async(*[{}] * min(CHUNK, jobs - start))
        began = time.perf_counter()
        await app.run_worker_async(wait=False, concurrency=8, install_signal_handlers=False)
        took = time.perf_counter() - began
    assert done == due
    return took


async def _late_procrastinate(address: str, count: int, ahead: timedelta) -> Sequence[timedelta]:
    app, late = _app(address), list[timedelta]()

    async def note(moment: str) -> None:
        late.append(datetime.now(UTC) - datetime.fromisoformat(moment))

    noop = app.task(name="late")(note)

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        ways = {"concurrency": 8, "install_signal_handlers": False}
        working = asyncio.create_task(app.run_worker_async(**ways))
        await asyncio.sleep(0.2)
        moment = datetime.now(UTC) + ahead
        task = noop.configure(schedule_at=moment)
        await task.batch_defer_async(*[{"moment": moment.isoformat()}] * count)
        while len(late) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        working.cancel()
        await asyncio.wait([working], timeout=10)
    return late
