"""The whole app takes whatever Slack sends: it is answered, nothing escapes, the next is served.

Over the socket and by HTTP, with null, nothing or something new at any place of a live request.
"""

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.sandbox import descriptions
from bot.sandbox.shapes import Json
from bot.sandbox.views import View
from bot.sandbox.wire import payloads
from bot.sandbox.wire.requests import sign
from bot.sandbox.wire.transport import Envelope
from bot.slack.transport.doorway import Doorway
from bot.slack.transport.installation import Installation
from bot.slack.transport.reach import Reach
from bot.slack.transport.signatures import Signatures
from tests.clocks import signed_at
from tests.slack.office import DANA, JONAS, PRIYA, SIGNING_SECRET, SOON, Office, settings_for
from tests.slack.test_payloads import JUNK, places, put

Making = Callable[[Office, View], Envelope]


def command(office: Office, _form: View) -> Envelope:
    world, dana = office.sandbox.world, office.person(DANA)
    return payloads.slash_command(
        world, dana.profile, world.conversations.im_of(DANA), "/coach list"
    )


def press(office: Office, _form: View) -> Envelope:
    priya = office.person(PRIYA)
    said = priya.messages[0]
    action = {
        "type": "button",
        "action_id": "mark_as_read",
        "block_id": "buttons",
        "value": '{"appointment_id":"gone","notification_id":"gone"}',
        "action_ts": "1.1",
    }
    world = office.sandbox.world
    place = world.conversations.im_of(PRIYA)
    return payloads.message_action(world, priya.profile, place, said, {"actions": [action]})


def pick(office: Office, form: View) -> Envelope:
    action: Json = {
        "type": "datetimepicker",
        "action_id": "session_time",
        "block_id": "starts_at-0",
        "selected_date_time": 1796123280,
        "action_ts": "1.1",
    }
    return payloads.view_action(office.sandbox.world, office.person(DANA).profile, form, action)


def submission(office: Office, form: View) -> Envelope:
    office.person(DANA).fill(form, office.entries())
    return payloads.view_submission(office.sandbox.world, office.person(DANA).profile, form)


def shortcut(office: Office, _form: View) -> Envelope:
    world = office.sandbox.world
    return payloads.shortcut(world, office.person(DANA).profile, "schedule_coaching")


def message_shortcut(office: Office, _form: View) -> Envelope:
    world, priya = office.sandbox.world, office.person(PRIYA)
    said, place = priya.messages[-1], world.conversations.im_of(PRIYA)
    return payloads.message_shortcut(world, priya.profile, place, said, "coach_on_this")


def user_change(office: Office, _form: View) -> Envelope:
    world = office.sandbox.world
    user = world.directory.find(JONAS)
    described = descriptions.user(world, user)
    return payloads.event(world, {"type": "user_change", "user": described, "cache_ts": 1})


def home_opened(office: Office, _form: View) -> Envelope:
    event = {"type": "app_home_opened", "user": DANA, "channel": "D1", "tab": "home"}
    return payloads.event(office.sandbox.world, event)


MAKING: tuple[Making, ...] = (
    *(command, press, pick, submission),
    *(shortcut, message_shortcut, user_change, home_opened),
)


@pytest.fixture
async def form(office: Office) -> View:
    """The form for a session, open, while a message about another one is there."""
    await office.schedule()
    return await office.open_form()


requests = st.tuples(st.sampled_from(MAKING), st.integers(0, 10**6), st.sampled_from(JUNK))


def drawn(office: Office, form: View, wanted: tuple[Making, int, Any]) -> Envelope:
    make, number, junk = wanted
    envelope = make(office, form)
    found = list(places(envelope.payload))
    payload = put(envelope.payload, found[number % len(found)], junk)
    return Envelope(envelope.kind, payload, envelope.accepts_response_payload)


@settings(max_examples=30)
@given(wanted=requests)
async def test_over_the_socket_everything_is_acknowledged(
    office: Office, form: View, caplog: pytest.LogCaptureFixture, wanted: tuple[Making, int, Any]
) -> None:
    caplog.clear()
    await office.sandbox.dispatcher.ask(drawn(office, form, wanted))
    await ensure_all_went_well(office, form, caplog)
    await ensure_the_next_is_answered(office)


@pytest.mark.parametrize("account", ["something new", "None", "u0dana", "U" * 40])
async def test_an_account_that_cannot_be_one_is_refused_in_a_sentence(
    office: Office, form: View, caplog: pytest.LogCaptureFixture, account: str
) -> None:
    asked = command(office, form)
    payload = put(asked.payload, ("user_id",), account)
    await office.sandbox.dispatcher.ask(
        Envelope(asked.kind, payload, accepts_response_payload=True)
    )
    await ensure_all_went_well(office, form, caplog)


@settings(max_examples=30)
@given(wanted=requests)
async def test_by_http_everything_is_answered(
    office: Office, form: View, caplog: pytest.LogCaptureFixture, wanted: tuple[Making, int, Any]
) -> None:
    caplog.clear()
    reach = Reach(settings_for(office.sandbox))
    installation = Installation(reach.speaker(), reach.times)
    running = office.front.shell.running
    signatures = Signatures(SIGNING_SECRET, refused=lambda _reason: None)
    doorway = Doorway(
        office.front.app, running=running, installation=installation, signatures=signatures
    )
    await doorway.start()
    await doorway.wait_connected()
    envelope = drawn(office, form, wanted)
    by_http = httpx.ASGITransport(Starlette(routes=[doorway.route]))
    async with httpx.AsyncClient(transport=by_http, base_url="http://bot") as client:
        answer = await posted(client, envelope)
    assert answer.status_code in (200, 400)
    await doorway.stop()
    await ensure_all_went_well(office, form, caplog)


async def posted(client: httpx.AsyncClient, envelope: Envelope) -> httpx.Response:
    if envelope.kind == "events_api":
        body, kind = json.dumps(envelope.payload), "application/json"
    else:
        is_command = envelope.kind == "slash_commands"
        fields = envelope.payload if is_command else {"payload": json.dumps(envelope.payload)}
        body, kind = urlencode(fields), "application/x-www-form-urlencoded"
    headers = sign(body.encode(), secret=SIGNING_SECRET, at=int(signed_at()))
    return await client.post(
        "/slack/events", content=body, headers={**headers, "content-type": kind}
    )


async def ensure_the_next_is_answered(office: Office) -> None:
    jonas = office.person(JONAS)
    before = len(jonas.messages)
    await jonas.command("/coach help")
    assert len(jonas.messages) > before


async def ensure_all_went_well(
    office: Office, form: View, caplog: pytest.LogCaptureFixture
) -> None:
    await office.front.shell.running.drain(SOON)
    errors = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert not errors, errors[0].exc_info
    for user_id in (DANA, PRIYA):
        for left in office.person(user_id).modals:
            if left.id != form.id:
                await office.person(user_id).close(left)
