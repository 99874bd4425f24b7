"""The page carries its fonts: it looks the same whatever is installed, also where nothing is."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from bot.sandbox.server import Sandbox
from tests.browser.acting import OVERFLOW, Pane
from tests.browser.conftest import FLAGS, WIDE, chromium
from tests.browser.typefaces import foreign_glyphs, only_emoji

DIGITS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.font = "100px Lato";
  return canvas.measureText("0123456789").width;
}
"""


@pytest_asyncio.fixture(loop_scope="session")
async def bare_browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser on a machine whose one font is an emoji font."""
    expect.set_options(timeout=15_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=FLAGS, env={**os.environ, **only_emoji(tmp_path)}
        )
        yield browser
        await browser.close()


async def test_a_machine_with_an_emoji_font_alone_shows_the_same_page(
    bare_browser: Browser, played_sandbox: Sandbox, pictures: Path
) -> None:
    page = await bare_browser.new_page(viewport=WIDE, locale="en-GB")
    await page.goto(f"{played_sandbox.url}/?a=U0DANA&b=U0PRIYA")
    dana = Pane(page, "a")
    await dana.open("home")
    await expect(dana.home).to_contain_text("Overdue")
    assert await page.evaluate("document.fonts.check('15px Lato')")
    assert await page.evaluate(DIGITS) == pytest.approx(580)
    assert await foreign_glyphs(page) == []
    await dana.type_command("/coach schedule")
    await expect(dana.modal).to_contain_text("Who coaches")
    assert await foreign_glyphs(page) == []
    assert await page.evaluate(OVERFLOW) == 0
    await dana.close()
    await dana.open("messages")
    # The one font has a calendar and no hourglass, which is told by its name.
    await expect(dana.message("Scheduled: coaching with")).to_contain_text("📅")
    await expect(dana.message("should be over")).to_contain_text(":hourglass_flowing_sand:")
    await dana.look(pictures, "bare")
