"""What a newcomer does with the page, in their words."""

import re
from pathlib import Path
from typing import Final

from playwright.async_api import Locator, Page, ViewportSize, expect

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
WARNING: Final = re.compile("⚠️|:warning:")
"""As the fonts of the machine have it."""
OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Pane:
    """One half of the page: one person's view of Slack."""

    def __init__(self, page: Page, slot: str) -> None:
        self.page = page
        self.slot = slot
        self.root = page.get_by_test_id(f"pane-{slot}")

    async def look(self, pictures: Path, name: str, *, at: Locator | None = None) -> None:
        """Keep a picture of the page, and one of this half on a phone, where all must fit."""
        wide = self.page.viewport_size or PHONE
        await self.page.screenshot(path=pictures / f"{name}.png")
        await self.page.set_viewport_size(PHONE)
        switch = self.page.get_by_test_id(f"switch-{self.slot}")
        if await switch.is_visible():
            await switch.click()
        if at is not None:
            await at.evaluate("element => element.scrollIntoView({block: 'start'})")
        assert await self.page.evaluate(OVERFLOW) == 0
        await self.page.screenshot(path=pictures / f"{name}-phone.png")
        await self.page.set_viewport_size(wide)

    async def type_command(self, text: str) -> None:
        """Type into the composer and send."""
        await self.open("messages")
        await self.root.get_by_test_id("composer").fill(text)
        await self.root.get_by_test_id("send").click()

    async def open(self, tab: str) -> None:
        """Turn to a tab: home, messages."""
        await self.root.get_by_test_id(f"tab-{tab}").click()

    def message(self, text: str) -> Locator:
        """The latest message that says this."""
        return self.root.get_by_test_id("message").filter(has_text=text).last

    @property
    def home(self) -> Locator:
        """What the Home tab shows."""
        return self.root.get_by_test_id("home")

    @property
    def modal(self) -> Locator:
        """The form on top."""
        return self.page.get_by_test_id("modal").last

    def field(self, block_id: str) -> Locator:
        """A field of the form."""
        return self.modal.locator(
            f'[data-block-id="{block_id}"], [data-block-id^="{block_id}-"]'
        ).first

    async def pick(self, block_id: str, name: str) -> None:
        """Pick a person in a people picker."""
        await self.field(block_id).click()
        await self.page.keyboard.type(name)
        await self.page.get_by_role("option").filter(has_text=name).first.click()
        await self.page.keyboard.press("Escape")

    async def fill_in(self, **words: str) -> None:
        """Type into fields of the form."""
        for name, text in words.items():
            await self.field(name).fill(text)

    async def turn_to(self, label: str) -> None:
        """Turn to a tab of the form, and see it open."""
        tabs = self.modal.locator('button[data-block-id="tabs"]')
        await tabs.filter(has_text=label).click()
        await expect(
            self.modal.get_by_role("button", name=f"{label}, the open tab")
        ).to_be_visible()

    async def press(self, name: str) -> None:
        """Press a button of the form."""
        await self.modal.get_by_role("button", name=name).first.click()

    async def submit(self) -> None:
        """Send the form, whatever comes of it."""
        await self.modal.get_by_test_id("modal-submit").click()

    async def set_time(self, clock: str) -> None:
        """Fill in the time of the day at which the session starts."""
        await self.modal.locator("input[data-part=time]").fill(clock)

    async def close(self) -> None:
        """Close the form without sending it."""
        await self.modal.get_by_test_id("modal-close").click()
        await expect(self.page.get_by_test_id("modal")).to_have_count(0)

    async def press_on(self, message: Locator, name: str, *, outcome: str) -> None:
        """Press a button of a message once, and see the message say the outcome."""
        await message.get_by_role("button", name=name).click()
        await expect(message).to_contain_text(outcome, timeout=10_000)

    async def save(self) -> None:
        """Submit the form and see it close."""
        await self.modal.get_by_test_id("modal-submit").click()
        await expect(self.page.get_by_test_id("modal")).to_have_count(0)
