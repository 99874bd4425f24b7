"""The newcomer's path, walked in Chromium: schedule, announce, remind, read, start, complete."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from bot.sandbox.server import Sandbox
from tests.browser.acting import Pane

NEW_YORK, KOLKATA = ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")


async def test_a_newcomer_sees_a_session_from_scheduling_to_completion(
    page: Page, empty_sandbox: Sandbox, pictures: Path
) -> None:
    sandbox = empty_sandbox
    await page.goto(f"{sandbox.url}/?a=U0DANA&b=U0PRIYA")
    dana, priya = Pane(page, "a"), Pane(page, "b")
    await expect(page.get_by_test_id("banner")).to_contain_text("Sandbox")

    start = sandbox.clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=25)
    await dana.type_command(f"/coach schedule {start.astimezone(NEW_YORK):%Y-%m-%d %H:%M}")
    await expect(dana.modal).to_contain_text("Understood as")
    await dana.pick("attendee_ids", "Priya Raman")
    await dana.field("name").fill("Call review")
    await dana.field("description").fill("Two calls from last week")
    await page.screenshot(path=pictures / "form.png")
    await dana.save()

    await expect(dana.message("Scheduled: coaching with Priya Raman")).to_be_visible()
    told = priya.message("Dana Whitfield scheduled a coaching session with you")
    await expect(told).to_be_visible()
    local = start.astimezone(KOLKATA)
    await expect(told).to_contain_text(f"{local.hour % 12 or 12}:{local:%M}")
    await page.screenshot(path=pictures / "told.png")

    await page.get_by_test_id("clock-next").click()
    await expect(dana.message("with Priya Raman starts in 24 hours")).to_be_visible()
    await expect(priya.message("with Dana Whitfield starts in 24 hours")).to_be_visible()

    await priya.open("home")
    await expect(priya.home).to_contain_text("2 unread")
    await priya.open("messages")
    await told.get_by_role("button", name="Mark as read").click()
    await expect(told.get_by_role("button", name="Mark as read")).to_have_count(0)
    await priya.open("home")
    await expect(priya.home).to_contain_text("1 unread")

    await page.get_by_test_id("clock-next").click()
    await expect(dana.message("with Priya Raman starts in 1 hour")).to_be_visible()
    await expect(priya.home).to_contain_text("starts in 1 hour")
    await page.get_by_test_id("clock-next").click()
    await expect(dana.message("with Priya Raman starts in 10 minutes")).to_be_visible()
    soon = dana.message("Your coaching session with Priya Raman")
    await dana.press_on(soon, "Start", outcome="In progress")
    await dana.press_on(soon, "Complete", outcome="Completed")
    await page.screenshot(path=pictures / "completed.png")
    await priya.open("messages")
    await expect(priya.message("Dana Whitfield completed this session")).to_be_visible()

    await dana.type_command("/coach list completed")
    await expect(dana.message("Call review")).to_contain_text("Completed")


async def test_a_session_left_alone_is_asked_about(page: Page, empty_sandbox: Sandbox) -> None:
    await page.goto(f"{empty_sandbox.url}/?a=U0DANA&b=U0JONAS")
    dana, jonas = Pane(page, "a"), Pane(page, "b")
    await dana.type_command("/coach schedule in 30 minutes")
    await dana.pick("attendee_ids", "Jonas Beck")
    await dana.field("name").fill("Left alone")
    await dana.field("description").fill("Nobody presses a button")
    await dana.save()
    await expect(jonas.message("Dana Whitfield scheduled")).to_be_visible()
    for _ in range(3):
        await page.get_by_test_id("clock-1h").click()
    await expect(dana.message("This session should be over")).to_be_visible()
    await dana.type_command("/coach list overdue")
    await expect(dana.message("Left alone")).to_contain_text("Overdue")


async def test_a_refusal_stands_under_the_field_that_caused_it(
    page: Page, empty_sandbox: Sandbox, pictures: Path
) -> None:
    await page.goto(f"{empty_sandbox.url}/?a=U0DANA&b=U0PRIYA")
    dana = Pane(page, "a")
    await dana.type_command("/coach schedule in 2 hours")
    await dana.pick("attendee_ids", "Sam Adeyemi")
    await dana.field("name").fill("Across divisions")
    await dana.field("description").fill("Sam is in Sales")
    await dana.modal.get_by_test_id("modal-submit").click()
    await expect(dana.modal.get_by_test_id("error-attendee_ids-0")).to_contain_text(
        "only for people in your own divisions"
    )
    await page.screenshot(path=pictures / "refused.png")
