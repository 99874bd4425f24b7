"""A real Chromium, and a sandbox with the real bot in it."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.playground import playing
from bot.sandbox.server import Sandbox
from bot.settings import read_settings

NAMES = ("chromium", "chromium-browser", "google-chrome")
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
    """Where Chromium is on this machine."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("Chromium is needed: install it, or set CHROMIUM to where it is")
    return found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser of this test's own."""
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
async def empty_sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox in which nothing was scheduled yet."""
    async with playing(read_settings({"COACHBOT_LOG_LEVEL": "ERROR"}), empty=True) as playground:
        sandbox = playground.sandbox
        yield sandbox
        assert sandbox.complaints == []


@pytest.fixture
async def played_sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox with its week of sessions."""
    async with playing(read_settings({"COACHBOT_LOG_LEVEL": "ERROR"})) as playground:
        sandbox = playground.sandbox
        yield sandbox
        assert sandbox.complaints == []


@pytest.fixture
def pictures() -> Path:
    """Where screenshots are kept as test output."""
    folder = Path("build") / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
