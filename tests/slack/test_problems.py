"""What stands between the bot and Slack is told as what it is, by `check` as by `run`."""

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.checks import Finding, check_slack
from bot.sandbox import Sandbox
from bot.sandbox.faults import Kind
from bot.serving import serving
from bot.settings import read_settings
from bot.slack.transport.problems import APP_TOKEN, REFUSALS, problem_of, refused_by
from bot.slack.transport.proxies import proxy_for
from tests.clocks import running_sandbox_clock

BLAME = ("refuse", "copy")


async def found(address: str, *, bot: str = "xoxb-1", app: str = "xapp-1") -> list[Finding]:
    given = {"SLACK_BOT_TOKEN": bot, "SLACK_APP_TOKEN": app, "SLACK_API_URL": address}
    return await check_slack(read_settings(given))


@asynccontextmanager
async def answering(response: Response) -> AsyncIterator[str]:
    """Serve a page that gives the same answer to everything."""

    async def answer(_request: Request) -> Response:
        return response

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    async with serving(app, host="127.0.0.1", port=0) as address:
        yield f"{address}/api/"


@pytest.mark.parametrize(
    ("kind", "error", "said"),
    [
        ("ratelimited", "", "Slack asks to wait 7 s"),
        ("server_error", "", "Slack has trouble of its own (status 500)"),
        ("error", "internal_error", "Slack has trouble of its own (internal_error)"),
        ("drop_before", "", "127.0.0.1 cannot be reached"),
    ],
)
async def test_what_passes_is_not_told_as_a_wrong_token(kind: Kind, error: str, said: str) -> None:
    async with Sandbox(clock=running_sandbox_clock()) as sandbox:
        sandbox.faults.add("*", kind, error=error, seconds=7, times=2)
        findings = await found(sandbox.api_url, bot=sandbox.bot_token, app=sandbox.app_token)
        for each in findings:
            assert not each.is_good
            assert said in each.message
            assert not [word for word in BLAME if word in each.message]


@pytest.mark.parametrize(
    "response",
    [
        HTMLResponse("<html>Please log in to the network</html>"),
        HTMLResponse("<html>blocked by policy</html>", 403),
        PlainTextResponse("blocked"),
        JSONResponse(["no", "object"]),
        Response(b"{nonsense", media_type="application/json"),
        Response(b"\xff\xfe", media_type="text/plain; charset=utf-8"),
        JSONResponse({}),
    ],
)
async def test_a_page_of_a_proxy_is_told_as_that(response: Response) -> None:
    async with answering(response) as address:
        for each in await found(address):
            assert "answers in its place" in each.message
            assert "HTTPS_PROXY, NO_PROXY" in each.message
            assert not [word for word in BLAME if word in each.message]


async def test_each_token_is_judged_by_slacks_own_word() -> None:
    async with Sandbox(clock=running_sandbox_clock()) as sandbox:
        wrong = await found(sandbox.api_url, bot="xoxb-other", app="xapp-other")
        assert [each.message.split(" (")[0] for each in wrong] == [
            "Slack does not know SLACK_BOT_TOKEN. Please copy it again",
            "Slack does not know SLACK_APP_TOKEN. Please copy it again",
        ]
        for code in REFUSALS:
            sandbox.faults.add("auth.test", "error", error=code)
            [bot, app] = await found(sandbox.api_url, bot=sandbox.bot_token, app=sandbox.app_token)
            assert (bot.is_good, app.is_good) == (False, True)
            assert "{" not in bot.message
            assert bot.message.count("Please") == 1


@pytest.mark.parametrize("app_token", ["xapp-1"])
def test_what_ends_a_connection_is_told_in_a_sentence(app_token: str) -> None:
    assert refused_by("link_disabled").is_refusal
    assert "ten connections" in refused_by("too_many_websockets").message
    assert not refused_by("too_many_websockets").is_refusal
    assert "(something_new)" in refused_by("something_new").message
    problem = problem_of(ssl.SSLError(), token=APP_TOKEN, address="https://slack.com/api/")
    assert problem.code == "untrusted_certificate"
    assert "slack.com" in problem.message


async def test_a_proxy_is_named_and_its_password_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for proxy, said in (
            (f"http://me:secret@127.0.0.1:{port}", "The proxy cannot be reached"),
            ("http://me:secret@127.0.0.1:port", "The proxy must be an http address"),
        ):
            monkeypatch.setenv("HTTPS_PROXY", proxy)
            for each in await found("https://slack.example/api/"):
                assert said in each.message
                assert "secret" not in each.message


@pytest.mark.parametrize(
    ("given", "address", "wanted"),
    [
        ({"HTTPS_PROXY": "http://p:1"}, "https://slack.com/api/", "http://p:1"),
        ({"https_proxy": "p:1"}, "wss://wss-primary.slack.com/link", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://slack.com/api/", "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "https://slack.com/api/", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "http://slack.example/api/", None),
        ({"HTTPS_PROXY": "http://p:1"}, "http://127.0.0.1:8080/api/", None),
        ({"ALL_PROXY": "http://p:1"}, "ws://localhost:8080/socket", None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "slack.com"}, "https://slack.com/api/", None),
        ({"HTTPS_PROXY": "p:1", "NO_PROXY": "slack.com"}, "https://files.slack.com/x", None),
        ({"HTTPS_PROXY": "p:1", "NO_PROXY": ".other.com"}, "https://slack.com/", "http://p:1"),
        ({"HTTPS_PROXY": "p:1", "no_proxy": "*"}, "https://slack.com/", None),
        ({"HTTPS_PROXY": " "}, "https://slack.com/", None),
        ({}, "https://slack.com/", None),
    ],
)
def test_the_proxy_is_the_one_that_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], address: str, wanted: str | None
) -> None:
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_proxy".upper(), raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(address) == wanted


def test_every_error_of_the_wire_has_a_code() -> None:
    for error in (aiohttp.ClientError(), TimeoutError(), OSError(), KeyError("url")):
        problem = problem_of(error, address="https://slack.com/api/")
        assert problem.code in ("unreachable", "timeout", "not_slack")
        assert not problem.is_refusal
