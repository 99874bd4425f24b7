"""The real bot over HTTP: signed requests are answered, others are not, and a stop is kind."""

import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import Sandbox
from bot.sandbox.terms import HttpDelivery, Terms
from tests.clocks import signed_at, true_sandbox_clock
from tests.replicas.process import free_port, running

DANA = "U0DANA"


async def test_the_bot_is_reached_by_signed_requests_and_leaves_on_a_word(tmp_path: Path) -> None:
    secret, port = secrets.token_hex(16), free_port()
    address = f"http://127.0.0.1:{port}/slack/events"
    terms = Terms(http=HttpDelivery(request_url=address, signing_secret=secret))
    settings = {
        "COACHBOT_SLACK_MODE": "http",
        "SLACK_SIGNING_SECRET": secret,
        "COACHBOT_API_PORT": port,
    }
    database = f"sqlite:///{tmp_path / 'coachbot.db'}"
    async with (
        Sandbox(clock=true_sandbox_clock(), terms=terms) as sandbox,
        running(sandbox, database, **settings) as replica,
        httpx.AsyncClient() as stranger,
    ):
        dana = sandbox.person(DANA)
        await dana.command("/coach help")
        await dana.message_with("Hello Dana")
        await dana.open_home()
        home = await dana.until(lambda me: me.home)
        assert "Hello Dana" in home.words

        body, stamp = "command=/coach&text=help", signed_at()
        wrong = SignatureVerifier("f" * 32).generate_signature(timestamp=stamp, body=body)
        headers = {"x-slack-signature": wrong or "", "x-slack-request-timestamp": stamp}
        assert (await stranger.post(address, content=body, headers=headers)).status_code == 401
        assert (await stranger.get(address)).status_code == 405

        await try_everything(stranger, address)
        await dana.command("/coach help")
        assert not [line for line in replica.lines if "ERROR" in line]
        refused = [line for line in replica.lines if "event=RequestRefused" in line]
        assert len(refused) <= 3

        began = time.monotonic()
        assert await replica.end() == 0
        assert time.monotonic() - began < 20
        assert not [line for line in replica.lines if secret in line or sandbox.bot_token in line]


async def try_everything(stranger: httpx.AsyncClient, address: str) -> None:
    """Send what only a stranger sends: each is refused, and nothing of it is parsed."""
    host = address.removesuffix("/slack/events")
    now, old = signed_at(), signed_at(seconds_ago=900)
    pair = {"x-slack-signature": "v0=" + "a" * 64, "x-slack-request-timestamp": now}
    form = {"content-type": "application/x-www-form-urlencoded"}
    large = b"a=1&" * 250_000
    tries: list[tuple[int, bytes | AsyncIterator[bytes], dict[str, str]]] = [
        *[(401, large, form)] * 3,
        *[(401, large, pair | form)] * 3,
        (401, large, pair | form | {"x-slack-request-timestamp": old}),
        (401, large, pair | form | {"x-slack-signature": "v0=aa"}),
        (401, b"{" * 100_000, pair | {"content-type": "application/json"}),
        (401, b"\xff\x00", pair | {"content-type": "text/plain; charset=nothing"}),
        (413, large * 3, pair | form),
        (413, in_parts(large, times=400), pair | form),
    ]
    for status, body, headers in tries:
        answer = await stranger.post(address, content=body, headers=headers)
        assert (answer.status_code, len(answer.content) < 100) == (status, True)
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"):
        answer = await stranger.request(method, address)
        assert answer.status_code in (405, 400)
    for path in ("/slack", "/slack/events/", "/..%2f", "/%ff", "/oauth", "/metrics/x"):
        assert (await stranger.post(host + path, content=b"a=1")).status_code == 404


async def in_parts(part: bytes, *, times: int) -> AsyncIterator[bytes]:
    """A body without an announced length."""
    for _ in range(times):
        yield part
