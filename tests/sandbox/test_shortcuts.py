"""Shortcuts: what the app declares is offered and told; what it does not declare is not there."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.sandbox import PersonRefusal, Sandbox, Shortcut, Terms
from bot.sandbox.chatter import SAID, fill_general
from tests.clocks import running_sandbox_clock
from tests.sandbox.tinybot import TinyBot, connected

PLAN = Shortcut("Plan it", "global", "plan_it", "Plan a session")
COACH = Shortcut("Coach on this", "message", "coach_on_this", "Attach this message")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(
        clock=running_sandbox_clock(), terms=Terms(shortcuts=(PLAN, COACH))
    ) as running:
        yield running


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[TinyBot]:
    async with connected(sandbox) as running:
        running.app.shortcut("coach_on_this")(running.on_shortcut)
        yield running


async def test_a_shortcut_on_what_somebody_else_said(bot: TinyBot, sandbox: Sandbox) -> None:
    fill_general(sandbox.world)
    dana = sandbox.person("U0DANA")
    said = next(message for message in dana.general if message.user_id == "U0PRIYA")
    await dana.message_shortcut(said, "coach_on_this")
    await dana.until(lambda me: me.modal)
    [body] = bot.heard
    assert (body["type"], body["callback_id"]) == ("message_action", "coach_on_this")
    assert body["channel"] == {"id": "C0GENERAL", "name": "general"}
    assert (body["message"]["user"], body["message"]["text"]) == ("U0PRIYA", said.text)
    assert (body["message_ts"], body["user"]["id"]) == (said.ts, "U0DANA")
    found = await bot.client.chat_getPermalink(channel="C0GENERAL", message_ts=said.ts)
    compact = said.ts.replace(".", "")
    assert found["permalink"] == f"https://northwind.slack.com/archives/C0GENERAL/p{compact}"


async def test_a_shortcut_from_anywhere(bot: TinyBot, sandbox: Sandbox) -> None:
    dana = sandbox.person("U0DANA")
    await dana.shortcut("plan_it")
    await dana.until(lambda me: me.modal)
    assert bot.heard[0]["type"] == "shortcut"
    assert "channel" not in bot.heard[0]


async def test_what_is_not_declared_is_not_there(bot: TinyBot, sandbox: Sandbox) -> None:
    dana = sandbox.person("U0DANA")
    said = await dana.say("Hello")
    for callback_id, on in (("coach_on_this", None), ("plan_it", said), ("other", None)):
        with pytest.raises(PersonRefusal, match="not there"):
            await dana.shortcut(callback_id, on=on)
    await dana.command("/coach hello")
    with pytest.raises(PersonRefusal):
        await dana.message_shortcut(dana.messages[-1], "coach_on_this")
    assert [body.get("command") for body in bot.heard] == ["/coach"]


async def test_the_page_is_told_what_there_is(sandbox: Sandbox) -> None:
    async with httpx.AsyncClient(base_url=sandbox.url, trust_env=False) as page:
        state = (await page.get("/sandbox/state", params={"as": "U0DANA"})).json()
    offered = {(one["callback_id"], one["type"]) for one in state["shortcuts"]}
    assert offered == {("plan_it", "global"), ("coach_on_this", "message")}


def test_what_people_said_is_in_order_and_read() -> None:
    sandbox = Sandbox(clock=running_sandbox_clock())
    fill_general(sandbox.world)
    general = sandbox.world.conversations.find("C0GENERAL")
    stamps = [float(message.ts) for message in general.messages]
    assert stamps == sorted(set(stamps))
    assert len(stamps) == len(SAID)
    assert max(stamps) < sandbox.clock.now().timestamp()
    assert {general.unread(person.id) for person in sandbox.world.directory.actable()} == {0}


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 25}, {"callback_id": "x" * 256}])
def test_a_shortcut_that_slack_would_not_take(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="would not take"):
        Shortcut(**({"name": "a", "type": "global", "callback_id": "b"} | wrong))  # type: ignore[arg-type]
