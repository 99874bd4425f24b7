"""A real Chromium, and a sandbox with the real bot in it, always on the same winter's day."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from bot.playground import Playground, playing
from bot.sandbox.server import Sandbox
from bot.settings import read_settings
from tests.clocks import running_sandbox_clock
from tests.prerequisites.record import recorded_browser
from tests.sandbox.tinybot import TinyBot, connected

HERE = Path(__file__).parent

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE: ViewportSize = {"width": 1440, "height": 900}


def chromium() -> str:
    """Where Chromium is on this machine; without one the test is not run."""
    return recorded_browser()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of this folder in one event loop, since they share what lives in it."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_browser() -> AsyncIterator[Browser]:
    """A browser for all tests of this process; slow machines get time."""
    expect.set_options(timeout=15_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(running_browser: Browser) -> AsyncIterator[Browser]:
    """A browser in which nothing of another test is open or remembered."""
    yield running_browser
    for context in running_browser.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> Page:
    """A wide page; slow machines get time."""
    page = await browser.new_page(viewport=WIDE, timezone_id="UTC", locale="en-GB")
    page.set_default_timeout(15_000)
    return page


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox that no bot has connected to."""
    async with Sandbox(clock=running_sandbox_clock()) as running:
        yield running
        assert running.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def bot(sandbox: Sandbox) -> AsyncIterator[TinyBot]:
    """An app in it that does what a test tells it to."""
    async with connected(sandbox) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def empty_playground() -> AsyncIterator[Playground]:
    """The bot in a sandbox in which nothing was scheduled yet."""
    settings, clock = (
        read_settings({"COACHBOT_LOG_LEVEL": "ERROR"}),
        running_sandbox_clock(),
    )
    async with playing(settings, empty=True, clock=clock) as playground:
        yield playground
        assert playground.sandbox.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def empty_sandbox(empty_playground: Playground) -> Sandbox:
    """A sandbox in which nothing was scheduled yet."""
    return empty_playground.sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def played_sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox with its week of sessions."""
    settings, clock = (
        read_settings({"COACHBOT_LOG_LEVEL": "ERROR"}),
        running_sandbox_clock(),
    )
    async with playing(settings, clock=clock) as playground:
        sandbox = playground.sandbox
        yield sandbox
        assert sandbox.complaints == []


@pytest.fixture
def pictures() -> Path:
    """Where screenshots are kept as test output."""
    folder = Path("build") / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
