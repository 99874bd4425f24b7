"""A real Chromium, and a sandbox with the real bot in it, always on the same winter's day."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from bot.playground import Playground, playing
from bot.sandbox.server import Sandbox
from bot.settings import read_settings
from tests.clocks import running_sandbox_clock
from tests.prerequisites.record import recorded_browser

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


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser of this test's own; slow machines get time."""
    expect.set_options(timeout=15_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> Page:
    """A wide page; slow machines get time."""
    page = await browser.new_page(viewport=WIDE, timezone_id="UTC", locale="en-GB")
    page.set_default_timeout(15_000)
    return page


@pytest.fixture
async def empty_playground() -> AsyncIterator[Playground]:
    """The bot in a sandbox in which nothing was scheduled yet."""
    settings, clock = (
        read_settings({"COACHBOT_LOG_LEVEL": "ERROR"}),
        running_sandbox_clock(),
    )
    async with playing(settings, empty=True, clock=clock) as playground:
        yield playground
        assert playground.sandbox.complaints == []


@pytest.fixture
async def empty_sandbox(empty_playground: Playground) -> Sandbox:
    """A sandbox in which nothing was scheduled yet."""
    return empty_playground.sandbox


@pytest.fixture
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
