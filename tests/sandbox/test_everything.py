"""One of every element passes, starts with its first value, and tells the bot when it is used."""

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Actor, PersonRefusal, Sandbox, Terms
from bot.sandbox.inputs import FIELDS, find_mistakes, initial_values, value_of
from bot.sandbox.limits import find_faults
from bot.sandbox.terms import DEFAULT_SCOPES
from tests.clocks import running_sandbox_clock
from tests.sandbox.everything import FILES, IN_MESSAGES, INPUTS, SHOWN, TWO, everything, labelled
from tests.sandbox.tinybot import TinyBot, form, plain

Json = dict[str, Any]


def test_one_of_everything_passes_where_it_belongs() -> None:
    assert find_faults(everything(), "modal") == []
    home = [*SHOWN, *map(labelled, INPUTS)]
    assert find_faults(home, "home") == []
    assert find_faults([*home, *IN_MESSAGES], "message") == []
    assert len(find_faults(IN_MESSAGES, "modal")) == len(IN_MESSAGES)


def test_every_kind_of_input_is_known_and_starts_with_its_first_value() -> None:
    assert {element["type"] for element in [*INPUTS, FILES]} == set(FIELDS)
    blocks = [labelled(element) for element in [*INPUTS, FILES]]
    values = initial_values(blocks)
    for element in INPUTS:
        kind = element["type"]
        assert value_of(values[kind][kind]) == element[FIELDS[kind][1]]
    assert find_mistakes(blocks, values) == {"file_input": "Please complete this required field."}


@pytest.mark.parametrize("element", [e for e in INPUTS if "text" not in e["type"]])
def test_every_kind_of_input_is_judged_by_its_rules(element: Json) -> None:
    spoiled = {**element, "placeholder": "not an object", "focus_on_load": "yes"}
    assert len(find_faults([labelled(spoiled)], "modal")) == 2


async def test_using_a_menu_in_a_form_tells_choice_and_state(
    bot: TinyBot, sandbox: Sandbox, dana: Actor
) -> None:
    heard: list[Json] = []

    async def on_length(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    bot.app.action("length")(on_length)
    sandbox.world.views.open("U0DANA", form())
    view = dana.modals[0]
    dana.fill(view, {"topic": "Half typed"})
    await dana.click(view, "length", "30")
    body = heard[0]
    assert body["container"] == {"type": "view", "view_id": view.id}
    assert "response_url" not in body
    assert "channel" not in body
    assert body["actions"][0]["selected_option"]["value"] == "30"
    values = body["view"]["state"]["values"]
    assert values["topic"]["text"]["value"] == "Half typed"
    assert values["extras"]["length"]["selected_option"]["value"] == "30"
    with pytest.raises(LookupError):
        await dana.click(view, "length", "45")


async def test_a_button_in_a_message_tells_where_it_stands(
    bot: TinyBot, client: AsyncWebClient, dana: Actor
) -> None:
    button = {"type": "button", "action_id": "greet", "text": plain("Hi"), "value": "v"}
    row = [{"type": "actions", "block_id": "row", "elements": [button]}]
    await client.chat_postMessage(channel="U0DANA", text="All", blocks=row)
    await client.chat_postEphemeral(channel="D0DANA", user="U0DANA", text="One", blocks=row)
    for said in tuple(dana.messages):
        await dana.click(said, "greet")
    everyone, only_one = bot.heard
    assert everyone["message"]["text"] == "All"
    assert everyone["container"]["is_ephemeral"] is False
    assert (everyone["actions"][0]["value"], everyone["actions"][0]["block_id"]) == ("v", "row")
    assert everyone["channel"] == {"id": "D0DANA", "name": "directmessage"}
    assert "message" not in only_one
    assert only_one["container"]["is_ephemeral"] is True


async def test_what_is_gone_cannot_be_used(
    bot: TinyBot, client: AsyncWebClient, dana: Actor
) -> None:
    await client.chat_postMessage(channel="U0DANA", text="Soon gone")
    said = dana.messages[0]
    await client.chat_delete(channel="D0DANA", ts=said.ts)
    with pytest.raises(PersonRefusal, match="no longer there"):
        await dana.shortcut("plan_it", on=said)
    assert bot.heard == []


async def test_options_that_slack_would_not_show_are_trouble(
    bot: TinyBot, sandbox: Sandbox, dana: Actor
) -> None:
    async def on_many(ack: Any) -> None:
        await ack(options=TWO * 51)

    bot.app.options("many")(on_many)
    menu = {"type": "external_select", "action_id": "many", "min_query_length": 0}
    block = {"type": "section", "text": plain("Many"), "accessory": menu}
    sandbox.world.views.publish("U0DANA", {"type": "home", "blocks": [block]})
    home = dana.home
    assert home
    with pytest.raises(PersonRefusal, match="trouble loading"):
        await dana.suggest(home, "many", "")
    assert "no more than 100 items allowed" in sandbox.complaints[0]


async def test_the_rest_of_the_web_api() -> None:
    scopes = (*DEFAULT_SCOPES, "team:read", "im:read", "channels:read", "channels:history")
    terms = replace(Terms(), scopes=scopes, events=("message.im",))
    async with Sandbox(clock=running_sandbox_clock(), terms=terms) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        assert (await client.team_info())["team"]["name"] == "Northwind Care"
        assert (await client.bots_info(bot="B0COACHBOT"))["bot"]["user_id"] == "U0COACHBOT"
        found = await client.users_lookupByEmail(email="Mei@northwind.example")
        assert found["user"]["id"] == "U0MEI"
        assert (await client.conversations_info(channel="D0RAVI"))["channel"]["is_user_deleted"]
        general = await client.conversations_info(channel="C0GENERAL")
        assert general["channel"]["is_member"] is False
        first = await client.chat_postMessage(channel="U0DANA", text="Thread")
        ts = first["ts"]
        await client.chat_postMessage(channel="D0DANA", text="Reply", thread_ts=ts)
        thread = await client.conversations_replies(channel="D0DANA", ts=ts)
        assert [m["text"] for m in thread["messages"]] == ["Thread", "Reply"]
        top = await client.conversations_history(channel="D0DANA")
        assert [m["text"] for m in top["messages"]] == ["Thread"]
        assert (await client.api_test(foo="bar"))["args"]["foo"] == "bar"
