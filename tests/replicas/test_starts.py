"""Every start there is, over real processes: mode, how Slack is, how the database is.

What can be served is served, whatever Slack says; what the database is good for decides whether
there is a start at all. What fails is one sentence that says what to do.
"""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

import httpx
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from bot.sandbox import Person, Sandbox
from storage import migrations
from storage.engine import connect
from tests.clocks import bare_environment, true_sandbox_clock
from tests.databases import SqliteFiles
from tests.prerequisites.record import leave_out
from tests.replicas.process import free_port

MODES: Final = ("socket", "http")
SLACKS: Final = ("up", "down", "wrong token", "10,000 members")
FIRST: Final = "0001"
LIST: Final = "/api/v2/coaching/appointments/me"
MEMBERS: Final = 10_000
UNDECIDED: Final = frozenset(("starting", "connecting"))
MOUNT: Final = """\
mount -t tmpfs -o size=8m tmpfs "$1" && cp "$2" "$1/coachbot.db" || exit 77
if [ "$3" = full ]; then dd if=/dev/zero of="$1/rest" bs=4k 2>/dev/null
else mount -o remount,ro "$1"; fi
shift 3; exec "$@"
"""
"""Puts a database on a small disk of its own, which is full or read-only, and runs a program."""


@dataclass(frozen=True)
class Start:
    """How a process started: what health says, or the code and the words with which it ended."""

    ready: int = 0
    reason: str | None = None
    list_status: int = 0
    live: int = 0
    code: int | None = None
    said: str = ""


@dataclass(frozen=True)
class Expected:
    """What a start must come to; `said` are words of the sentence, `reason` is Slack's."""

    ready: int = 0
    reason: str | None = None
    code: int | None = None
    said: str = ""


READY: Final = Expected(ready=200)
BY_SLACK: Final[Mapping[str, Expected]] = {
    "up": READY,
    "down": Expected(ready=503, reason="unreachable"),
    "wrong token": Expected(ready=503, reason="invalid_auth"),
    "10,000 members": READY,
}
REFUSED: Final[Mapping[str, Expected]] = {
    "newer": Expected(code=2, said="Please install the Coachbot that made them, or a newer one."),
    "full": Expected(code=2, said="Please make room on the database’s disk."),
    "read-only": Expected(code=2, said="write"),
}
WITHOUT_SLACK: Final[Mapping[str, Expected]] = {
    "current": READY,
    "new": Expected(code=2, said="Please run: coachbot db upgrade"),
    "old": Expected(code=2, said="Please run: coachbot db upgrade"),
    **REFUSED,
}
"""`coachbot api` never makes a database and never changes its tables."""

ROWS: Final = (
    *product(MODES, SLACKS, ("new", "old")),
    # What the database is not good for is said before Slack is asked anything.
    *product(MODES, ("down",), REFUSED),
    *product(("api",), ("none",), WITHOUT_SLACK),
)


