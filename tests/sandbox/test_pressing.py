"""A press on what was just shown anew reaches the bot as it was meant."""

from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import Actor, Sandbox
from bot.sandbox.acts.places import Spot, find_element
from bot.sandbox.conversations import EARLIER_MOST, GENERAL, Content
from bot.sandbox.errors import PersonRefusal
from tests.clocks import running_sandbox_clock
from tests.sandbox.tinybot import TinyBot, form, options, plain

Json = dict[str, Any]


async def press(page: httpx.AsyncClient, container: Json, **spot: object) -> Json:
    """Use an element as the page tells of it."""
    body = {"as": "U0DANA", "container": container, **spot}
    answer: Json = (await page.post("/sandbox/action", json=body)).json()
    return answer


def row(*values: str, block_id: str | None = None) -> list[Json]:
    buttons = [
        {"type": "button", "action_id": f"at{n}", "text": plain("Start"), "value": value}
        for n, value in enumerate(values)
    ]
    named = {"block_id": block_id} if block_id else {}
    return [{"type": "actions", "elements": buttons, **named}]


@given(
    shown=st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3), min_size=1),
    is_named=st.booleans(),
    seen=st.integers(min_value=0),
    pressed=st.integers(min_value=0),
)
@settings(max_examples=60)
def test_whatever_was_seen_is_found_as_it_was_seen(
    shown: list[list[str]], is_named: bool, seen: int, pressed: int
) -> None:
    world = Sandbox(clock=running_sandbox_clock()).world
    place = world.conversations.find(GENERAL)
    name = "row" if is_named else None
    said = world.conversations.post(place, "U0DANA", Content(blocks=tuple(row(*shown[0]))))
    versions = []
    for values in shown:
        world.conversations.edit(said, Content(blocks=tuple(row(*values, block_id=name))))
        versions.append(said.blocks)
    block = versions[seen % len(versions)][0]
    button = block["elements"][pressed % len(block["elements"])]
    spot = Spot(block["block_id"], button["action_id"])
    found = find_element(said, spot, {"value": button["value"]})
    assert found == button
    with pytest.raises(PersonRefusal):
        find_element(said, Spot(block["block_id"], "never"), {})


def test_only_so_many_versions_are_kept() -> None:
    world = Sandbox(clock=running_sandbox_clock()).world
    place = world.conversations.find(GENERAL)
    said = world.conversations.post(place, "U0DANA", Content(blocks=tuple(row("a"))))
    first = said.blocks[0]["block_id"]
    for _ in range(EARLIER_MOST):
        world.conversations.edit(said, Content(blocks=tuple(row("a"))))
    assert find_element(said, Spot(first, "at0"), {})
    world.conversations.edit(said, Content(blocks=tuple(row("a"))))
    with pytest.raises(PersonRefusal):
        find_element(said, Spot(first, "at0"), {})


async def test_a_press_is_told_with_the_message_as_it_is_now(
    bot: TinyBot, dana: Actor, page: httpx.AsyncClient
) -> None:
    button = {"type": "button", "action_id": "greet", "text": plain("Start"), "value": "old"}
    old = [{"type": "actions", "elements": [button]}]
    said = await bot.client.chat_postMessage(channel=dana.dm, text="Old", blocks=old)
    [message] = dana.messages
    seen = message.blocks[0]["block_id"]
    now = [{"type": "section", "text": plain("Now")}]
    await bot.client.chat_update(channel=dana.dm, ts=said["ts"], text="Now", blocks=now)
    where = {"type": "message", "conversation": dana.dm, "ts": said["ts"]}
    pressed = {"block_id": seen, "action_id": "greet", "action": {"value": "old"}}
    assert await press(page, where, **pressed) == {"ok": True}
    [heard] = bot.heard
    assert heard["message"]["text"] == "Now"
    [action] = heard["actions"]
    assert (action["block_id"], action["value"]) == (seen, "old")
    await bot.client.chat_delete(channel=dana.dm, ts=said["ts"])
    assert (await press(page, where, **pressed))["error"] == "message_not_found"
    assert len(bot.heard) == 1


async def test_a_choice_in_a_field_that_is_gone_leaves_the_form_alone(
    bot: TinyBot, dana: Actor, page: httpx.AsyncClient
) -> None:
    heard: list[Json] = []

    async def on_length(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    bot.app.action("length")(on_length)
    await dana.command("/coach plan")
    view = await dana.until(lambda me: me.modal)
    menu = form()["blocks"][2] | {"block_id": "extras-2"}
    await bot.client.views_update(view_id=view.id, view=form(blocks=[menu]))
    chosen = {"selected_option": options("30")[0]}
    where = {"type": "view", "view_id": view.id}
    await press(page, where, block_id="extras", action_id="length", action=chosen)
    assert heard[0]["actions"][0]["selected_option"]["value"] == "30"
    assert list(view.values) == ["extras-2"]
    assert view.values["extras-2"]["length"]["selected_option"] is None
