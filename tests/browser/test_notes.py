"""A note is written in Chromium, seen in its place, and the form closes by Escape."""

from pathlib import Path

from playwright.async_api import Page, expect

from bot.sandbox.server import Sandbox
from tests.browser.acting import Pane


async def test_a_note_is_added_and_stays_in_sight(
    page: Page, played_sandbox: Sandbox, pictures: Path
) -> None:
    await page.goto(f"{played_sandbox.url}/?a=U0DANA&b=")
    dana = Pane(page, "a")
    await dana.type_command("/coach note After-call")
    await dana.modal.locator("textarea").fill("Try the short template for a week.")
    await dana.modal.get_by_test_id("modal-submit").click()
    await expect(dana.modal.get_by_role("button", name="Edit")).to_be_visible()
    await expect(dana.modal).to_contain_text("Try the short template for a week.")
    await expect(dana.modal.locator("textarea")).to_have_value("")
    await page.screenshot(path=pictures / "note.png")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("modal")).to_have_count(0)
