"""A session is scheduled in Chromium: by words that are asked about, and by times that are free."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from bot import coaching
from bot.playground import Playground
from bot.sandbox.server import Sandbox
from tests.browser.acting import WARNING, Pane


@pytest_asyncio.fixture(loop_scope="session")
async def dana(page: Page, empty_sandbox: Sandbox) -> Pane:
    await page.goto(f"{empty_sandbox.url}/?a=U0DANA&b=U0JONAS")
    return Pane(page, "a")


async def test_a_time_that_could_mean_two_is_asked_with_buttons(
    page: Page, dana: Pane, pictures: Path
) -> None:
    await dana.type_command("/coach schedule @Jonas Beck fri 3 for 45m Call review")
    await expect(dana.modal).to_contain_text("3")
    await dana.look(pictures, "asked")
    await dana.press("3:00 pm")
    await expect(dana.field("name")).to_have_value("Call review")
    await expect(dana.modal).to_contain_text("Jonas Beck")
    await dana.fill_in(description="Two calls of Monday")
    await dana.turn_to("Schedule")
    await expect(dana.modal).to_contain_text("45 minutes")
    await dana.save()
    await expect(dana.message("Scheduled: coaching with Jonas Beck")).to_contain_text("3:00 pm")


async def test_free_times_are_offered_and_one_that_is_taken_meanwhile_is_not(
    page: Page, dana: Pane, empty_playground: Playground, pictures: Path
) -> None:
    await dana.type_command("/coach schedule @Jonas Beck")
    await dana.fill_in(name="Call review", description="Two calls of Monday")
    await dana.look(pictures, "form-details")
    await dana.turn_to("Schedule")
    await dana.look(pictures, "form-unchecked")
    await dana.press("Check free times")
    await expect(dana.modal).to_contain_text("free times")
    await dana.field("slot").click()
    await page.screenshot(path=pictures / "form-slots.png")
    await page.get_by_role("option").first.click()
    await expect(dana.modal).to_contain_text("9:00 am, New York time (30 minutes)")
    await dana.look(pictures, "form-schedule")
    await take(empty_playground)
    await dana.submit()
    await expect(dana.modal).to_contain_text(WARNING)
    await dana.look(pictures, "form-taken")
    await dana.field("slot").click()
    await page.get_by_role("option").first.click()
    await dana.save()
    jonas = Pane(page, "b")
    await expect(jonas.message("Dana Whitfield scheduled a coaching session")).to_be_visible()


async def take(playground: Playground) -> None:
    """Let Tomás be faster with Jonas for the whole next hour in which both could meet."""
    context = playground.bot.context
    known = {each.person.name: each.person.id for each in coaching.members(context)}
    start = context.clock().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    request = coaching.NewAppointment(
        name="Faster",
        description="-",
        starts_at=start,
        length_minutes=60,
        attendee_ids=[known["Jonas Beck"]],
        facilitator_id=known["Tomás Lindqvist"],
    )
    caller = coaching.Caller(known["Tomás Lindqvist"], coaching.Source.SLACK)
    await asyncio.to_thread(coaching.schedule, context, caller, request)


async def test_where_nothing_is_free_it_says_why(
    page: Page, empty_sandbox: Sandbox, pictures: Path
) -> None:
    await page.goto(f"{empty_sandbox.url}/?a=U0GRACE&b=")
    grace = Pane(page, "a")
    await grace.type_command("/coach schedule @Mei Tanaka")
    await grace.turn_to("Schedule")
    await grace.press("Check free times")
    await expect(grace.modal).to_contain_text(
        "There is no time this week when everybody is at work."
    )
    await grace.look(pictures, "form-nothing-free")
