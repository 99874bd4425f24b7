"""The page to read the API by, in a real Chromium, wide and on a phone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from bot.rest.operations import OPERATIONS
from tests.browser.conftest import FLAGS, chromium
from tests.browser.typefaces import foreign_glyphs
from tests.rest.api import Api

HOST = "http://coach.example"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser of this test's own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        await browser.close()


async def opened(browser: Browser, api: Api, width: int) -> tuple[Page, list[str]]:
    """Open the page; what the browser asks for comes from the API, without a server."""

    async def answer(route: Route) -> None:
        asked = await api.http.get(route.request.url)
        await route.fulfill(
            status=asked.status_code, headers=dict(asked.headers), body=asked.content
        )

    page = await browser.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.route(f"{HOST}/**", answer)
    await page.goto(f"{HOST}/docs")
    await page.wait_for_selector("details")
    return page, complaints


@pytest.mark.parametrize("width", [375, 1200])
async def test_every_operation_can_be_read(browser: Browser, api: Api, width: int) -> None:
    page, complaints = await opened(browser, api, width)
    cards = page.locator("details")
    assert await cards.count() == len(OPERATIONS) + 1
    for number in range(await cards.count()):
        await cards.nth(number).locator("summary").click()
    # Not wait_for_function: where it has to look twice, the page's own policy forbids it to.
    await expect(page.locator("details > :nth-child(2)")).to_have_count(len(OPERATIONS) + 1)
    text = await page.inner_text("#postCoachingAppointments")
    for word in ("Idempotency-Key", "attendeeIds", "required", "appointment.conflict", "curl"):
        assert word in text
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate("document.fonts.check('15px Lato')")
    assert await foreign_glyphs(page) == []
    assert complaints == []


async def test_searching_keeps_what_mentions_it(browser: Browser, api: Api) -> None:
    page, complaints = await opened(browser, api, 1200)
    await page.get_by_role("searchbox").fill("annotation.deleted")
    assert await page.inner_text("#count") == "3 found"
    assert await page.locator("details:visible").count() == 3
    assert complaints == []
