"""A tiny bot made of slack-bolt, so that the sandbox meets the client it pretends for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

Json = dict[str, Any]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.title()), "value": value} for value in values]


def topic_block(initial: str | None = None) -> Json:
    element: Json = {"type": "plain_text_input", "action_id": "text"}
    if initial is not None:
        element["initial_value"] = initial
    return {"type": "input", "block_id": "topic", "label": plain("Topic"), "element": element}


def form(title: str = "Plan a session", **more: object) -> Json:
    length = {"type": "static_select", "action_id": "length", "options": options("15", "30")}
    blocks = [
        topic_block(),
        {
            "type": "input",
            "block_id": "who",
            "label": plain("Who"),
            "element": {"type": "users_select", "action_id": "user"},
            "optional": True,
        },
        {
            "type": "section",
            "block_id": "extras",
            "text": plain("How long"),
            "accessory": length,
        },
        {
            "type": "actions",
            "block_id": "more",
            "elements": [{"type": "button", "action_id": "deeper", "text": plain("More")}],
        },
    ]
    return {
        "type": "modal",
        "callback_id": "plan",
        "title": plain(title),
        "submit": plain("Plan"),
        "blocks": blocks,
        **more,
    }


def done_button(value: str = "7") -> list[Json]:
    button = {"type": "button", "action_id": "done", "text": plain("Done"), "value": value}
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Planned*"}},
        {"type": "actions", "block_id": "row", "elements": [button]},
    ]


class TinyBot:
    """What the tiny bot heard, and the application itself."""

    def __init__(self, sandbox: Sandbox, **settings: Any) -> None:
        self.heard: list[Json] = []
        self.client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        self.app = AsyncApp(client=self.client, **settings)
        self._listen()

    def _listen(self) -> None:
        app = self.app
        app.command("/coach")(self.on_command)
        app.view("plan")(self.on_plan)
        app.view_closed("plan")(self.on_closed)
        app.action("done")(self.on_done)
        app.action("deeper")(self.on_deeper)
        app.action("greet")(self.on_greet)
        app.options("agent")(self.on_options)
        app.shortcut("plan_it")(self.on_shortcut)
        for event in ("app_home_opened", "user_change", "team_join"):
            app.event(event)(self.on_event)

    async def on_command(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        self.heard.append(body)
        match body["text"].split(" ")[0]:
            case "sulk":
                await asyncio.Event().wait()
            case "hello":
                await ack(f"Hello, {body['text']}")
            case "shout":
                await ack(response_type="in_channel", text="Hello, all of you")
            case "babble":
                await ack(text="x" * 4001)
            case _:
                await ack()
                await client.views_open(trigger_id=body["trigger_id"], view=form())

    async def on_plan(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        self.heard.append(body)
        topic = body["view"]["state"]["values"]["topic"]["text"]["value"]
        match topic:
            case "taken":
                await ack(response_action="errors", errors={"topic": "That topic is taken."})
            case "nonsense":
                await ack(response_action="errors", errors={"extras": "Not an input."})
            case "next":
                await ack(response_action="update", view=form("One more step"))
            case "deep":
                await ack(response_action="push", view=form("Deeper"))
            case "clear":
                await ack(response_action="clear")
            case _:
                await ack()
                user = body["user"]["id"]
                await client.chat_postMessage(channel=user, text=topic, blocks=done_button())

    async def on_closed(self, ack: AsyncAck, body: Json) -> None:
        self.heard.append(body)
        await ack()

    async def on_done(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        self.heard.append(body)
        await ack()
        channel, ts = body["channel"]["id"], body["message"]["ts"]
        await client.chat_update(channel=channel, ts=ts, text="Done", blocks=[])

    async def on_deeper(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        self.heard.append(body)
        await ack()
        with suppress(SlackApiError):
            await client.views_push(trigger_id=body["trigger_id"], view=form("Deeper"))

    async def on_greet(self, ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
        self.heard.append(body)
        await ack()
        await respond("Hello to you too", replace_original=False)

    async def on_options(self, ack: AsyncAck, body: Json) -> None:
        self.heard.append(body)
        await ack(options=options(*(name for name in ("priya", "prisca") if body["value"] in name)))

    async def on_shortcut(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        self.heard.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    async def on_event(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        self.heard.append(body)
        await ack()
        if body["event"]["type"] == "app_home_opened":
            section = {"type": "section", "text": plain("Welcome home")}
            view = {"type": "home", "blocks": [section]}
            await client.views_publish(user_id=body["event"]["user"], view=view)


@asynccontextmanager
async def connected(sandbox: Sandbox) -> AsyncIterator[TinyBot]:
    """Run the tiny bot over Socket Mode."""
    bot = TinyBot(sandbox)
    handler = AsyncSocketModeHandler(bot.app, sandbox.app_token, web_client=bot.client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await sandbox.sockets.wait_connected()
    try:
        yield bot
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
