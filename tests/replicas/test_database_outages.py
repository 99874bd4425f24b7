"""A process whose database goes away stays, is not ready, says why once, and goes on with it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from bot.sandbox import Sandbox
from tests.clocks import true_sandbox_clock
from tests.databases import SqliteFiles
from tests.replicas.process import free_port, running

DEAD_AFTER = 3


async def ready(address: str) -> dict[str, Any]:
    async with httpx.AsyncClient(timeout=10) as asking:
        facts: dict[str, Any] = (await asking.get(f"{address}/health/ready")).json()
        return facts


async def until(address: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while not holds(facts := await ready(address)):  # noqa: ASYNC110 -- asked over HTTP
            await asyncio.sleep(0.1)
    return facts


async def test_a_process_outlives_its_database(sqlite_files: SqliteFiles, tmp_path: Path) -> None:
    given = {"COACHBOT_DEAD_AFTER_SECONDS": DEAD_AFTER, "COACHBOT_HEALTH_PORT": free_port()}
    address = f"http://127.0.0.1:{given['COACHBOT_HEALTH_PORT']}"
    with sqlite_files.address(tmp_path) as database:
        file, away = Path(database.removeprefix("sqlite:///")), tmp_path / "away.db"
        async with (
            Sandbox(clock=true_sandbox_clock()) as sandbox,
            running(sandbox, database, **given) as replica,
        ):
            await until(address, lambda facts: facts["status"] == "ready")
            await asyncio.to_thread(file.rename, away)
            facts = await until(address, lambda facts: not facts["database"]["answers"])
            assert facts["database"]["reason"] == "database.vanished"
            await asyncio.sleep(2 * DEAD_AFTER)
            facts = await ready(address)
            assert facts["heartbeat"]["beats"]
            assert not await asyncio.to_thread(file.exists)
            await asyncio.to_thread(away.rename, file)
            await until(address, lambda facts: facts["status"] == "ready")
            assert await replica.end() == 0
    told = [each for each in replica.lines if "event=DatabaseUnusable" in each]
    assert len(told) == 1, told
    assert "code=database.vanished" in told[0]
    assert [each for each in replica.lines if "RoundFailed" in each] == []
