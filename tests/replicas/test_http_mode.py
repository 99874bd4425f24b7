"""The real bot over HTTP: signed requests are answered, others are not, and a stop is kind."""

import secrets
import time
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

        began = time.monotonic()
        assert await replica.end() == 0
        assert time.monotonic() - began < 20
        assert not [line for line in replica.lines if secret in line or sandbox.bot_token in line]
