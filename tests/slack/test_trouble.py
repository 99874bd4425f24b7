"""What goes wrong in Slack: things that arrive twice, stay open too long, or mean nothing here.

Whatever arrives, nothing is done twice, nothing is lost without a word, and everybody is answered.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import coaching
from bot.hop import Hop
from bot.sandbox import Actor, Message, PersonRefusal, View
from bot.sandbox.wire import payloads
from bot.sandbox.wire.transport import Envelope, new_envelope_id
from bot.slack.blocks.targets import Target, pack
from bot.slack.session import form as session_form
from bot.slack.session.frame import Carried, name_of
from bot.slack.turns.once import Once
from storage.base import Base
from tests.slack.office import DANA, JONAS, PRIYA, SOON, Office, form_of, offered
from tests.slack.test_signed import signed

P = ParamSpec("P")
T = TypeVar("T")
TWO_DAYS = timedelta(days=2)
SLACK_WAITS = 2.5
"""Seconds, with a little to spare."""


@pytest.fixture
async def session(office: Office) -> str:
    """A session of Dana with Priya, soon, of which both have heard."""
    await office.schedule(starts_at=office.now() + timedelta(minutes=90))
    return office.cards()[0].appointment_id


@pytest.fixture
async def unled(office: Office) -> str:
    """A session that nobody leads, so that Priya may say where it stands."""
    await office.schedule(starts_at=office.now() + timedelta(minutes=90), facilitator_id=None)
    return office.cards()[0].appointment_id


async def arrives(office: Office, envelope: Envelope) -> None:
    """Let the same envelope arrive twice at once, and once more when all is done."""
    ask = office.sandbox.dispatcher.ask
    first, second, third = (replace(envelope, id=new_envelope_id()) for _ in range(3))
    await asyncio.gather(ask(first), ask(second))
    await office.settle()
    await ask(third)
    await office.settle()


def pressed(office: Office, actor: Actor, where: Message | View, action_id: str) -> Envelope:
    """What Slack tells of a press on a button."""
    [(block_id, button)] = [
        (block["block_id"], element)
        for block in where.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == action_id
    ]
    world = office.sandbox.world
    action = {**button, "block_id": block_id, "action_ts": payloads.now_ts(world)}
    if isinstance(where, View):
        return payloads.view_action(world, actor.profile, where, action)
    place = world.conversations.im_of(actor.id)
    happened = {"actions": [action]}
    return payloads.message_action(world, actor.profile, place, where, happened)


async def edit(actor: Actor) -> View:
    """Open the form of the one session that there is."""
    await actor.command("/coach edit call")
    return await actor.until(form_of)


def history(office: Office, session: str) -> list[str]:
    page = coaching.status_history(office.context, office.caller(DANA), session)
    return [each.status.value for each in page.entities]


def rows(office: Office, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Everything that is stored, besides what only says that something arrived."""
    with office.store.read() as tx:
        return {
            table.name: sorted(repr(tuple(row)) for row in tx.session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in (*but, "acts")
        }


# Things that arrive twice.


async def test_a_command_that_arrives_twice_opens_one_form(office: Office, dana: Actor) -> None:
    world, place = office.sandbox.world, office.sandbox.world.conversations.im_of(DANA)
    for typed in ("/coach schedule", "/coach edit", "/coach note", "/coach status"):
        await arrives(office, payloads.slash_command(world, dana.profile, place, typed))
        [form] = dana.modals
        await dana.close(form)
    assert dana.messages == []


@pytest.mark.parametrize("buttons", [["start"], ["start", "complete"]])
async def test_a_press_that_arrives_twice_is_one_step(
    office: Office, dana: Actor, session: str, buttons: list[str]
) -> None:
    [message] = dana.messages
    for each in buttons:
        await arrives(office, pressed(office, dana, message, each))
    assert len(history(office, session)) == 1 + len(buttons)
    assert dana.messages == [message], "nobody is scolded"


async def test_undoing_that_arrives_twice_is_done_once(
    office: Office, dana: Actor, session: str
) -> None:
    [message] = dana.messages
    for each in ("start", "complete"):
        await dana.click(message, each)
        await office.settle()
    await arrives(office, pressed(office, dana, message, "undo_completion"))
    assert len(history(office, session)) == 4
    assert dana.messages == [message]


async def test_reading_that_arrives_twice_is_reading_once(office: Office, session: str) -> None:
    priya = office.person(PRIYA)
    [message] = priya.messages
    await arrives(office, pressed(office, priya, message, "mark_as_read"))
    assert priya.messages == [message]
    assert "✓ Read" in message.words


async def test_two_presses_on_delete_delete_once(office: Office, dana: Actor, session: str) -> None:
    form = await edit(dana)
    twins = [pressed(office, dana, form, "session_delete") for _ in range(2)]
    await asyncio.gather(*map(office.sandbox.dispatcher.ask, twins))
    await office.settle()
    assert office.cards() == []
    assert form.payload.get("submit") is None, "there is nothing left to send"
    told = [each for each in office.person(PRIYA).messages if "called off" in each.words.lower()]
    assert len(told) <= 1
    with office.store.read() as tx:
        assert [each.action for each in tx.audit.of("appointment", session)].count("delete") <= 1


async def test_an_edit_that_is_sent_twice_is_written_once(
    office: Office, dana: Actor, session: str
) -> None:
    form = await edit(dana)
    dana.fill(form, {"name-0": "Refunds", "location-0": "Room 4"})
    world = office.sandbox.world
    before = coaching.find(office.context, office.caller(DANA), session)
    await arrives(office, payloads.view_submission(world, dana.profile, form))
    after = coaching.find(office.context, office.caller(DANA), session)
    assert (after.name, after.location) == ("Refunds", "Room 4")
    with office.store.read() as tx:
        assert tx.appointments.the(session).revision <= before.revision + 1
    updated = [each for each in office.person(PRIYA).messages if "Refunds" in each.words]
    assert len(updated) == len(office.person(PRIYA).messages) <= 2


async def test_a_note_of_the_form_that_is_sent_twice_is_added_once(
    office: Office, dana: Actor, session: str
) -> None:
    form = await edit(dana)
    await office.press(DANA, form, "session_tab_notes")
    dana.fill(form, {"note-0": "Well done"})
    await arrives(office, payloads.view_submission(office.sandbox.world, dana.profile, form))
    page = coaching.notes_page(office.context, office.caller(DANA), session)
    assert [each.text for each in page.entries.entities] == ["Well done"]


# Buttons on old messages.


def delete(office: Office, session: str) -> None:
    coaching.delete(office.context, office.caller(DANA), session)


def complete(office: Office, session: str) -> None:
    coaching.change_status(office.context, office.caller(DANA), session, coaching.Status.COMPLETED)


def hand_over(office: Office, session: str) -> None:
    """Let somebody else lead the session, so that Priya may no longer say where it stands."""
    with office.store.begin() as tx:
        row = tx.appointments.for_change(session)
        assert row
        row.facilitator_id = office.caller(JONAS).person_id


@pytest.mark.parametrize(
    ("became", "words"),
    [(delete, "isn’t there any more"), (complete, "completed"), (hand_over, "Only the facil")],
)
async def test_a_button_on_an_old_message_says_why_not_and_goes_away(
    office: Office, unled: str, became: Callable[[Office, str], None], words: str
) -> None:
    priya = office.person(PRIYA)
    [message] = priya.messages
    old = pressed(office, priya, message, "start")
    became(office, unled)
    before = rows(office)
    await office.sandbox.dispatcher.ask(old)
    await office.front.shell.running.drain(SOON)
    said = priya.messages[-1]
    assert said.only_for == PRIYA
    assert words in said.words
    assert "start" not in offered(message)
    assert rows(office) == before


async def test_a_button_on_an_old_message_of_a_session_that_moved_still_works(
    office: Office, unled: str
) -> None:
    priya = office.person(PRIYA)
    [message] = priya.messages
    old = pressed(office, priya, message, "start")
    changes = coaching.AppointmentChanges(starts_at=office.now() + TWO_DAYS)
    coaching.change(office.context, office.caller(DANA), unled, changes)
    await office.sandbox.dispatcher.ask(old)
    await office.settle()
    assert office.cards()[0].status is coaching.Status.IN_PROGRESS
    assert all("In progress" in each.words for each in priya.messages)


async def test_what_is_done_is_not_said_to_be_refused_where_it_cannot_be_shown(
    office: Office, dana: Actor, session: str
) -> None:
    """The message is another's, so it can't be shown anew; the step is taken all the same."""
    [message] = dana.messages
    with office.store.read() as tx:
        others = [
            each
            for each in tx.deliveries.of(session)
            if each.person_id == office.caller(PRIYA).person_id
        ]
    button = message.blocks[-1]["elements"][0]
    button["value"] = pack(Target(session, delivery_id=others[0].id, mark=others[0].mark))
    await office.sandbox.dispatcher.ask(pressed(office, dana, message, "start"))
    await office.settle()
    assert office.cards()[0].status is coaching.Status.IN_PROGRESS
    assert dana.messages == [message]


# Forms that were left open.


async def test_a_form_left_open_until_its_time_is_over_asks_for_another(
    office: Office, dana: Actor
) -> None:
    form = await office.open_form()
    dana.fill(form, office.entries(name="Typed at length"))
    office.sandbox.clock.advance(TWO_DAYS)
    await dana.submit(form)
    assert "That time has passed" in form.words
    assert "starts_at" in map(name_of, form.values)
    await office.press(DANA, form, "session_time", office.now() + TWO_DAYS)
    await dana.submit(form)
    assert [each.name for each in office.cards()] == ["Typed at length"]


async def test_a_form_whose_draft_was_dropped_is_not_half_saved(
    office: Office, dana: Actor
) -> None:
    form = await office.open_form()
    dana.fill(form, office.entries(name="Typed at length"))
    with office.store.begin() as tx:
        tx.drafts.drop(office.caller(DANA).person_id, "new")
    await dana.submit(form)
    assert office.cards() == [], "the time that was picked is gone, and not guessed"
    assert "Please pick a time" in form.words
    await office.press(DANA, form, "session_time", office.now() + TWO_DAYS)
    await dana.submit(form)
    assert [each.name for each in office.cards()] == ["Typed at length"]


async def test_who_lost_the_right_while_typing_is_told_so(office: Office, session: str) -> None:
    jonas = office.person(JONAS)
    office.grant(JONAS, "Supervisor")
    await jonas.command("/coach list")
    await jonas.click(jonas.messages[-1], "open_session")
    form = await jonas.until(form_of)
    jonas.fill(form, {"name-0": "Mine now"})
    with office.store.begin() as tx:
        tx.people.save_role("Reader", ["coaching:appointment:view"])
    office.grant(JONAS, "Reader")
    before = rows(office, but=("drafts",))
    refused = False
    try:
        await jonas.submit(form)
    except PersonRefusal:
        refused = True
    await office.settle()
    assert refused or "Only the organizer" in form.words
    assert rows(office, but=("drafts",)) == before


# Slack says no.


@pytest.mark.parametrize("error", ["hash_conflict", "not_found", "view_not_found"])
async def test_a_page_that_cannot_be_shown_costs_nothing_that_was_typed(
    office: Office, dana: Actor, error: str
) -> None:
    form = await office.open_form()
    dana.fill(form, office.entries(name="Typed at length"))
    office.sandbox.faults.add("views.update", "error", error=error, times=2)
    await office.press(DANA, form, "session_tab_schedule")
    office.sandbox.faults.clear()
    await office.press(DANA, form, "session_tab_schedule")
    await dana.submit(form)
    assert [each.name for each in office.cards()] == ["Typed at length"]


@pytest.mark.parametrize("method", ["views.open", "views.update"])
async def test_when_slack_asks_for_patience_the_form_comes_all_the_same(
    office: Office, dana: Actor, method: str
) -> None:
    office.sandbox.faults.add(method, "ratelimited", seconds=0.2)
    await dana.command("/coach schedule")
    assert (await dana.until(form_of)).values


async def test_when_slack_asks_for_patience_the_page_above_and_the_home_tab_come_too(
    office: Office, dana: Actor, session: str
) -> None:
    office.sandbox.faults.add("views.publish", "ratelimited", seconds=0.2)
    await dana.open_home()
    await dana.until(lambda me: me.home if me.home and "Call review" in me.home.words else None)
    coaching.add_annotation(
        *(office.context, office.caller(DANA), session),
        text="Well done",
        access_type=coaching.AccessType.PUBLIC,
    )
    form = await edit(dana)
    await office.press(DANA, form, "session_tab_notes")
    office.sandbox.faults.add("views.push", "ratelimited", seconds=0.2)
    await office.press(DANA, form, "session_note_edit")
    await dana.until(lambda me: form_of(me) if len(me.modals) == 2 else None)


async def test_a_press_that_slack_lets_nobody_answer_with_a_form_any_more_says_so(
    office: Office, session: str
) -> None:
    priya = office.person(PRIYA)
    [message] = priya.messages
    office.sandbox.faults.add("views.open", "error", error="expired_trigger_id")
    await priya.click(message, "open_session")
    await office.settle()
    assert "a moment too long for Slack" in priya.messages[-1].words
    assert priya.modals == []


# What another bot, or another release of this one, left behind.

KINDS = ("view", "action", "options")
words = st.text(max_size=40)
garbage = st.one_of(
    words,
    st.sampled_from(["", "{}", "[]", "null", "0", "-1", "1e400", "9" * 30, '{"page":"x"}']),
    st.recursive(
        st.none() | st.booleans() | st.integers() | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=6,
    ).map(json.dumps),
    st.builds(
        lambda id_, page: pack(Target(id_, notification_id=id_, delivery_id=page)),
        words,
        st.integers(-(2**63), 2**63 - 1),
    ),
    st.builds(lambda id_, page: pack(Carried(subject=id_, page=page)), words, st.integers()),
)


def acted(office: Office, kind: str, name: str, value: str, carried: str) -> Envelope:
    """Something that Slack tells of a thing by this name, with values nobody knows."""
    world, actor = office.sandbox.world, office.person(DANA)
    callback_id = name if kind == "view" else session_form.CALLBACK
    title = {"type": "plain_text", "text": "Old"}
    payload = {"type": "modal", "title": title, "callback_id": callback_id, "blocks": []}
    for each in world.views.stack(DANA):
        world.views.close(each)
    view = world.views.open(DANA, payload | {"private_metadata": carried})
    entry = {"type": "plain_text_input", "value": value}
    view.values = {f"{each}-0": {each: entry} for each in ("name", "text", "external_links")}
    button: dict[str, Any] = {
        "type": "button",
        "action_id": name,
        "block_id": "b",
        "value": value,
        "text": {"type": "plain_text", "text": "x"},
        "action_ts": "1.0",
    }
    if kind == "view":
        return payloads.view_submission(world, actor.profile, view)
    if kind == "action":
        return payloads.view_action(world, actor.profile, view, button)
    asked = payloads.asked_in_view(world, view)
    asked |= {"action_id": name, "block_id": "b", "value": value}
    return payloads.suggestion(world, actor.profile, asked)


async def taken(office: Office, envelope: Envelope) -> None:
    """Something is acknowledged as soon as it is refused, and not when Slack gives up."""
    began = time.monotonic()
    await answered(office, envelope)
    assert time.monotonic() - began < SLACK_WAITS


async def test_a_press_is_taken_though_nobody_can_be_told_anything(
    office: Office, dana: Actor, session: str
) -> None:
    """Bolt forgets an acknowledgement when its listener raises directly after it."""
    envelope = pressed(office, dana, dana.messages[-1], "start")
    envelope.payload["actions"][0]["value"] = "no json"
    envelope.payload["response_url"] = ""
    await taken(office, envelope)


async def test_what_cannot_be_said_over_a_view_is_said_in_a_message(
    office: Office, dana: Actor
) -> None:
    office.sandbox.faults.add("views.push", "error", error="push_limit_reached", times=9)
    await taken(office, acted(office, "action", "edit_note", "no json", "{}"))
    await office.front.shell.running.drain(SOON)
    assert "from an older version" in dana.messages[-1].words


@pytest.mark.parametrize("name", ["edit_note", "of_last_year"])
async def test_a_button_of_an_older_version_says_so(
    office: Office, dana: Actor, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    await taken(office, acted(office, "action", name, "no json", "{}"))
    await office.front.shell.running.drain(SOON)
    assert dana.modal
    assert "This button is from an older version" in dana.modal.words
    assert not complained(caplog)


class Uncertain(Hop):
    """A database that says that somebody else is at it, and then nothing more."""

    async def __call__(self, function: Callable[P, T], *_: P.args, **__: P.kwargs) -> T:
        if function is not coaching.take_act:
            await asyncio.sleep(2 * SLACK_WAITS)
        return cast(T, coaching.Hold.OTHERS)


async def test_the_second_of_two_is_told_to_try_again_where_nobody_knows_of_the_first(
    office: Office,
) -> None:
    did: list[str] = []

    async def note(words: str) -> None:
        did.append(words)

    async with asyncio.timeout(SLACK_WAITS):
        once = Once(office.context, Uncertain(threads=1))
        with pytest.raises(coaching.Unavailable):
            await once.do("a press", partial(note, "worked"), otherwise=partial(note, "taken"))
    assert did == []


def complained(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]


@settings(max_examples=40)
@given(chosen=st.integers(0, 10_000), value=garbage, carried=garbage)
async def test_what_means_nothing_here_is_answered_and_changes_nothing(
    office: Office, caplog: pytest.LogCaptureFixture, chosen: int, value: str, carried: str
) -> None:
    caplog.set_level(logging.INFO)
    before = rows(office, but=("drafts",))
    known = [each for each in office.front.shell.registrations if each.kind in KINDS]
    assert len(known) > 60
    each = known[chosen % len(known)]
    await answered(office, acted(office, each.kind, each.name, value, carried))
    await office.front.shell.running.drain(SOON)
    assert rows(office, but=("drafts",)) == before


async def answered(office: Office, envelope: Envelope) -> None:
    """An envelope is acknowledged, in words without a trace of the works."""
    body = urlencode({"payload": json.dumps(envelope.payload)})
    answer = await office.front.app.async_dispatch(signed(body))
    assert answer.status == 200, envelope.payload
    assert "Traceback" not in answer.body
    assert "msgspec" not in answer.body
