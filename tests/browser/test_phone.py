"""The page on a phone: everything fits, and Home says what matters first."""

from pathlib import Path

from playwright.async_api import Browser, ViewportSize, expect

from bot.sandbox.server import Sandbox
from tests.browser.acting import Pane

PHONE: ViewportSize = {"width": 390, "height": 844}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def test_home_fits_a_phone(browser: Browser, played_sandbox: Sandbox, pictures: Path) -> None:
    page = await browser.new_page(viewport=PHONE, device_scale_factor=2, locale="en-GB")
    await page.goto(f"{played_sandbox.url}/?a=U0DANA&b=U0PRIYA")
    dana = Pane(page, "a")
    await dana.open("home")
    await expect(dana.home).to_contain_text("Overdue")
    await expect(dana.home).to_contain_text("After-call notes")
    await page.screenshot(path=pictures / "phone.png")
    assert await page.evaluate(OVERFLOW) == 0
    await dana.type_command("/coach schedule")
    await expect(dana.modal).to_contain_text("Who coaches")
    await page.screenshot(path=pictures / "phone-form.png")
    assert await page.evaluate(OVERFLOW) == 0
