"""Shortcuts: the form opens with what was pointed at."""

from datetime import timedelta

import pytest

from bot.sandbox import Actor, View
from bot.sandbox.conversations import GENERAL, Message
from tests.slack.office import DANA, PRIYA, Office, form_of

NO_RIGHT = "Scheduling coaching needs a supervisor’s role"


async def form(actor: Actor) -> View:
    return await actor.until(form_of)


async def said(actor: Actor, text: str = "That call went badly") -> Message:
    return await actor.say(text, conversation=GENERAL)


async def began_with(office: Office, actor: Actor) -> dict[str, object]:
    """What the form was begun with: the draft that is kept of it."""
    await form(actor)
    await office.settle()
    with office.store.read() as tx:
        draft = tx.drafts.get(office.caller(actor.id).person_id, "new")
    assert draft
    return draft.typed


async def test_coach_on_this_attaches_the_message_and_invites_its_author(
    office: Office, dana: Actor, priya: Actor
) -> None:
    message = await said(priya)
    await dana.shortcut("coach_on_this", message)
    typed = await began_with(office, dana)
    address = f"https://northwind.slack.com/archives/{GENERAL}/p{message.ts.replace('.', '')}"
    assert typed["external_links"] == [address]
    assert typed["attendee_ids"] == [office.caller(PRIYA).person_id]


async def test_ones_own_message_and_an_apps_invite_nobody(office: Office, dana: Actor) -> None:
    await office.book("Call review", timedelta(hours=12))
    await office.settle()
    for message in (await said(dana), dana.messages[-1]):
        await dana.shortcut("coach_on_this", message)
        typed = await began_with(office, dana)
        assert not typed.get("attendee_ids")
        assert message.ts.replace(".", "") in str(typed["external_links"])
        view = await form(dana)
        await dana.close(view)
        with office.store.begin() as tx:
            tx.drafts.drop(office.caller(DANA).person_id, "new")


async def test_a_message_that_slack_keeps_from_the_bot_has_its_address_all_the_same(
    office: Office, dana: Actor, priya: Actor
) -> None:
    office.sandbox.faults.add("chat.getPermalink", "error", error="channel_not_found")
    message = await said(priya)
    await dana.shortcut("coach_on_this", message)
    typed = await began_with(office, dana)
    assert message.ts.replace(".", "") in str(typed["external_links"])
    assert office.sandbox.calls.refused()


async def test_the_form_opens_though_slack_is_slow_with_the_address(
    office: Office, dana: Actor, priya: Actor
) -> None:
    office.sandbox.faults.add("chat.getPermalink", "delay", seconds=2.5)
    await dana.shortcut("coach_on_this", await said(priya))
    assert (await began_with(office, dana))["external_links"]


async def test_schedule_coaching_opens_the_form_anywhere(office: Office, dana: Actor) -> None:
    await dana.shortcut("schedule_coaching")
    typed = await began_with(office, dana)
    assert not typed.get("attendee_ids")
    assert not typed.get("external_links")


@pytest.mark.parametrize("callback_id", ["coach_on_this", "schedule_coaching"])
async def test_who_may_not_schedule_is_told_in_the_window(
    office: Office, dana: Actor, priya: Actor, callback_id: str
) -> None:
    message = await said(dana) if callback_id == "coach_on_this" else None
    await priya.shortcut(callback_id, message)
    await office.settle()
    assert priya.modal
    assert NO_RIGHT in priya.modal.words
    assert form_of(priya) is None
