"""The page's side: what one sees, what one does, the clock, and the line that says look again."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.sandbox import Actor, Sandbox
from tests.clocks import TUESDAY, running_sandbox_clock
from tests.sandbox.tinybot import TinyBot

Json = dict[str, Any]
DUE = datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)


async def see(page: httpx.AsyncClient, user_id: str = "U0DANA") -> Json:
    answer: Json = (await page.get("/sandbox/state", params={"as": user_id})).json()
    return answer


async def do(page: httpx.AsyncClient, act: str, **body: object) -> Json:
    answer: Json = (await page.post(f"/sandbox/{act}", json={"as": "U0DANA", **body})).json()
    return answer


@asynccontextmanager
async def watching(sandbox: Sandbox, user_id: str) -> AsyncIterator[AsyncIterator[int]]:
    """Listen to what the page listens to."""
    async with httpx.AsyncClient(base_url=sandbox.url, trust_env=False, timeout=5) as browser:
        address = f"/sandbox/events?as={user_id}"
        async with browser.stream("GET", address) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = stream.aiter_lines()
            yield (json.loads(line[6:])["version"] async for line in lines if line[:5] == "data:")


async def test_whom_one_can_be_and_whom_a_picker_offers(page: httpx.AsyncClient) -> None:
    people = (await page.get("/sandbox/people")).json()
    assert people["team"] == {"id": "T0NORTHWIND", "name": "Northwind Care"}
    assert people["bot"] == {"user_id": "U0COACHBOT", "name": "Coachbot"}
    ids = {person["id"] for person in people["people"]}
    offered = {p["id"] for p in (await page.get("/sandbox/directory")).json()["people"]}
    assert offered - ids == {"U0STANDUP", "U0RAVI", "U0COACHBOT"}
    priya = next(person for person in people["people"] if person["id"] == "U0PRIYA")
    assert priya["avatar"]["initials"] == "PR"
    assert (priya["tz"], priya["tz_label"]) == ("Asia/Kolkata", "India Standard Time")


async def test_a_person_works_through_the_page(
    bot: TinyBot, dana: Actor, page: httpx.AsyncClient
) -> None:
    dm = "D0DANA"
    assert await do(page, "command", conversation=dm, text="/coach schedule") == {"ok": True}
    await dana.until(lambda me: me.modal)
    view = (await see(page))["modals"][0]
    assert view["title"]["text"] == "Plan a session"
    empty = {"view_id": view["id"], "state": view["state"]}
    assert (await do(page, "submit", **empty))["errors"] == {
        "topic": "Please complete this required field."
    }
    shown = (await see(page))["modals"][0]
    assert shown["errors"] == {"topic": "Please complete this required field."}
    filled = view["state"]
    filled["values"]["topic"]["text"]["value"] = "Listening"
    assert await do(page, "submit", view_id=view["id"], state=filled) == {"ok": True}
    await dana.message_with("Listening")
    messages = (await see(page))["conversations"][0]["messages"]
    assert messages[0]["author"]["real_name"] == "Coachbot"
    block, element = messages[0]["blocks"][1], messages[0]["blocks"][1]["elements"][0]
    where = {"type": "message", "conversation": dm, "ts": messages[0]["ts"]}
    names = {"block_id": block["block_id"], "action_id": element["action_id"]}
    assert await do(page, "action", container=where, action=element, **names) == {"ok": True}
    await dana.message_with("Done")
    assert (await see(page))["conversations"][0]["messages"][0]["edited"]
    assert (await see(page))["conversations"][0]["unread"] == 1
    await do(page, "read", conversation=dm)
    assert (await see(page))["conversations"][0]["unread"] == 0


async def test_nobody_sees_or_touches_what_is_anothers(
    bot: TinyBot, dana: Actor, page: httpx.AsyncClient
) -> None:
    await dana.command("/coach schedule")
    view = await dana.until(lambda me: me.modal)
    await dana.say("Between us")
    other = await see(page, "U0OMAR")
    assert other["modals"] == []
    assert "Between us" not in json.dumps(other)
    foreign = {"as": "U0OMAR", "view_id": view.id, "state": {"values": {}}}
    assert (await page.post("/sandbox/submit", json=foreign)).status_code == 404
    said = {"as": "U0OMAR", "conversation": "D0DANA", "text": "x"}
    assert (await page.post("/sandbox/message", json=said)).json()["error"] == "channel_not_found"


@pytest.mark.parametrize(
    ("act", "body", "error"),
    [
        ("command", {"conversation": "D0DANA"}, "invalid_command"),
        ("command", {"text": "/coach"}, "invalid_request"),
        ("message", {"conversation": "D0DANA", "text": " "}, "no_text"),
        ("close", {"view_id": "V0NONE"}, "view_not_found"),
        ("dance", {}, "not_found"),
        ("message", {"as": "U0RAVI", "conversation": "D0RAVI", "text": "x"}, "user_not_found"),
        ("submit", {"view_id": "V", "state": 7}, "invalid_request"),
        ("clock", {}, "invalid_request"),
        ("clock", {"to": "next_due"}, "nothing_due"),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(
    page: httpx.AsyncClient, act: str, body: Json, error: str
) -> None:
    answer = await do(page, act, **body)
    assert (answer["ok"], answer["error"]) == (False, error)
    assert answer["message"].endswith(".")


async def test_the_clock_moves_for_all_and_messages_follow(
    page: httpx.AsyncClient, sandbox: Sandbox, dana: Actor
) -> None:
    moved = await do(page, "clock", advance_seconds=86_400)
    assert moved["clock"]["offset_seconds"] == 86_400
    said = await dana.say("Tomorrow")
    assert said.sent_at - TUESDAY > timedelta(hours=23)
    assert (await do(page, "clock", to="now"))["clock"]["offset_seconds"] == 0


async def test_the_clock_goes_to_what_is_due_next() -> None:
    owed: list[datetime] = [DUE]
    clock = running_sandbox_clock()
    async with (
        Sandbox(clock=clock, next_due=lambda: min(owed, default=None)) as sandbox,
        httpx.AsyncClient(base_url=sandbox.url, trust_env=False) as page,
    ):
        assert (await see(page))["clock"]["next_due"] == "2031-01-02T03:04:05.000Z"
        await do(page, "clock", to="next_due")
        assert timedelta() <= clock.now() - DUE < timedelta(seconds=10)
        owed.clear()
        assert (await see(page))["clock"]["next_due"] is None


async def test_watchers_are_told_of_what_they_see_and_of_nothing_else(
    sandbox: Sandbox, dana: Actor
) -> None:
    omar = sandbox.person("U0OMAR")
    async with watching(sandbox, "U0DANA") as versions:
        first = await anext(versions)
        await omar.say("Not for Dana")
        await dana.say("For Dana")
        second = await anext(versions)
        assert second == sandbox.world.changes.version("U0DANA") > first
        sandbox.clock.advance(timedelta(minutes=10))
        third = await anext(versions)
        assert third == sandbox.world.changes.version("U0OMAR")


async def test_a_watcher_hears_when_something_else_falls_due() -> None:
    owed: list[datetime] = []
    async with (
        Sandbox(clock=running_sandbox_clock(), next_due=lambda: min(owed, default=None)) as sandbox,
        watching(sandbox, "U0DANA") as versions,
    ):
        first = await anext(versions)
        owed.append(DUE)
        assert await anext(versions) > first


async def test_another_site_cannot_act(page: httpx.AsyncClient, dana: Actor) -> None:
    said = {"as": "U0DANA", "conversation": "D0DANA", "text": "Not mine"}
    foreign = {"Origin": "https://elsewhere.example"}
    assert (await page.post("/sandbox/message", json=said, headers=foreign)).status_code == 403
    assert dana.messages == []
    own = {"Origin": str(page.base_url).rstrip("/")}
    assert (await page.post("/sandbox/message", json=said, headers=own)).status_code == 200


async def test_the_page_itself_is_served(page: httpx.AsyncClient) -> None:
    home = await page.get("/")
    assert home.headers["content-type"].startswith("text/html")
    assert (await page.get("/static/index.html")).status_code == 200
    assert (await page.get("/static/../server.py")).status_code == 404


async def test_loaded_options_reach_the_page(
    bot: TinyBot, dana: Actor, page: httpx.AsyncClient
) -> None:
    menu = {"type": "external_select", "action_id": "agent", "min_query_length": 2}
    await bot.client.chat_postMessage(
        channel="U0DANA", text="Who", blocks=[{"type": "actions", "elements": [menu]}]
    )
    said = dana.messages[-1]
    body = {
        "container": {"type": "message", "conversation": "D0DANA", "ts": said.ts},
        "block_id": said.blocks[0]["block_id"],
        "action_id": "agent",
    }
    found = await do(page, "options", **body, value="pri")
    assert [option["value"] for option in found["options"]] == ["priya", "prisca"]
    assert (await do(page, "options", **body, value="p"))["options"] == []
    assert [body["value"] for body in bot.heard] == ["pri"]
    assert [o["value"] for o in await dana.suggest(said, "agent", "prisca")] == ["prisca"]
