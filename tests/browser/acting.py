"""What a newcomer does with the page, in their words."""

from datetime import datetime

from playwright.async_api import Locator, Page, expect


class Pane:
    """One half of the page: one person's view of Slack."""

    def __init__(self, page: Page, slot: str) -> None:
        self.page = page
        self.root = page.get_by_test_id(f"pane-{slot}")

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
        return self.modal.locator(f"[data-block-id={block_id}]").first

    async def pick(self, block_id: str, name: str) -> None:
        """Pick a person in a people picker."""
        await self.field(block_id).click()
        await self.page.keyboard.type(name)
        await self.page.get_by_role("option").filter(has_text=name).first.click()
        await self.page.keyboard.press("Escape")

    async def set_moment(self, moment: datetime) -> None:
        """Fill the date and the time of the form, as the person's own clock shows them."""
        await self.field("starts_at").fill(f"{moment:%Y-%m-%d}")
        await self.modal.locator("input[data-part=time]").fill(f"{moment:%H:%M}")

    async def save(self) -> None:
        """Submit the form and see it close."""
        await self.modal.get_by_test_id("modal-submit").click()
        await expect(self.page.get_by_test_id("modal")).to_have_count(0)
