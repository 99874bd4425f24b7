"""What deploy/install.sh makes works from a disk that cannot be written to, as in a container."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.sandbox import Sandbox
from tests.clocks import true_sandbox_clock
from tests.operating.sealing import Sealed, may_seal
from tests.prerequisites.record import leave_out

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[2]
NO_INDEX = re.compile(r"No matching distribution|Could not find a version|Connection|Retry|resolve")
DRAW = """
import datetime
from bot.coaching import Report, Tally, WeekTally
from bot.coaching.times.periods import read_period
from bot.slack.reports.chart import draw
now = datetime.datetime(2027, 1, 12, 12, tzinfo=datetime.UTC)
period = read_period("today", zone="UTC", now=now)
tally = Tally(sessions=1, completed=1)
week = WeekTally(period=period, tally=tally)
report = Report(title="T", whose="W", period=period, total=tally, people=(), weeks=(week,))
try:
    print(draw(report)[:4])
except OSError:
    print("no place")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the script installed; made once, since it takes most of a minute."""
    prefix = tmp_path_factory.mktemp("installed") / "coachbot"
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    made = subprocess.run(
        [ROOT / "deploy" / "install.sh", prefix],
        env=variables | {"PYTHON": sys.executable},
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode and NO_INDEX.search(made.stderr):
        leave_out("deploy/install.sh needs a package index, and pip reaches none here")
    assert made.returncode == 0, made.stderr
    if not may_seal():
        subprocess.run(["chmod", "-R", "a-w", prefix], check=True)
    return prefix


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The one folder that may be written to, as that of a volume."""
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@asynccontextmanager
async def started(
    sealed: Sealed, wanted: Sequence[str], variables: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a process that serves; it ends by itself, and well, when it is told to stop."""
    running = await asyncio.create_subprocess_exec(
        *sealed.command(wanted, variables),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.terminate()
        said, _ = await asyncio.wait_for(running.communicate(), 25)
    assert running.returncode == 0, said.decode()


async def until_said(running: asyncio.subprocess.Process, pattern: str) -> str:
    """Read lines until one matches; gives what it matched."""
    assert running.stdout
    said = ""
    while line := (await asyncio.wait_for(running.stdout.readline(), 60)).decode():
        said += line
        if found := re.search(pattern, line):
            return found[1]
    pytest.fail(said)


def test_nothing_is_left_that_builds_or_installs(installed: Path) -> None:
    (packages,) = (installed / "lib").glob("python3*/site-packages")
    names = {each.name.split("-")[0] for each in packages.iterdir()}
    assert {"bot", "storage", "slack_bolt"} <= names
    assert not names & {"pip", "setuptools", "matplotlib", "__editable__"}
    assert str(ROOT) not in (installed / "bin" / "coachbot").read_text()


def test_check_says_what_is_missing_and_writes_nothing(installed: Path) -> None:
    done = Sealed().run([f"{installed}/bin/coachbot", "check"])
    assert done.returncode == 1
    assert "Please set SLACK_BOT_TOKEN" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


async def test_the_sandbox_serves_its_page_and_fonts(installed: Path, state: Path) -> None:
    wanted = [f"{installed}/bin/coachbot", "sandbox", "--port", "0", "--empty"]
    async with started(Sealed(state), wanted, {}) as running, httpx.AsyncClient() as browser:
        address = await until_said(running, r"(http://127\.0\.0\.1:\d+)")
        page = await browser.get(address)
        assert "<title>" in page.text
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text):
            assert (await browser.get(f"{address}{path}")).status_code == 200, path


async def test_it_runs_with_secrets_in_files_and_answers_its_health_check(
    installed: Path, state: Path, free_port: int
) -> None:
    python, port = f"{installed}/bin/python", str(free_port)
    async with Sandbox(clock=true_sandbox_clock()) as sandbox:
        secrets = {
            "DATABASE_URL": f"sqlite:///{state}/coachbot.db",
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
        }
        for name, value in secrets.items():
            (state.parent / name).write_text(f"{value}\n")
        variables = {f"{name}_FILE": str(state.parent / name) for name in secrets}
        variables |= {"SLACK_API_URL": sandbox.api_url, "COACHBOT_API_PORT": port}
        asked = [python, "-I", f"{installed}/healthcheck.py"]
        only_port = {"COACHBOT_API_PORT": port}
        assert (await asyncio.to_thread(Sealed().run, asked, only_port)).returncode == 1
        wanted = [f"{installed}/bin/coachbot", "run"]
        async with started(Sealed(state), wanted, variables) as running:
            await until_said(running, r"(SlackConnected)")
            done = await asyncio.to_thread(Sealed().run, asked, only_port)
            assert done.returncode == 0, done.stderr
    assert (state / "coachbot.db").is_file()


@pytest.mark.parametrize("has_place", [True, False])
def test_a_picture_needs_no_home_and_says_so_where_there_is_no_place(
    state: Path, *, has_place: bool
) -> None:
    """With a temporary folder it is drawn; without any, there is an error that is answered."""
    if not has_place and not may_seal():
        leave_out("a disk without any place to write needs root and unshare")
    sealed = Sealed(state if has_place else None)
    done = sealed.run([sys.executable, "-W", "error", "-c", DRAW], {"PYTHONPATH": str(ROOT)})
    assert done.stdout.strip() == (r"b'\x89PNG'" if has_place else "no place"), done.stderr
    assert done.stderr == ""


def test_the_service_is_one_that_systemd_takes(installed: Path, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        leave_out("systemd-analyze is not here")
    text = (ROOT / "deploy" / "coachbot.service").read_text()
    unit = tmp_path / "coachbot.service"
    unit.write_text(text.replace("/opt/coachbot/bin", f"{installed}/bin"))
    done = subprocess.run(
        ["systemd-analyze", "verify", unit], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")
