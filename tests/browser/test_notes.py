"""Notes are written in Chromium, and read by those for whom they are."""

from pathlib import Path

from playwright.async_api import Page, expect

from bot.sandbox.server import Sandbox
from tests.browser.acting import Pane

SHARED, PRIVATE = "Try the short template for a week.", "Ask for a smaller target"


async def test_a_private_note_is_read_by_those_who_lead_alone(
    page: Page, played_sandbox: Sandbox, pictures: Path
) -> None:
    await page.goto(f"{played_sandbox.url}/?a=U0DANA&b=U0PRIYA")
    dana, priya = Pane(page, "a"), Pane(page, "b")
    await dana.type_command("/coach note Empathy")
    await dana.modal.locator("textarea").fill(SHARED)
    await dana.submit()
    await expect(dana.modal.get_by_role("button", name="Edit")).to_be_visible()
    await expect(dana.modal).to_contain_text(SHARED)
    await expect(dana.modal.locator("textarea")).to_have_value("")
    await dana.modal.locator("textarea").fill(PRIVATE)
    await dana.modal.get_by_role("checkbox", name="Only visible to organizer").check()
    await dana.submit()
    await expect(dana.modal).to_contain_text(PRIVATE)
    await dana.look(pictures, "notes")
    await dana.close()
    await priya.type_command("/coach note Empathy")
    await expect(priya.modal).to_contain_text(SHARED)
    await priya.look(pictures, "notes-attendee")
    await expect(page.locator("body")).not_to_contain_text(PRIVATE)
    await priya.close()
    await page.goto(f"{played_sandbox.url}/?a=U0TOMAS&b=")
    tomas = Pane(page, "a")
    await tomas.type_command("/coach note Empathy")
    await expect(tomas.modal).to_contain_text(PRIVATE)
