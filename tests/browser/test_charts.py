"""Slack's charts and data tables on the sandbox's page: seen, heard, turned and sorted."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.sandbox import Sandbox
from tests.browser.acting import Pane
from tests.sandbox.tinybot import TinyBot

Json = dict[str, Any]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NAMES = ["Priya Raman", "Jonas Beck", "دنה לוי", "Maximilian von der…"]


def drawn(kind: str, names: list[str], kinds: int = 4) -> Json:
    series = [
        {"name": f"Kind {at}", "data": [{"label": each, "value": at * len(each)} for each in names]}
        for at in range(1, kinds + 1)
    ]
    chart = {"type": kind, "series": series, "axis_config": {"categories": names}}
    return {"type": "data_visualization", "title": f"As {kind}", "chart": chart}


def table(rows: int) -> Json:
    def row(name: str, number: int) -> list[Json]:
        shown = {"type": "raw_number", "value": number, "text": f"{number:,}"}
        return [{"type": "raw_text", "text": name}, *[shown] * 6]

    heads = [{"type": "raw_text", "text": f"Column {at}"} for at in range(7)]
    body = [row(f"Person {at}", at * 997 % 1013) for at in range(rows)]
    return {"type": "data_table", "caption": "People", "rows": [heads, *body], "page_size": 10}


async def show(bot: TinyBot, sandbox: Sandbox, *blocks: Json) -> None:
    dm = sandbox.person("U0DANA").dm
    await bot.client.chat_postMessage(channel=dm, text="Numbers", blocks=list(blocks))


async def look(page: Page, sandbox: Sandbox) -> Pane:
    page.set_default_timeout(15_000)
    await page.goto(f"{sandbox.url}/?a=U0DANA&b=&at=messages")
    return Pane(page, "a")


@pytest.mark.parametrize("width", [1440, 390])
async def test_charts_are_drawn_within_the_page_and_read_out(
    browser: Browser, bot: TinyBot, sandbox: Sandbox, pictures: Path, width: int
) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 2600}, locale="en-GB")
    slices = [{"label": each, "value": len(each)} for each in NAMES]
    pie = {"type": "pie", "segments": slices}
    await show(bot, sandbox, drawn("bar", NAMES), drawn("line", NAMES))
    await show(bot, sandbox, drawn("area", [f"{at} Nov" for at in range(1, 21)], 2))
    title = {"type": "data_visualization", "title": "As pie", "chart": pie}
    await show(bot, sandbox, title)
    await look(page, sandbox)
    for kind, shape, count in (
        ("bar", "rect.chart-shape", 16 + 4),
        ("line", "polyline", 4),
        ("area", "polygon", 2),
        ("pie", "path.chart-shape", 4),
    ):
        figure = page.get_by_role("group", name=f"As {kind}")
        await expect(figure).to_be_visible()
        await expect(figure.locator(shape)).to_have_count(count)
        box = await figure.bounding_box()
        assert box
        assert box["x"] + box["width"] <= width
    heard = page.get_by_role("table", name="As bar")
    await expect(heard.get_by_role("row", name="Jonas Beck")).to_contain_text("10203040")
    await expect(page.get_by_role("table", name="As pie").get_by_role("row")).to_have_count(5)
    assert await page.evaluate(OVERFLOW) == 0
    await page.screenshot(path=pictures / f"charts-{width}.png")


async def test_a_data_table_is_turned_and_sorted_with_the_keyboard(
    page: Page, bot: TinyBot, sandbox: Sandbox
) -> None:
    await show(bot, sandbox, table(23))
    await look(page, sandbox)
    people = page.get_by_role("table", name="People")
    await expect(people.get_by_role("row")).to_have_count(11)
    await expect(people.get_by_role("rowheader").first).to_have_text("Person 0")
    forward = page.get_by_test_id("message").get_by_role("button", name="Next")
    await forward.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Page 3 of 3")).to_be_visible()
    await expect(people.get_by_role("row")).to_have_count(4)
    await expect(forward).to_be_disabled()
    heading = people.get_by_role("button", name="Column 3")
    await heading.click()
    await page.keyboard.press("Enter")
    head = people.get_by_role("columnheader", name="Column 3")
    await expect(head).to_have_attribute("aria-sort", "descending")
    await expect(page.get_by_text("Page 1 of 3")).to_be_visible()
    await expect(people.get_by_role("row").nth(1)).to_contain_text("997")