@pytest.fixture(scope="module")
def workspaces() -> Iterator[Mapping[str, Sandbox]]:
    """A small workspace, and one of ten thousand, of whom some have empty profiles."""
    small, large = (Sandbox(clock=true_sandbox_clock()) for _ in range(2))
    names = ("display_name", "real_name", "tz", "email", "is_admin", "profile", "name")
    for number in range(MEMBERS):
        nulls = frozenset({names[number % len(names)]} if number % 3 else ())
        found = Person(f"U9{number:05}", f"agent{number}", f"Agent {number}", nulls=nulls)
        large.world.directory.put(found)
    yield {"small": small.start_in_thread(), "large": large.start_in_thread()}
    small.stop()
    large.stop()


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A database of each age."""
    folder = tmp_path_factory.mktemp("ages")
    SqliteFiles(folder)
    made = {"current": folder / "template.db"}
    for age in ("old", "newer"):
        made[age] = folder / f"{age}.db"
        database = connect(f"sqlite:///{made[age]}")
        database.make()
        with database.write_patiently() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(Path(migrations.__file__).parent))
            command.upgrade(config, FIRST if age == "old" else "head")
            if age == "newer":
                connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        database.close()
    return made


@pytest.mark.parametrize(("mode", "how", "age"), ROWS)
async def test_a_start_serves_what_it_can_and_says_what_it_cannot(
    mode: str,
    how: str,
    age: str,
    workspaces: Mapping[str, Sandbox],
    databases: Mapping[str, Path],
    tmp_path: Path,
) -> None:
    workspace = workspaces["large" if how == "10,000 members" else "small"]
    settings = slack_settings(mode, how, workspace)
    async with started(mode, age, settings, databases, tmp_path) as start:
        pass
    expected = WITHOUT_SLACK[age] if mode == "api" else REFUSED.get(age) or BY_SLACK[how]
    assert (start.code, start.ready, start.reason) == (
        expected.code,
        expected.ready,
        expected.reason,
    ), start.said
    assert expected.said in start.said
    assert "Traceback" not in start.said
    if expected.code is None:
        assert (start.live, start.list_status) == (200, 401)
    else:
        assert len(start.said.strip().splitlines()) == 1
    if age == "new" and mode == "api":
        assert made_in(tmp_path) == [], "nothing is made by a command that only looks"


def made_in(folder: Path) -> list[Path]:
    """What is in a folder."""
    return list(folder.iterdir())


def slack_settings(mode: str, how: str, workspace: Sandbox) -> dict[str, str]:
    """What the README names for a mode, and where this Slack is."""
    if mode == "api":
        return {}
    token = "xoxb-of-another-app" if how == "wrong token" else workspace.bot_token
    url = f"http://127.0.0.1:{free_port()}/api/" if how == "down" else workspace.api_url
    found = {"SLACK_BOT_TOKEN": token, "SLACK_API_URL": url, "COACHBOT_SLACK_MODE": mode}
    if mode == "http":
        return found | {"SLACK_SIGNING_SECRET": "5" * 32}
    return found | {"SLACK_APP_TOKEN": workspace.app_token}


@asynccontextmanager
async def started(
    mode: str,
    age: str,
    settings: Mapping[str, str],
    databases: Mapping[str, Path],
    folder: Path,
) -> AsyncIterator[Start]:
    """Start a process and look at it until it is decided how that ended."""
    port = free_port()
    where = folder / "coachbot.db"
    words = [sys.executable, "-m", "bot", "api" if mode == "api" else "run"]
    if age in ("full", "read-only"):
        words = on_a_disk(age, databases["current"], folder, words)
    elif age != "new":
        shutil.copy(databases[age], where)
    process = await asyncio.create_subprocess_exec(
        *words,
        env={
            **bare_environment(),
            "DATABASE_URL": f"sqlite:///{where}",
            "COACHBOT_API_PORT": str(port),
            **settings,
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    saying = asyncio.create_task(process.communicate())
    try:
        yield await look(process, saying, port)
    finally:
        if process.returncode is None:
            process.terminate()
        await saying


async def look(
    process: asyncio.subprocess.Process, saying: "asyncio.Task[tuple[bytes, bytes]]", port: int
) -> Start:
    """Ask for health until it is decided, or until the process has ended."""
    address = f"http://127.0.0.1:{port}"
    async with asyncio.timeout(45), httpx.AsyncClient(base_url=address, trust_env=False) as client:
        while not saying.done():
            try:
                ready = await client.get("/health/ready")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            facts = ready.json()
            reason = facts.get("slack", {}).get("reason")
            if reason in UNDECIDED or not facts["database"]["answers"]:
                await asyncio.sleep(0.05)
                continue
            listed = await client.get(LIST)
            live = await client.get("/health/live")
            return Start(
                ready.status_code, reason, listed.status_code, live.status_code, said=ready.text
            )
    said = (await saying)[1].decode()
    if process.returncode == 77:
        leave_out("this test mounts a small disk: run it as root.")
    return Start(code=process.returncode, said=said)


def on_a_disk(age: str, database: Path, folder: Path, words: list[str]) -> list[str]:
    """Run a program in a place of its own, whose disk is full or read-only."""
    unshare = shutil.which("unshare")
    may = unshare and subprocess.run([unshare, "-rm", "true"], capture_output=True, check=False)
    if not may or may.returncode:
        leave_out("this test mounts a small disk, which needs Linux and unshare.")
    flags = "-m" if os.geteuid() == 0 else "-rm"
    return [str(unshare), flags, "sh", "-c", MOUNT, "sh", str(folder), str(database), age, *words]
