"""Requests by HTTP: what carries Slack's signature is answered, what does not is turned away."""

import json
import logging
from collections.abc import Sequence
from urllib.parse import urlencode

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.wire import payloads
from bot.slack.front import build_app
from tests.clocks import signed_at
from tests.slack.office import DANA, PRIYA, SIGNING_SECRET, Office, settings_for

FORM = "application/x-www-form-urlencoded"


def signed(body: str, *, secret: str = SIGNING_SECRET, age: int = 0) -> AsyncBoltRequest:
    stamp = signed_at(seconds_ago=age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    headers: dict[str, str | Sequence[str]] = {
        "content-type": FORM,
        "x-slack-signature": signature or "",
        "x-slack-request-timestamp": stamp,
    }
    return AsyncBoltRequest(body=body, headers=headers)


def command(office: Office, typed: str) -> str:
    dana = office.person(DANA)
    place = office.sandbox.world.conversations.im_of(DANA)
    envelope = payloads.slash_command(office.sandbox.world, dana.profile, place, typed)
    return urlencode(envelope.payload)


async def test_a_signed_command_is_answered(office: Office) -> None:
    app = build_app(office.context, office.front.shell._hop, settings_for(office.sandbox))
    answer = await app.async_dispatch(signed(command(office, "/coach help")))
    assert answer.status == 200
    assert "Hello Dana" in json.dumps(json.loads(answer.body))


async def test_a_signed_form_is_answered_by_the_red_line(office: Office) -> None:
    dana, form = office.person(DANA), await office.open_form()
    dana.fill(form, office.entries(facilitator_id=PRIYA))
    envelope = payloads.view_submission(office.sandbox.world, dana.profile, form)
    body = urlencode({"payload": json.dumps(envelope.payload)})
    answer = await office.front.app.async_dispatch(signed(body))
    said = json.loads(answer.body)
    assert (answer.status, said["response_action"]) == (200, "errors")
    assert list(said["errors"]) == ["facilitator_id-0"]


@pytest.mark.parametrize(
    ("secret", "age"), [("f" * 32, 0), (SIGNING_SECRET, 3600), (SIGNING_SECRET, -3600)]
)
async def test_what_is_not_slack_s_or_not_fresh_is_turned_away_without_a_word_in_the_log(
    office: Office, caplog: pytest.LogCaptureFixture, secret: str, age: int
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await office.front.app.async_dispatch(
            signed(command(office, "/coach help"), secret=secret, age=age)
        )
    assert answer.status == 401
    assert SIGNING_SECRET not in caplog.text
    assert office.sandbox.bot_token not in caplog.text


async def test_nothing_secret_and_nothing_said_is_logged(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await office.schedule(name="Very private matter")
        await office.person(DANA).command("/coach list")
    assert "Very private matter" not in caplog.text
    for secret in (SIGNING_SECRET, office.sandbox.bot_token, office.sandbox.app_token):
        assert secret not in caplog.text
        assert secret not in repr(settings_for(office.sandbox))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"team_id": "T0ELSEWHERE"}, 401),
        ({"team_id": ""}, 200),
        ({"team_id": "T0ELSEWHERE", "context_team_id": "T0NORTHWIND"}, 200),
    ],
)
async def test_a_signed_command_of_another_workspace_is_refused(
    office: Office, changes: dict[str, str], status: int
) -> None:
    dana = office.person(DANA)
    place = office.sandbox.world.conversations.im_of(DANA)
    envelope = payloads.slash_command(office.sandbox.world, dana.profile, place, "/coach help")
    app = build_app(office.context, office.front.shell._hop, settings_for(office.sandbox))
    answer = await app.async_dispatch(signed(urlencode(envelope.payload | changes)))
    assert answer.status == status
    assert ("Hello Dana" in (answer.body or "")) is (status == 200)


async def test_a_signed_press_of_another_workspace_is_refused(office: Office) -> None:
    dana, form = office.person(DANA), await office.open_form()
    envelope = payloads.view_submission(office.sandbox.world, dana.profile, form)
    theirs = envelope.payload | {"team": {"id": "T0ELSEWHERE", "domain": "elsewhere"}}
    body = urlencode({"payload": json.dumps(theirs)})
    assert (await office.front.app.async_dispatch(signed(body))).status == 401
