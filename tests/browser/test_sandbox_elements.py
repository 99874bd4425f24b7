"""Every element of a form in Chromium: untouched, filled in, asked about, and in pushed forms."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest_asyncio
from playwright.async_api import Page, expect
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox
from bot.sandbox.inputs import initial_values
from bot.sandbox.views import View
from tests.browser.acting import Pane
from tests.sandbox.everything import CONFIRM, FILES, INPUTS, SHOWN, labelled
from tests.sandbox.tinybot import TinyBot, form, options, plain

Json = dict[str, Any]
NEW_YORK = ZoneInfo("America/New_York")
SORTS: Json = {"type": "overflow", "action_id": "sort", "options": options("a", "b")}
MEI = {"type": "users_select", "action_id": "user", "initial_user": "U0MEI"}


@pytest_asyncio.fixture(loop_scope="session")
async def dana(page: Page, sandbox: Sandbox) -> Pane:
    await page.goto(f"{sandbox.url}/?a=U0DANA&b=")
    return Pane(page, "a")


def show(sandbox: Sandbox, *blocks: Json) -> View:
    view = form(callback_id="heard") | {"blocks": list(blocks)}
    shown = sandbox.world.views.open("U0DANA", view)
    sandbox.world.changes.touch_all()
    return shown


def listen(bot: TinyBot, *names: str) -> list[Json]:
    """Hear every form that is sent or closed, and every element of these names."""
    heard: list[Json] = []

    async def on_any(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    bot.app.view("heard")(on_any)
    bot.app.view_closed("heard")(on_any)
    for name in names:
        bot.app.action(name)(on_any)
    return heard


async def test_what_nobody_touched_is_sent_as_it_was(
    bot: TinyBot, sandbox: Sandbox, dana: Pane, pictures: Path
) -> None:
    heard = listen(bot)
    files = {**labelled(FILES), "optional": True}
    inputs = [labelled(element) for element in INPUTS]
    view = show(sandbox, *SHOWN, *inputs, files)
    await dana.modal.screenshot(path=pictures / "sandbox-everything.png")
    await expect(dana.modal.get_by_text("does not know")).to_have_count(0)
    expected = initial_values(view.blocks)
    await dana.save()
    assert heard[0]["view"]["state"]["values"] == expected


async def test_every_element_is_filled_in_by_hand(
    page: Page, bot: TinyBot, sandbox: Sandbox, dana: Pane
) -> None:
    heard = listen(bot)
    kinds = ("users_select", "multi_users_select", "datepicker", "timepicker", "datetimepicker")
    choices = ("checkboxes", "radio_buttons", "multi_static_select")
    bare: list[Json] = [{"type": kind} for kind in kinds]
    chosen: list[Json] = [{"type": kind, "options": options("a", "b", "c")} for kind in choices]
    show(sandbox, *map(labelled, [*bare, *chosen]))
    await dana.field("users_select").click()
    await page.keyboard.type("Priya Ram")
    await page.keyboard.press("Enter")
    await dana.pick("multi_users_select", "Mei Tanaka")
    await dana.pick("multi_users_select", "Jonas Beck")
    await dana.modal.get_by_role("button", name="Remove Mei Tanaka").click()
    await dana.field("datepicker").fill("2026-12-01")
    await dana.field("timepicker").fill("15:05")
    await dana.field("datetimepicker").fill("2026-12-01")
    await dana.modal.locator("input[data-part=time]").fill("15:05")
    for name in ("A", "C"):
        await dana.modal.get_by_role("checkbox", name=name, exact=True).check()
    await dana.modal.get_by_role("radio", name="B", exact=True).check()
    await dana.pick("multi_static_select", "C")
    await dana.save()
    values = heard[0]["view"]["state"]["values"]
    bare_values = {
        kind: next(value for name, value in entry[kind].items() if name != "type")
        for kind, entry in values.items()
    }
    ticked, one, several = (bare_values.pop(kind) for kind in choices)
    assert [option["value"] for option in ticked] == ["a", "c"]
    assert (one["value"], [option["value"] for option in several]) == ("b", ["c"])
    moment = datetime(2026, 12, 1, 15, 5, tzinfo=NEW_YORK)
    assert bare_values == {
        "users_select": "U0PRIYA",
        "multi_users_select": ["U0JONAS"],
        "datepicker": "2026-12-01",
        "timepicker": "15:05",
        "datetimepicker": int(moment.timestamp()),
    }


async def test_required_fields_are_asked_for_under_each(
    bot: TinyBot, sandbox: Sandbox, dana: Pane
) -> None:
    heard = listen(bot)
    kinds = ("users_select", "multi_users_select", "datepicker", "plain_text_input", "file_input")
    show(sandbox, *(labelled({"type": kind}) for kind in kinds))
    await dana.modal.get_by_test_id("modal-submit").click()
    for kind in kinds:
        await expect(dana.modal.get_by_test_id(f"error-{kind}")).to_contain_text("required")
    assert heard == []


async def test_a_question_comes_before_a_choice_and_no_means_no(
    page: Page, bot: TinyBot, sandbox: Sandbox, dana: Pane
) -> None:
    heard = listen(bot, "sort", "user", "pick")
    date = {"type": "datetimepicker", "action_id": "pick", "initial_date_time": 1772409600}
    elements = [SORTS | {"confirm": CONFIRM}, MEI, date | {"confirm": CONFIRM}]
    await bot.client.chat_postMessage(
        channel="U0DANA", text="Which", blocks=[{"type": "actions", "elements": elements}]
    )
    more = dana.root.get_by_role("button", name="More actions")
    for answer in ("confirm-deny", "confirm-ok"):
        await more.click()
        await page.get_by_role("menuitem", name="B", exact=True).click()
        assert heard == []
        await page.get_by_test_id(answer).click()
    time = dana.root.locator("input[data-part=time]")
    before = await time.input_value()
    await time.fill("23:23")
    await page.get_by_test_id("confirm-deny").click()
    await expect(time).to_have_value(before)
    picker = dana.root.locator("[data-action-id=user]")
    await picker.click()
    await page.keyboard.type("Sam Ade")
    await page.keyboard.press("Enter")
    await sandbox.person("U0DANA").until(lambda _: len(heard) == 2)
    assert [body["actions"][0]["action_id"] for body in heard] == ["sort", "user"]
    assert heard[0]["actions"][0]["selected_option"]["value"] == "b"
    assert heard[1]["actions"][0]["selected_user"] == "U0SAM"


async def test_three_forms_lie_on_each_other_and_each_close_is_told(
    bot: TinyBot, sandbox: Sandbox, dana: Pane
) -> None:
    closed = listen(bot)
    refused: list[str] = []

    async def on_deeper(ack: Any, body: Json, client: Any) -> None:
        await ack()
        depth = body["view"]["title"]["text"]
        deeper = form(f"{depth}!", callback_id="heard", notify_on_close=True)
        deeper["blocks"] = [row]
        del deeper["submit"]
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=deeper)
        except SlackApiError as problem:
            refused.append(problem.response["error"])

    bot.app.action("go")(on_deeper)
    button = {"type": "button", "action_id": "go", "text": plain("Go deeper")}
    row = {"type": "actions", "block_id": "row", "elements": [button]}
    field = labelled({"type": "plain_text_input"})
    show(sandbox, field, row)
    await dana.field("plain_text_input").fill("Kept")
    title = dana.modal.locator(".modal-title")
    deeper_button = dana.modal.get_by_role("button", name="Go deeper")
    for marks in ("!", "!!"):
        await deeper_button.click()
        await expect(title).to_have_text(f"Plan a session{marks}")
    await deeper_button.click()
    await sandbox.person("U0DANA").until(lambda _: refused)
    assert refused == ["push_limit_reached"]
    for marks in ("!", ""):
        await dana.modal.get_by_test_id("modal-close").click()
        await expect(title).to_have_text(f"Plan a session{marks}")
    await expect(dana.field("plain_text_input")).to_have_value("Kept")
    assert [body["view"]["title"]["text"] for body in closed] == [
        "Plan a session!!",
        "Plan a session!",
    ]
    assert {body["type"] for body in closed} == {"view_closed"}
