"""Something is attached to a session in Chromium, taken off again, and refused where it is bad."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from bot.sandbox.server import Sandbox
from tests.browser.acting import WARNING, Pane

CALL = "8f0c2c5e-6a55-4c1e-9d0d-3b1f0d8a7e11"


async def test_links_interactions_and_files_are_attached_and_removed(
    page: Page, empty_sandbox: Sandbox, pictures: Path
) -> None:
    await page.goto(f"{empty_sandbox.url}/?a=U0DANA&b=U0JONAS")
    dana = Pane(page, "a")
    await dana.type_command("/coach schedule @Jonas Beck 2027-01-14 10:00 Call review")
    await dana.fill_in(description="Two calls of Monday")
    await dana.turn_to("Attachments")
    await dana.look(pictures, "attachments-empty")
    await dana.fill_in(external_links="http://northwind.example/plain")
    await dana.press("Attach")
    await expect(dana.modal).to_contain_text(WARNING)
    await dana.look(pictures, "attachments-refused")
    await dana.fill_in(
        external_links="https://northwind.example/calls/7",
        conversation_ids=f"https://apps.mypurecloud.ie/directory/#/engage/admin/interactions/{CALL}",
    )
    notes: Any = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Listen at 2:10"}
    await dana.modal.locator("input[type=file]").set_input_files(notes)
    await expect(dana.modal.get_by_role("button", name="Remove notes.txt")).to_be_visible()
    await dana.press("Attach")
    await expect(dana.modal).to_contain_text(f"Interaction: {CALL}")
    await expect(dana.modal).to_contain_text("File: notes.txt")
    await expect(dana.modal.get_by_role("link", name="northwind.example/calls/7")).to_be_visible()
    await dana.look(pictures, "attachments")
    await dana.modal.get_by_role("button", name=f"Remove Interaction {CALL}").click()
    await expect(dana.modal).not_to_contain_text(CALL)
    await dana.save()
    jonas = Pane(page, "b")
    told = jonas.message("Dana Whitfield scheduled")
    await expect(told.get_by_role("link", name="northwind.example")).to_be_visible()
    await told.get_by_role("button", name="Open").click()
    await jonas.turn_to("Attachments")
    await expect(jonas.modal).to_contain_text("File: notes.txt")
    await expect(jonas.modal).not_to_contain_text(CALL)
    await jonas.look(pictures, "attachments-attendee")
