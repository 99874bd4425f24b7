"""Fixtures that every test may ask for."""

import os
import signal
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from storage.transaction import Store
from tests.databases import PostgresServer, SqliteFiles, opened
from tests.prerequisites.browser import DRIVER
from tests.prerequisites.record import read_record

settings.register_profile(
    "coachbot",
    deadline=None,
    derandomize=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("coachbot")


OURS: Final = ("COACHBOT_", "SLACK_")
OTHERS: Final = ("DATABASE_URL", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")
DIRECTLY: Final = ("127.0.0.1", "localhost")


def pytest_configure() -> None:
    """Let Playwright run by the Node.js that was found for it, and no setting of the shell decide.

    A proxy stays for what lies outside, but this computer is reached without it. A shell that
    starts the tests in the background has them ignore Ctrl-C, which what they start would inherit.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if driver := read_record().driver:
        os.environ.setdefault(DRIVER, driver)
    for name in tuple(os.environ):
        if name.startswith(OURS) or name in OTHERS:
            del os.environ[name]
    for name in ("no_proxy", "NO_PROXY"):
        if name in os.environ or name == "NO_PROXY":
            os.environ[name] = ",".join(filter(None, (os.environ.get(name), *DIRECTLY)))


class FrozenClock:
    """A clock that moves only when it is told to."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, span: timedelta) -> None:
        """Let time pass."""
        self.moment += span


@pytest.fixture
def clock() -> FrozenClock:
    """Monday 2 March 2026, 09:00 UTC."""
    return FrozenClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    """A source of migrated SQLite files."""
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test process's own."""
    # Not a folder of pytest's: it clears old ones away while other runs still use them.
    with tempfile.TemporaryDirectory(prefix="coachbot-postgres-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = PostgresServer(Path(folder))
        yield server
        server.close()


@pytest.fixture
def sqlite_store(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite."""
    with sqlite_files.address(tmp_path) as address, opened(address) as store:
        yield store


@pytest.fixture
def postgres_store(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Store]:
    """An empty store on PostgreSQL."""
    with postgres_server.address(tmp_path) as address, opened(address) as store:
        yield store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store; the test runs once on each database."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found
