"""A press counts once, whatever the app shows anew meanwhile: by mouse, by finger, by keyboard."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.sandbox import Sandbox
from tests.browser.acting import PHONE, Pane
from tests.sandbox.tinybot import TinyBot, plain

Json = dict[str, Any]
Show = Callable[[int], Awaitable[object]]
OFTEN = 0.005
HELD_MS = 120
STEPS = """
window.steps = [];
for (const kind of ["pointerdown", "pointerup", "click"])
  document.addEventListener(kind, () => window.steps.push(kind), true);
const ask = window.fetch;
window.fetch = async (address, init) => {
  const answer = await ask(address, init);
  if (String(address).endsWith("/sandbox/action")) window.steps.push(answer.status);
  return answer;
};
"""


@pytest.fixture
def bot(bot: TinyBot) -> TinyBot:
    """One that hears a button and a form."""
    bot.app.action("start")(heard_by(bot))
    bot.app.view("sent")(heard_by(bot))
    return bot


def heard_by(bot: TinyBot) -> Callable[..., Awaitable[None]]:
    async def on_any(ack: Any, body: Json) -> None:
        bot.heard.append(body)
        await ack()

    return on_any


def blocks(number: int, **named: object) -> list[Json]:
    button = {"type": "button", "action_id": "start", "text": plain("Start"), "value": "7"}
    said = {"type": "section", "text": plain(f"Shown {number} times")}
    return [said, {"type": "actions", "elements": [button], **named}]


@asynccontextmanager
async def shown_anew(show: Show) -> AsyncIterator[None]:
    """Show something anew every few milliseconds, and hold up whoever shows a mistake."""

    async def insist() -> None:
        number = 0
        while True:
            number += 1
            await show(number)
            await asyncio.sleep(OFTEN)

    insisting = asyncio.create_task(insist())
    try:
        yield
        assert not insisting.done()
    finally:
        insisting.cancel()
        with suppress(asyncio.CancelledError):
            await insisting


async def opened(page: Page, sandbox: Sandbox, tab: str = "messages") -> Pane:
    page.set_default_timeout(15_000)
    await page.add_init_script(STEPS)
    await page.goto(f"{sandbox.url}/?a=U0DANA&b=&at={tab}")
    return Pane(page, "a")


async def steps_of(page: Page) -> list[str | int]:
    """What the page did once it had asked the sandbox."""
    steps: list[str | int] = []
    for _ in range(200):
        steps = await page.evaluate("window.steps")
        if any(isinstance(step, int) for step in steps):
            break
        await page.wait_for_timeout(50)
    return steps


async def ensure_one_press(page: Page, pane: Pane, bot: TinyBot) -> None:
    """One press made one click, which the sandbox took, and the bot heard of it once."""
    assert await steps_of(page) == ["pointerdown", "pointerup", "click", 200]
    [press] = [body for body in bot.heard if body["type"] == "block_actions"]
    assert (press["actions"][0]["action_id"], press["actions"][0]["value"]) == ("start", "7")
    await expect(pane.root.get_by_text("no longer there")).to_have_count(0)


async def posted(bot: TinyBot, named: Callable[[int], Json]) -> Show:
    """Post a message, and give the way to show it anew."""
    said = await bot.client.chat_postMessage(channel="D0DANA", text="x", blocks=blocks(0))

    async def show(number: int) -> None:
        again = blocks(number, **named(number))
        await bot.client.chat_update(channel="D0DANA", ts=said["ts"], text="x", blocks=again)

    return show


def nameless(_: int) -> Json:
    return {}


def renamed(number: int) -> Json:
    return {"block_id": f"row-{number}"}


def with_another(number: int) -> Json:
    beside = {"type": "button", "action_id": "beside", "text": plain("Beside")}
    return {"elements": [*blocks(0)[1]["elements"], {**beside, "value": str(number)}]}


@pytest.mark.parametrize("named", [nameless, renamed, with_another])
@pytest.mark.parametrize("by", ["mouse", "finger"])
async def test_one_press_on_a_message_that_is_shown_anew_is_heard_once(
    browser: Browser, bot: TinyBot, sandbox: Sandbox, by: str, named: Callable[[int], Json]
) -> None:
    page = await browser.new_page(viewport=PHONE, has_touch=True, locale="en-GB")
    pane = await opened(page, sandbox)
    show = await posted(bot, named)
    await show(0)
    await expect(pane.message("Shown")).to_contain_text("(edited)")
    box = await pane.root.get_by_role("button", name="Start").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    async with shown_anew(show):
        await expect(pane.message("Shown")).not_to_contain_text(" 0 times")
        if by == "finger":
            await page.touchscreen.tap(x, y)
        else:
            await page.mouse.move(x, y)
            await page.mouse.down()
            await page.wait_for_timeout(HELD_MS)
            await page.mouse.up()
        await ensure_one_press(page, pane, bot)


@pytest.mark.parametrize("named", [nameless, renamed])
async def test_one_key_on_a_message_that_is_shown_anew_is_heard_once(
    page: Page, bot: TinyBot, sandbox: Sandbox, named: Callable[[int], Json]
) -> None:
    pane = await opened(page, sandbox)
    show = await posted(bot, named)
    button = pane.root.get_by_role("button", name="Start")
    await button.focus()
    async with shown_anew(show):
        await expect(pane.message("Shown")).not_to_contain_text(" 0 times")
        await page.keyboard.press(" ", delay=HELD_MS)
        assert await steps_of(page) == ["click", 200]
    await expect(button).to_be_focused()
    assert len(bot.heard) == 1


async def test_one_press_on_a_home_that_is_published_anew_is_heard_once(
    page: Page, bot: TinyBot, sandbox: Sandbox
) -> None:
    async def publish(number: int) -> None:
        view = {"type": "home", "blocks": blocks(number)}
        await bot.client.views_publish(user_id="U0DANA", view=view)

    pane = await opened(page, sandbox, "home")
    async with shown_anew(publish):
        await pane.home.get_by_role("button", name="Start").click(delay=HELD_MS)
        await ensure_one_press(page, pane, bot)


async def test_a_form_that_is_updated_is_sent_by_one_press(
    page: Page, bot: TinyBot, sandbox: Sandbox
) -> None:
    view = {"type": "modal", "callback_id": "sent", "title": plain("Plan"), "submit": plain("Go")}
    shown = sandbox.world.views.open("U0DANA", view | {"blocks": blocks(0)})

    async def update(number: int) -> None:
        if not bot.heard:
            again = view | {"blocks": blocks(number)}
            await bot.client.views_update(view_id=shown.id, view=again)

    pane = await opened(page, sandbox)
    async with shown_anew(update):
        await pane.modal.get_by_test_id("modal-submit").click(delay=HELD_MS)
        await expect(page.get_by_test_id("modal")).to_have_count(0)
    assert len(bot.heard) == 1


async def test_what_is_new_is_shown_on_release(page: Page, bot: TinyBot, sandbox: Sandbox) -> None:
    show = await posted(bot, nameless)
    pane = await opened(page, sandbox)
    button = pane.root.get_by_role("button", name="Start")
    await button.hover()
    await page.mouse.down()
    await show(1)
    await bot.client.chat_postMessage(channel="D0DANA", text="One more")
    await page.wait_for_timeout(300)
    await expect(pane.message("Shown")).to_contain_text("0 times")
    await page.mouse.move(5, 5)
    await page.mouse.up()
    await expect(pane.message("Shown")).to_contain_text("1 times")
    await expect(pane.message("One more")).to_be_visible()
    assert bot.heard == []


async def test_a_press_means_what_was_seen(page: Page, bot: TinyBot, sandbox: Sandbox) -> None:
    """The block keeps its name and the button its own, but it stands for another session by now."""
    first, second = blocks(1, block_id="row"), blocks(2, block_id="row")
    second[1]["elements"][0]["value"] = "8"
    said = await bot.client.chat_postMessage(channel="D0DANA", text="x", blocks=first)
    pane = await opened(page, sandbox)
    await pane.root.get_by_role("button", name="Start").hover()
    await page.mouse.down()
    await bot.client.chat_update(channel="D0DANA", ts=said["ts"], text="x", blocks=second)
    await page.mouse.up()
    await ensure_one_press(page, pane, bot)


async def test_the_keyboard_stays_on_a_button_that_means_the_same(
    page: Page, bot: TinyBot, sandbox: Sandbox
) -> None:
    show = await posted(bot, nameless)
    pane = await opened(page, sandbox)
    button = pane.root.get_by_role("button", name="Start")
    await button.focus()
    await show(1)
    await expect(pane.message("Shown")).to_contain_text("1 times")
    await expect(button).to_be_focused()
    await page.keyboard.press("Enter")
    assert await steps_of(page) == ["click", 200]
    assert len(bot.heard) == 1
