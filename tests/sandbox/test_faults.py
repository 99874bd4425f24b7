"""Bad days: rate limits, errors, delays and cut connections, as the real client meets them."""

import asyncio
import time

import aiohttp
import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Actor, RateLimits, Sandbox, Terms
from bot.sandbox.pacing import Pacer
from tests.clocks import running_sandbox_clock

POST = "chat.postMessage"


async def post(sandbox: Sandbox, *, patient: bool = False) -> bool:
    """Post with a client that tries again only when it is told to wait."""
    waiting = [AsyncRateLimitErrorRetryHandler(max_retry_count=2)] if patient else []
    client = AsyncWebClient(
        token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[*waiting]
    )
    return bool((await client.chat_postMessage(channel="U0DANA", text="Hello"))["ok"])


async def test_429_says_when_to_come_back(sandbox: Sandbox, dana: Actor) -> None:
    sandbox.faults.add(POST, "ratelimited", seconds=7)
    with pytest.raises(SlackApiError) as refused:
        await post(sandbox)
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    assert dana.messages == []
    assert await post(sandbox)


async def test_a_patient_client_comes_through(sandbox: Sandbox, dana: Actor) -> None:
    sandbox.faults.add(POST, "ratelimited", seconds=1)
    assert await post(sandbox, patient=True)
    assert len(dana.messages) == 1


async def test_500_and_slacks_own_errors(sandbox: Sandbox, dana: Actor) -> None:
    sandbox.faults.add(POST, "server_error")
    sandbox.faults.add("*", "error", error="account_inactive")
    with pytest.raises(SlackApiError) as broken:
        await post(sandbox)
    assert broken.value.response.status_code == 500
    with pytest.raises(SlackApiError, match="account_inactive"):
        await post(sandbox)
    assert dana.messages == []


async def test_a_connection_cut_before_leaves_no_message(sandbox: Sandbox, dana: Actor) -> None:
    sandbox.faults.add(POST, "drop_before")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(sandbox)
    assert dana.messages == []


async def test_a_connection_cut_after_leaves_the_message(sandbox: Sandbox, dana: Actor) -> None:
    sandbox.faults.add(POST, "drop_after")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(sandbox)
    assert [message.text for message in dana.messages] == ["Hello"]
    assert [call.answer for call in sandbox.calls.to(POST)] == [None]


async def test_the_default_client_posts_twice_when_cut_after(
    client: AsyncWebClient, sandbox: Sandbox, dana: Actor
) -> None:
    sandbox.faults.add(POST, "drop_after")
    await client.chat_postMessage(channel="U0DANA", text="Hello")
    assert len(dana.messages) == 2


async def test_a_late_answer(sandbox: Sandbox) -> None:
    sandbox.faults.add(POST, "delay", seconds=0.2)
    began = time.monotonic()
    assert await post(sandbox)
    assert time.monotonic() - began >= 0.2


async def test_faults_are_ordered_from_outside_too(
    sandbox: Sandbox, page: httpx.AsyncClient
) -> None:
    ordered = {"method": POST, "kind": "ratelimited", "retry_after": 3, "times": 2}
    assert (await page.post("/sandbox/faults", json=ordered)).json() == {"ok": True}
    with pytest.raises(SlackApiError):
        await post(sandbox)
    await page.post("/sandbox/faults", json={"clear": True})
    assert await post(sandbox)
    assert (await page.post("/sandbox/faults", json={"kind": "rain"})).status_code == 400


async def test_rate_limits_hold_per_channel_and_for_the_workspace() -> None:
    limits = RateLimits(per_channel_per_second=1)
    async with Sandbox(clock=running_sandbox_clock(), terms=Terms(rate_limits=limits)) as sandbox:
        results = await asyncio.gather(post(sandbox), post(sandbox), return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == ["SlackApiError", "bool"]


def test_windows_of_a_second_and_a_minute() -> None:
    now = 0.0
    limits = RateLimits(per_channel_per_second=1, per_workspace_per_minute=3)
    pacer = Pacer(limits, monotonic=lambda: now)
    assert [pacer.seconds_to_wait(channel) for channel in "aab"] == [None, 1, None]
    now = 1.0
    assert [pacer.seconds_to_wait(channel) for channel in "ab"] == [None, 59]
    now = 60.0
    assert pacer.seconds_to_wait("b") is None
