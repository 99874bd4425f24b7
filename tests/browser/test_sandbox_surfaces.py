"""The pretend Slack's own page in Chromium: files, pictures, shortcuts, menus that are typed in."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, ViewportSize, expect

from bot.sandbox import Sandbox, Shortcut, Terms
from bot.sandbox.chatter import fill_general
from tests.browser.acting import Pane
from tests.clocks import running_sandbox_clock
from tests.sandbox.tinybot import TinyBot, form, options, plain

Json = dict[str, Any]
SHORTCUTS = (
    Shortcut("Plan it", "global", "plan_it", "Plan a session"),
    Shortcut("Coach on this", "message", "coach_on_this", "Attach this message"),
)
PHONE: ViewportSize = {"width": 390, "height": 844}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def png(width: int = 900, height: int = 500) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x2b\x7a\x3d" * width) * height
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=running_sandbox_clock(), terms=Terms(shortcuts=SHORTCUTS)) as running:
        fill_general(running.world)
        yield running
        assert running.complaints == []


@pytest.fixture
def bot(bot: TinyBot) -> TinyBot:
    bot.app.shortcut("coach_on_this")(bot.on_shortcut)
    return bot


async def look(page: Page, sandbox: Sandbox, tab: str = "messages") -> Pane:
    page.set_default_timeout(15_000)
    await page.goto(f"{sandbox.url}/?a=U0DANA&b=&at={tab}")
    return Pane(page, "a")


def labelled(name: str, element: Json, **more: object) -> Json:
    named = {"action_id": name, **element}
    return {"type": "input", "block_id": name, "label": plain(name), "element": named, **more}


def show(sandbox: Sandbox, *blocks: Json) -> None:
    view = form(callback_id="plan") | {"blocks": list(blocks)}
    sandbox.world.views.open("U0DANA", view)
    sandbox.world.changes.touch_all()


@pytest.mark.parametrize("width", [1440, 390])
async def test_pictures_files_and_tables_in_a_message(
    browser: Browser, bot: TinyBot, sandbox: Sandbox, pictures: Path, width: int
) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 844}, locale="en-GB")
    sent: list[Json] = [
        {"filename": "chart.png", "content": png(), "title": "This week", "alt_txt": "Seven bars"},
        {"filename": "report.csv", "content": "a,b\n" * 400, "title": "Figures of this week"},
    ]
    dana = sandbox.person("U0DANA")
    done = await bot.client.files_upload_v2(
        file_uploads=sent, channel=dana.dm, initial_comment="Your report"
    )
    rows = [[{"type": "raw_text", "text": f"Cell {n} of {row}"} for n in range(6)] for row in "ab"]
    picture: Json = {
        "type": "image",
        "slack_file": {"id": done["files"][0]["id"]},
        "alt_text": "Bars",
    }
    blocks: list[Json] = [picture, {"type": "table", "rows": rows}]
    await bot.client.chat_postMessage(channel=dana.dm, text="Table", blocks=blocks)
    pane = await look(page, sandbox)
    message = pane.message("Your report")
    image = message.get_by_role("img", name="Seven bars")
    await expect(image).to_be_visible()
    await expect(image).to_have_js_property("naturalWidth", 900)
    box = await image.bounding_box()
    assert box
    assert box["width"] <= min(400, width)
    card = message.get_by_test_id("file").filter(has_text="Figures of this week")
    await expect(card).to_contain_text("report.csv · 1.6 kB")
    async with page.expect_download() as download:
        await card.get_by_role("link", name="Download report.csv").click()
    saved = await (await download.value).path()
    assert await asyncio.to_thread(saved.read_bytes) == b"a,b\n" * 400
    inline = pane.root.get_by_role("img", name="Bars").last
    await expect(inline).to_have_js_property("naturalWidth", 900)
    assert await page.evaluate(OVERFLOW) == 0
    await page.screenshot(path=pictures / f"sandbox-files-{width}.png")
    async with page.context.expect_page() as opened:
        await image.click()
    full = await opened.value
    await expect(full.locator("img")).to_have_js_property("naturalWidth", 900)


async def test_a_file_is_chosen_uploaded_and_sent(
    page: Page, bot: TinyBot, sandbox: Sandbox, pictures: Path
) -> None:
    heard: list[Json] = []

    async def on_upload(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    bot.app.view("upload")(on_upload)
    element = {"type": "file_input", "filetypes": ["txt"], "max_files": 2}
    view = form(callback_id="upload") | {"blocks": [labelled("files", element)]}
    pane = await look(page, sandbox)
    sandbox.world.views.open("U0DANA", view)
    sandbox.world.changes.touch_all()
    await pane.modal.get_by_test_id("modal-submit").click()
    await expect(pane.modal.get_by_test_id("error-files")).to_contain_text("required")
    chooser = pane.modal.locator("input[type=file]")
    pdf: Any = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    await chooser.set_input_files(pdf)
    await expect(pane.modal).to_contain_text("only files of these types: txt")
    named = ("one.txt", "two.txt", "three.txt")
    texts: Any = [
        {"name": name, "mimeType": "text/plain", "buffer": name.encode()} for name in named
    ]
    await chooser.set_input_files(texts)
    await expect(pane.modal).to_contain_text("no more than 2 files")
    arrive = asyncio.Event()

    async def slowly(route: Route) -> None:
        await arrive.wait()
        await route.continue_()

    await page.route("**/sandbox/upload?*", slowly)
    await chooser.set_input_files(texts[:2])
    await pane.modal.get_by_test_id("modal-submit").click()
    await expect(pane.modal).to_contain_text("still on their way")
    assert heard == []
    arrive.set()
    await expect(pane.modal.get_by_role("button", name="Remove two.txt")).to_be_visible()
    await page.screenshot(path=pictures / "sandbox-upload.png")
    await pane.modal.get_by_role("button", name="Remove one.txt").click()
    await pane.save()
    [file] = heard[0]["view"]["state"]["values"]["files"]["files"]["files"]
    assert (file["name"], file["user"], file["size"]) == ("two.txt", "U0DANA", 7)
    kept = sandbox.world.files.find(file["id"])
    assert kept.content == b"two.txt"


async def test_a_shortcut_from_the_menu_of_somebodys_message(
    page: Page, bot: TinyBot, sandbox: Sandbox, pictures: Path
) -> None:
    pane = await look(page, sandbox, "general")
    message = pane.message("25 minutes on one refund")
    await message.hover()
    more = message.get_by_test_id("message-more")
    await expect(more).to_have_css("opacity", "1")
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Coach on this")).to_be_focused()
    await page.screenshot(path=pictures / "sandbox-shortcut.png")
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(pane.modal).to_contain_text("Plan a session")
    [body] = bot.heard
    assert body["message"]["user"] == "U0PRIYA"
    assert body["channel"]["name"] == "general"


async def test_shortcuts_on_a_phone(
    browser: Browser, bot: TinyBot, sandbox: Sandbox, pictures: Path
) -> None:
    page = await browser.new_page(viewport=PHONE, has_touch=True, locale="en-GB")
    pane = await look(page, sandbox, "general")
    await expect(pane.message("25 minutes on one refund")).to_be_visible()
    await page.screenshot(path=pictures / "sandbox-general-phone.png")
    assert await page.evaluate(OVERFLOW) == 0
    await pane.message("25 minutes on one refund").get_by_test_id("message-more").tap()
    await page.get_by_role("menuitem", name="Coach on this").tap()
    await expect(pane.modal).to_contain_text("Plan a session")
    await pane.modal.get_by_test_id("modal-close").tap()
    await pane.root.locator(".composer").get_by_test_id("shortcuts").tap()
    await page.screenshot(path=pictures / "sandbox-shortcuts-phone.png")
    await page.get_by_role("menuitem", name="Plan it").tap()
    await expect(pane.modal).to_contain_text("Plan a session")
    assert [body["type"] for body in bot.heard] == ["message_action", "shortcut"]


async def test_menus_with_groups_and_menus_that_are_typed_in(
    page: Page, bot: TinyBot, sandbox: Sandbox, pictures: Path
) -> None:
    asked: list[str] = []

    async def on_agents(ack: Any, body: Json) -> None:
        asked.append(body["value"])
        found = [name for name in ("priya", "prisca", "jonas") if name.startswith(body["value"])]
        await ack(option_groups=[{"label": plain("Your team"), "options": options(*found)}])

    bot.app.options("agents")(on_agents)
    described = {**options("mine")[0], "description": plain("Only yours")}
    groups = [
        {"label": plain("Sessions"), "options": [described]},
        {"label": plain("Others"), "options": options("team", "all")},
    ]
    external = {"type": "external_select", "min_query_length": 0}
    show(
        sandbox,
        labelled("which", {"type": "static_select", "option_groups": groups}),
        labelled("agents", external),
        labelled("topic", {"type": "plain_text_input", "action_id": "text", "initial_value": "x"}),
    )
    pane = await look(page, sandbox)
    await pane.field("which").click()
    groups_shown = page.get_by_test_id("popup").get_by_role("group")
    await expect(groups_shown).to_have_count(2)
    await expect(groups_shown.first).to_contain_text("Sessions")
    await expect(groups_shown.first).to_contain_text("Only yours")
    await page.screenshot(path=pictures / "sandbox-groups.png")
    await page.get_by_role("option", name="Team").click()
    await pane.field("agents").click()
    await expect(page.get_by_role("option")).to_have_count(3)
    await page.keyboard.type("pris")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.screenshot(path=pictures / "sandbox-typing.png")
    await page.keyboard.press("Enter")
    await expect(pane.field("agents")).to_have_value("Prisca")
    assert (asked[0], asked[-1]) == ("", "pris")
    await pane.save()
    values = bot.heard[0]["view"]["state"]["values"]
    assert values["which"]["which"]["selected_option"]["value"] == "team"
    assert values["agents"]["agents"]["selected_option"]["value"] == "prisca"
    assert values["topic"]["text"]["value"] == "x"


async def test_what_is_typed_is_told_in_order_and_survives_an_update(
    page: Page, bot: TinyBot, sandbox: Sandbox
) -> None:
    typed: list[str] = []
    config = {"trigger_actions_on": ["on_character_entered"]}
    element = {"type": "plain_text_input", "dispatch_action_config": config}
    field = labelled("note", element, dispatch_action=True)

    async def on_note(ack: Any, body: Json, client: Any) -> None:
        await ack()
        typed.append(body["actions"][0]["value"])
        said = {"type": "section", "text": plain(f"{len(typed[-1])} letters")}
        await asyncio.sleep(0.02)
        view = form(callback_id="plan") | {"blocks": [field, said]}
        await client.views_update(view_id=body["view"]["id"], view=view)

    bot.app.action("note")(on_note)
    show(sandbox, field)
    pane = await look(page, sandbox)
    await pane.field("note").press_sequentially("Listening", delay=15)
    await expect(pane.modal).to_contain_text("9 letters")
    assert typed == ["Listening"[:n] for n in range(1, 10)]
    await expect(pane.field("note")).to_have_value("Listening")


async def test_rich_text_and_edits_look_as_in_slack(
    page: Page, bot: TinyBot, sandbox: Sandbox
) -> None:
    old = {"type": "text", "text": "Monday at 3", "style": {"strike": True}}
    parts = [old, {"type": "text", "text": " Tuesday at 4"}]
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": parts}],
    }
    said = await bot.client.chat_postMessage(channel="D0DANA", text="Monday at 3")
    await bot.client.chat_update(channel="D0DANA", ts=said["ts"], text="Moved", blocks=[rich])
    pane = await look(page, sandbox)
    struck = pane.message("Tuesday at 4").locator("s")
    await expect(struck).to_have_text("Monday at 3")
    assert "line-through" in await struck.evaluate("e => getComputedStyle(e).textDecorationLine")
    await expect(pane.message("Tuesday at 4")).to_contain_text("(edited)")
