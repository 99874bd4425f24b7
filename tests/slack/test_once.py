"""What Slack brings twice, to two replicas at once perhaps, is done once."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from bot import coaching
from bot.hop import Hop
from bot.sandbox import Actor, View
from bot.sandbox.wire import payloads
from bot.slack.front import Front, build_front
from storage.act_models import Act
from tests.slack.office import DANA, Office, settings_for
from tests.slack.test_noting import block, loaded
from tests.slack.test_signed import signed


@pytest.fixture
async def other(office: Office) -> AsyncIterator[Front]:
    """A second replica at the same database."""
    hop = Hop(threads=4)
    yield build_front(office.context, hop, settings_for(office.sandbox))
    await hop.drain()
    hop.close()


async def note_of(office: Office, dana: Actor, text: str) -> View:
    await office.book("Call review", timedelta(hours=3))
    await dana.command("/coach note call")
    view = await dana.until(loaded)
    dana.fill(view, {block(view, "text"): text})
    return view


def sent(office: Office, dana: Actor, view: View) -> str:
    envelope = payloads.view_submission(office.sandbox.world, dana.profile, view)
    return urlencode({"payload": json.dumps(envelope.payload)})


def notes(office: Office) -> list[str]:
    caller = office.caller(DANA)
    [card] = office.cards()
    found = coaching.list_annotations(office.context, caller, card.appointment_id)
    return [each.text for each in found.entities]


async def test_a_form_that_reaches_two_replicas_at_once_is_saved_once(
    office: Office, dana: Actor, other: Front
) -> None:
    body = sent(office, dana, await note_of(office, dana, "Well done"))
    fronts = [office.front, other, office.front, other]
    answers = await asyncio.gather(*(each.app.async_dispatch(signed(body)) for each in fronts))
    assert {each.status for each in answers} == {200}
    assert "errors" not in str([each.body for each in answers])
    assert notes(office) == ["Well done"]
    later = await other.app.async_dispatch(signed(body))
    assert (later.status, notes(office)) == (200, ["Well done"])


async def test_what_was_refused_is_refused_again_and_not_passed_over(
    office: Office, dana: Actor, other: Front
) -> None:
    body = sent(office, dana, await note_of(office, dana, " "))
    for front in (office.front, other):
        answer = await front.app.async_dispatch(signed(body))
        assert json.loads(answer.body)["response_action"] == "errors"
    assert notes(office) == []


async def test_what_somebody_died_over_is_not_said_to_be_done(office: Office, dana: Actor) -> None:
    view = await note_of(office, dana, "Well done")
    envelope = payloads.view_submission(office.sandbox.world, dana.profile, view)
    body = urlencode({"payload": json.dumps(envelope.payload)})
    assert coaching.take_act(office.context, envelope.payload["trigger_id"]) is coaching.Hold.OURS
    answer = await office.front.app.async_dispatch(signed(body))
    assert "Please try again" in answer.body
    assert notes(office) == []
    with office.store.begin() as tx:
        tx.session.execute(update(Act).values(held_until=Act.seen_at))
    await office.front.app.async_dispatch(signed(body))
    assert notes(office) == ["Well done"]


async def test_an_event_is_followed_by_one_of_two(office: Office, other: Front) -> None:
    followed: list[str] = []

    async def follow(_: object, event: dict[str, object]) -> None:
        followed.append(str(event["file_id"]))
        await asyncio.sleep(0.1)

    for front in (office.front, other):
        front.shell.on_event("file_change", follow)
    happened = {"type": "file_change", "file_id": "F1"}
    body = json.dumps(payloads.event(office.sandbox.world, happened).payload)
    for _ in range(2):
        for front in (office.front, other):
            request = signed(body)
            request.headers["x-slack-retry-num"] = ["1"]
            assert (await front.app.async_dispatch(request)).status == 200
    await asyncio.sleep(0.3)
    for front in (office.front, other):
        await front.shell.running.drain(timedelta(seconds=5))
    assert followed == ["F1"]
