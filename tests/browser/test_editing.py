"""A session is changed in Chromium: on its four tabs, to another time, and away."""

from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from bot.sandbox.server import Sandbox
from tests.browser.acting import Pane


@pytest_asyncio.fixture(loop_scope="session")
async def dana(page: Page, empty_sandbox: Sandbox) -> Pane:
    """Dana's half of the page, with a session with Priya on Thursday."""
    await page.goto(f"{empty_sandbox.url}/?a=U0DANA&b=U0PRIYA")
    dana = Pane(page, "a")
    await dana.type_command("/coach schedule @Priya Raman 2027-01-14 08:30 Call review")
    await dana.fill_in(description="Two calls of Monday")
    await dana.save()
    await expect(dana.message("Scheduled: coaching with Priya Raman")).to_be_visible()
    return dana


async def test_what_is_typed_survives_tabs_and_a_close_by_accident(
    page: Page, dana: Pane, pictures: Path
) -> None:
    await dana.message("Scheduled").get_by_role("button", name="Open").click()
    await dana.fill_in(name="Call review, part two", location="Room Tyne")
    await dana.look(pictures, "edit-details")
    await dana.turn_to("Attachments")
    await dana.fill_in(external_links="https://northwind.example/calls/7")
    await dana.press("Attach")
    await expect(dana.modal.get_by_role("button", name="Remove")).to_be_visible()
    await dana.turn_to("Schedule")
    await dana.look(pictures, "edit-schedule")
    await dana.turn_to("Notes")
    await dana.fill_in(note="Ask about Tuesday")
    await dana.turn_to("Details")
    await expect(dana.field("name")).to_have_value("Call review, part two")
    await dana.fill_in(location="Room Tees")
    await page.wait_for_timeout(700)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("modal")).to_have_count(0)
    await dana.type_command("/coach edit Call review")
    await expect(dana.modal.get_by_role("button", name="Start over")).to_be_visible()
    await expect(dana.field("location")).to_have_value("Room Tees")
    await dana.look(pictures, "resumed")
    await dana.turn_to("Notes")
    await expect(dana.field("note")).to_have_value("Ask about Tuesday")
    await dana.save()
    await expect(dana.message("Call review, part two")).to_contain_text("Room Tees")
    priya = Pane(page, "b")
    await expect(priya.message("Dana Whitfield changed this session")).to_be_visible()
    await priya.look(pictures, "edited")
    await priya.message("changed this").get_by_role("button", name="Open").click()
    await priya.turn_to("Notes")
    await expect(priya.modal).to_contain_text("Ask about Tuesday")
    await priya.look(pictures, "attendee-notes")


async def test_a_moved_session_strikes_its_old_time_through(
    page: Page, dana: Pane, pictures: Path
) -> None:
    priya = Pane(page, "b")
    told = priya.root.get_by_test_id("message").filter(has_text="scheduled a coaching").first
    await expect(told).to_contain_text("7:00 pm")
    await dana.message("Scheduled").get_by_role("button", name="Open").click()
    await dana.turn_to("Schedule")
    await dana.set_time("08:45")
    await expect(dana.modal).to_contain_text("8:45 am, New York time")
    await dana.save()
    await expect(told.locator("s")).to_contain_text("7:00 pm")
    await expect(told).to_contain_text("7:15 pm")
    await expect(dana.message("Scheduled").locator("s")).to_contain_text("8:30 am")
    await dana.look(pictures, "moved")


async def test_a_session_is_deleted_only_after_a_yes(
    page: Page, dana: Pane, pictures: Path
) -> None:
    await dana.message("Scheduled").get_by_role("button", name="Open").click()
    await dana.press("Delete session")
    await dana.look(pictures, "delete-confirm")
    await page.get_by_test_id("confirm-deny").click()
    await expect(dana.field("name")).to_have_value("Call review")
    await dana.press("Delete session")
    await page.get_by_test_id("confirm-ok").click()
    priya = Pane(page, "b")
    await expect(priya.message("Call review")).to_contain_text("Cancelled")
    await priya.look(pictures, "deleted")


async def test_a_completion_is_undone(page: Page, dana: Pane, pictures: Path) -> None:
    for _ in range(2):
        await page.get_by_test_id("clock-1d").click()
    await dana.type_command("/coach list today")
    told = dana.message("1 session")
    await dana.press_on(told, "Complete", outcome="Completed")
    await dana.look(pictures, "completed-undo")
    await dana.press_on(told, "Undo", outcome="Scheduled")
    await expect(told.get_by_role("button", name="Complete")).to_be_visible()


async def test_a_press_counts_while_the_bot_shows_its_message_anew(
    page: Page, dana: Pane, empty_sandbox: Sandbox
) -> None:
    for _ in range(2):
        await page.get_by_test_id("clock-1d").click()
    organizer, attendee = (empty_sandbox.person(each) for each in ("U0DANA", "U0PRIYA"))
    await organizer.command("/coach list today")
    mine = await organizer.message_with("1 session")
    told = Pane(page, "b").root.get_by_test_id("message").filter(has_text="scheduled a").first
    button = told.get_by_role("button", name="Mark as read")
    await button.focus()
    await page.keyboard.down(" ")
    await organizer.click(mine, "start")
    theirs = await attendee.message_with("scheduled a coaching")
    await attendee.until(lambda _: "In progress" in theirs.words, seconds=10)
    await page.wait_for_timeout(300)
    await page.keyboard.up(" ")
    await expect(told).to_contain_text("In progress")
    await expect(button).to_have_count(0)
