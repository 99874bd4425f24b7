"""A process that hangs ends by itself, and health says before what is wrong: real processes."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGUSR1, SIGUSR2
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from bot.sandbox import Sandbox
from bot.watchdog import EXIT_CODE
from tests.clocks import true_sandbox_clock
from tests.databases import PostgresServer
from tests.replicas.process import Replica, free_port, running

LIMIT = 3
TOO_SLOW = {"answers": False, "reason": "database.too_slow"}
HANGING = """
import re, signal, time

def hang(number, frame):
    time.sleep(1000)

def hold_the_interpreter(number, frame):
    re.match("(a+)+$", "a" * 64 + "b")

signal.signal(signal.SIGUSR1, hang)
signal.signal(signal.SIGUSR2, hold_the_interpreter)
"""
"""What goes wrong on a signal; only in the processes of these tests."""


@asynccontextmanager
async def watched(
    sandbox: Sandbox, database: str, **settings: object
) -> AsyncIterator[tuple[Replica, str]]:
    port = free_port()
    given = {"COACHBOT_DEAD_AFTER_SECONDS": LIMIT, "COACHBOT_HEALTH_PORT": port, **settings}
    async with running(sandbox, database, **given) as replica:
        yield replica, f"http://127.0.0.1:{port}"


async def ready(address: str) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(timeout=10) as asking:
        answer = await asking.get(f"{address}/health/ready")
        return answer.status_code, answer.json()


@pytest.mark.parametrize(("number", "code"), [(SIGUSR1, EXIT_CODE), (SIGUSR2, 1)])
async def test_a_process_that_hangs_ends_and_one_at_work_does_not(
    tmp_path: Path, number: int, code: int
) -> None:
    (tmp_path / "sitecustomize.py").write_text(HANGING)
    database = f"sqlite:///{tmp_path / 'coachbot.db'}"
    async with (
        Sandbox(clock=true_sandbox_clock()) as sandbox,
        watched(sandbox, database, PYTHONPATH=tmp_path) as (replica, address),
    ):
        await asyncio.sleep(LIMIT + 1)
        status, facts = await ready(address)
        assert (status, facts["status"], facts["due"]["count"]) == (200, "ready", 0)
        began = time.monotonic()
        assert await replica.end(number) == code
        assert LIMIT - 1 < time.monotonic() - began < 3 * LIMIT
        said = "\n".join(replica.lines)
        assert ("event=HeartbeatStopped" in said) == (code == EXIT_CODE)
        assert "sitecustomize.py" in said


async def test_a_database_that_hangs_makes_it_unready_and_then_ends_it(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    with postgres_server.address(tmp_path) as database:
        plain = make_url(database).set(drivername="postgresql").render_as_string(False)
        async with (
            Sandbox(clock=true_sandbox_clock()) as sandbox,
            watched(sandbox, database) as (replica, address),
        ):
            assert (await ready(address))[0] == 200
            blocking = await psycopg.AsyncConnection.connect(plain)
            async with blocking:
                await blocking.execute("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE")
                status, facts = await ready(address)
                assert (status, facts["database"]) == (503, TOO_SLOW)
                assert await asyncio.wait_for(replica.process.wait(), 5 * LIMIT) == EXIT_CODE
