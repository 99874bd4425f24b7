"""How the bot is told: Socket Mode with redelivery, or signed requests."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import httpx
import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox import Actor, HttpDelivery, Person, PersonRefusal, Sandbox, Terms
from bot.sandbox.running import QuietServer, address_of, listen
from tests.clocks import running_sandbox_clock
from tests.sandbox.tinybot import TinyBot, connected

Json = dict[str, Any]
SECRET = "a-secret-of-tests"
HASTY = Terms(ack_seconds=0.1, retry_delays=(0.0, 0.05, 0.05))


@asynccontextmanager
async def socket_of(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Connect by hand, so that the test decides what is acknowledged."""
    headers = {"Authorization": f"Bearer {sandbox.app_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.post(
            f"{sandbox.api_url}apps.connections.open", headers=headers
        ) as response:
            address = (await response.json())["url"]
        async with session.ws_connect(address) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            yield socket


async def test_an_event_comes_again_until_it_is_acknowledged() -> None:
    async with (
        Sandbox(clock=running_sandbox_clock(), terms=HASTY) as sandbox,
        socket_of(sandbox) as socket,
    ):
        await sandbox.person("U0DANA").open_home()
        first = await socket.receive_json()
        second = await socket.receive_json()
        await socket.send_json({"envelope_id": second["envelope_id"]})
        await sandbox.dispatcher.settle()
    assert first["payload"] == second["payload"]
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    assert second["retry_reason"] == "timeout"


async def test_an_event_is_given_up_after_three_retries() -> None:
    async with (
        Sandbox(clock=running_sandbox_clock(), terms=HASTY) as sandbox,
        socket_of(sandbox) as socket,
    ):
        await sandbox.person("U0DANA").open_home()
        tries = [await socket.receive_json() for _ in range(4)]
        await sandbox.dispatcher.settle()
    assert [envelope["retry_attempt"] for envelope in tries] == [0, 1, 2, 3]


async def test_what_a_lost_connection_had_is_given_to_the_next() -> None:
    patient = Terms(ack_seconds=5, retry_delays=(5.0,))
    async with Sandbox(clock=running_sandbox_clock(), terms=patient) as sandbox:
        async with socket_of(sandbox) as lost:
            await sandbox.person("U0DANA").open_home()
            before = await lost.receive_json()
        async with socket_of(sandbox) as new:
            again = await asyncio.wait_for(new.receive_json(), 2)
            await new.send_json({"envelope_id": again["envelope_id"]})
            await sandbox.dispatcher.settle()
    assert again["payload"]["event_id"] == before["payload"]["event_id"]


async def test_an_event_waits_for_a_bot_that_is_not_there_yet(sandbox: Sandbox) -> None:
    await sandbox.person("U0DANA").open_home()
    await asyncio.sleep(0)
    async with connected(sandbox):
        await sandbox.person("U0DANA").until(lambda me: me.home)


async def test_a_command_is_late_and_not_repeated() -> None:
    async with (
        Sandbox(clock=running_sandbox_clock(), terms=HASTY) as sandbox,
        socket_of(sandbox) as socket,
    ):
        with pytest.raises(PersonRefusal, match='failed with the error "operation_timeout"'):
            await sandbox.person("U0DANA").command("/coach schedule")
        assert (await socket.receive_json())["type"] == "slash_commands"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(socket.receive_json(), 0.2)


async def test_connections_take_turns(sandbox: Sandbox) -> None:
    async with socket_of(sandbox) as one, socket_of(sandbox) as other:
        assert sandbox.sockets.connection_count == 2
        for _ in range(2):
            await sandbox.person("U0DANA").open_home()
        for socket in (one, other):
            envelope = await asyncio.wait_for(socket.receive_json(), 1)
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await sandbox.dispatcher.settle()


async def test_a_ticket_is_good_for_one_connection(sandbox: Sandbox) -> None:
    address = f"{sandbox.url.replace('http', 'ws')}/socket?ticket=guessed"
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(address)


async def test_the_bot_is_asked_to_connect_anew(sandbox: Sandbox) -> None:
    async with socket_of(sandbox) as socket:
        await sandbox.sockets.refresh()
        goodbye = await socket.receive_json()
        assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "refresh_requested")
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_the_bot_hears_who_joins_changes_and_leaves(bot: TinyBot, sandbox: Sandbox) -> None:
    sandbox.add_person(Person("U0NEW", "nia", "Nia Baptiste"))
    sandbox.change_person("U0NEW", tz="Asia/Kolkata", real_name="Nia Baptiste-Rao")
    sandbox.deactivate("U0NEW")
    await sandbox.dispatcher.settle()
    told = sorted((body["event"] for body in bot.heard), key=lambda event: event["event_ts"])
    assert [event["type"] for event in told] == ["team_join", "user_change", "user_change"]
    assert told[1]["user"]["tz"] == "Asia/Kolkata"
    assert told[2]["user"]["deleted"]
    with pytest.raises(PersonRefusal):
        sandbox.person("U0NEW")


async def test_an_event_that_was_not_asked_for_is_not_told(bot: TinyBot, dana: Actor) -> None:
    await dana.say("Hello")
    await dana.open_home()
    await dana.until(lambda me: me.home)
    assert [body["event"]["type"] for body in bot.heard] == ["app_home_opened"]


