"""Answers go to Slack, encrypted, and nowhere that another address leads to."""

from datetime import timedelta

import pytest
from aiohttp import web

from bot.sandbox import Actor
from bot.slack.transport.response_addresses import is_slacks, post
from tests.slack.office import Office
from tests.slack.test_trouble import answered, pressed

SLACK = "https://slack.com/api/"
SANDBOX = "http://127.0.0.1:8765/api/"


@pytest.mark.parametrize(
    ("address", "api_url", "is_ours"),
    [
        ("https://hooks.slack.com/actions/T1/2/x", SLACK, True),
        ("https://slack.com/actions/T1/2/x", SLACK, True),
        ("https://hooks.slack-gov.com/actions/T1/2/x", "https://slack-gov.com/api/", True),
        ("https://hooks.slack.com/actions/T1/2/x", "https://slack.example/api/", True),
        ("https://slack.example/x", "https://slack.example:8443/api/", True),
        ("http://127.0.0.1:8765/response/x", SANDBOX, True),
        ("http://[::1]:8765/response/x", SANDBOX, True),
        ("http://slack.example/x", "http://slack.example/api/", True),
        ("", SLACK, False),
        ("hooks.slack.com", SLACK, False),
        ("https://", SLACK, False),
        ("https://[", SLACK, False),
        ("http://hooks.slack.com/x", SLACK, False),
        ("http://hooks.slack.com/x", SANDBOX, False),
        ("https://hooks.slack.com.evil.example/x", SLACK, False),
        ("https://hooks.slack.com@evil.example/x", SLACK, False),
        ("https://evil@hooks.slack.com/x", SLACK, False),
        ("https://evil.example/hooks.slack.com", SLACK, False),
        ("https://evil.slack.com/x", SLACK, False),
        ("http://127.0.0.1/x", SLACK, False),
        ("https://169.254.169.254/latest", SLACK, False),
        ("file://hooks.slack.com/x", SLACK, False),
        ("http://127.0.0.1.evil.example/x", SANDBOX, False),
    ],
)
def test_only_slacks_own_addresses_are_answered(address: str, api_url: str, is_ours: bool) -> None:
    assert is_slacks(address, api_url=api_url) is is_ours


async def test_nothing_is_sent_to_another_address(
    office: Office, dana: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    await office.schedule(starts_at=office.now() + timedelta(minutes=90))
    before = len(dana.messages)
    envelope = pressed(office, dana, dana.messages[-1], "start")
    envelope.payload["actions"][0]["value"] = "no json"
    envelope.payload["response_url"] = "https://answers.example/T1/x"
    await answered(office, envelope)
    assert "event=NoAnswerAddress" in caplog.text
    assert len(dana.messages) == before


async def test_no_answer_is_carried_on_to_where_it_is_sent_next() -> None:
    taken: list[str] = []

    async def take(request: web.Request) -> web.Response:
        taken.append(request.path)
        if request.path == "/first":
            raise web.HTTPTemporaryRedirect("/second")
        return web.Response(text="ok" * 1_000)

    app = web.Application()
    app.router.add_post("/{name}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        assert (await post(f"{address}/first", {"text": "x"}, seconds=5)).status == 307
        found = await post(f"{address}/second", {"text": "x"}, seconds=5)
        assert (found.status, len(found.word)) == (200, 1_000)
    finally:
        await runner.cleanup()
    assert taken == ["/first", "/second"]