class Receiver:
    """An address for signed requests that notes what came and answers as told."""

    def __init__(self) -> None:
        self.requests: list[tuple[bytes, dict[str, str]]] = []
        self.answers: list[Response] = []

    async def receive(self, request: Request) -> Response:
        self.requests.append((await request.body(), dict(request.headers)))
        return self.answers.pop(0) if self.answers else Response()


@asynccontextmanager
async def serving(endpoint: Any) -> AsyncIterator[str]:
    listener = listen(0)
    server = QuietServer(Starlette(routes=[Route("/slack", endpoint, methods=["POST"])]))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await server.wait_ready()
    try:
        yield f"{address_of(listener)}/slack"
    finally:
        server.stop()
        await running


def over_http(address: str) -> Terms:
    return replace(HASTY, ack_seconds=2.0, http=HttpDelivery(address, SECRET))


async def test_requests_are_signed_and_events_repeated() -> None:
    receiver = Receiver()
    receiver.answers = [Response(status_code=500), Response(status_code=503)]
    async with (
        serving(receiver.receive) as address,
        Sandbox(clock=running_sandbox_clock(), terms=over_http(address)) as sandbox,
    ):
        await sandbox.person("U0DANA").open_home()
        await sandbox.dispatcher.settle()
    verifier = SignatureVerifier(SECRET)
    assert all(verifier.is_valid_request(body, headers) for body, headers in receiver.requests)
    assert not SignatureVerifier("other").is_valid_request(*receiver.requests[0])
    numbers = [headers.get("x-slack-retry-num") for _, headers in receiver.requests]
    assert numbers == [None, "1", "2"]
    assert receiver.requests[1][1]["x-slack-retry-reason"] == "http_error"
    assert json.loads(receiver.requests[0][0])["event"]["type"] == "app_home_opened"


async def test_a_bot_that_wants_no_retry_gets_none() -> None:
    receiver = Receiver()
    receiver.answers = [Response(status_code=500, headers={"X-Slack-No-Retry": "1"})]
    async with (
        serving(receiver.receive) as address,
        Sandbox(clock=running_sandbox_clock(), terms=over_http(address)) as sandbox,
    ):
        await sandbox.person("U0DANA").open_home()
        await sandbox.dispatcher.settle()
    assert len(receiver.requests) == 1


async def test_a_command_is_a_form_and_its_answer_is_shown() -> None:
    receiver = Receiver()
    receiver.answers = [Response("Planned", media_type="text/plain"), Response(status_code=404)]
    async with (
        serving(receiver.receive) as address,
        Sandbox(clock=running_sandbox_clock(), terms=over_http(address)) as sandbox,
    ):
        dana = sandbox.person("U0DANA")
        await dana.command("/coach a=b & c")
        assert dana.messages[-1].text == "Planned"
        with pytest.raises(PersonRefusal, match="dispatch_failed"):
            await dana.command("/coach")
    assert parse_qs(receiver.requests[0][0].decode())["text"] == ["a=b &amp; c"]


async def test_the_same_bot_works_over_http() -> None:
    holder: list[AsyncSlackRequestHandler] = []

    async def endpoint(request: Request) -> Response:
        return await holder[0].handle(request)

    async with (
        serving(endpoint) as address,
        Sandbox(clock=running_sandbox_clock(), terms=over_http(address)) as sandbox,
    ):
        bot = TinyBot(sandbox, signing_secret=SECRET)
        holder.append(AsyncSlackRequestHandler(bot.app))
        dana = sandbox.person("U0DANA")
        await dana.command("/coach schedule")
        await dana.submit(await dana.until(lambda me: me.modal), {"topic": "Closing a call"})
        await dana.click(await dana.message_with("Closing a call"), "done")
        await dana.message_with("Done")


async def test_an_answer_at_the_response_address(bot: TinyBot, dana: Actor) -> None:
    await dana.command("/coach schedule")
    address = bot.heard[-1]["response_url"]
    async with httpx.AsyncClient(trust_env=False) as web:
        for n in range(5):
            assert (await web.post(address, json={"text": str(n)})).text == "ok"
        worn = await web.post(address, json={"text": "6"})
    assert worn.json()["error"] == "used_url"
    assert [(m.text, m.only_for) for m in dana.messages] == [(str(n), "U0DANA") for n in range(5)]


async def test_the_original_is_replaced_or_taken_away(bot: TinyBot, dana: Actor) -> None:
    button = {"type": "button", "action_id": "greet", "text": {"type": "plain_text", "text": "Hi"}}
    client = bot.client
    await client.chat_postMessage(
        channel="U0DANA", text="Original", blocks=[{"type": "actions", "elements": [button]}]
    )
    await dana.click(dana.messages[0], "greet")
    await dana.message_with("Hello to you too")
    address = bot.heard[-1]["response_url"]
    async with httpx.AsyncClient(trust_env=False) as web:
        await web.post(address, json={"replace_original": True, "text": "Replaced"})
        assert dana.messages[0].text == "Replaced"
        await web.post(address, json={"delete_original": True})
        assert [m.text for m in dana.messages] == ["Hello to you too"]
        assert (await web.post(address, json={"text": ""})).json()["error"] == "no_text"
