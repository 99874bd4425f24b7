"""Whatever the database does, somebody is answered within three seconds, and in full afterwards."""

import time

import pytest

from bot import coaching
from bot.sandbox import PersonRefusal, Sandbox
from bot.slack.front import build_front
from storage.engine import connect
from storage.transaction import Store
from tests.slack.gate import GatedHop
from tests.slack.office import (
    DANA,
    JONAS,
    PRIYA,
    Office,
    connected,
    form_of,
    offered,
    settings_for,
)


async def test_a_command_that_takes_long_is_acknowledged_in_time(
    hurried: Office, hop: GatedHop
) -> None:
    assert settings_for(hurried.sandbox).patience_seconds <= 2.5, "Slack gives up at three"
    priya = hurried.person(PRIYA)
    with hop.shut():
        await priya.command("/coach list")
        [first] = priya.messages
        assert "Still working" in first.words
    await hurried.settle()
    assert "Nothing is coming up" in priya.messages[-1].words
    assert len(priya.messages) == 2


async def test_a_form_that_takes_long_says_that_it_is_being_saved(
    hurried: Office, hop: GatedHop
) -> None:
    dana, form = hurried.person(DANA), await hurried.open_form()
    with hop.shut():
        await dana.submit(form, hurried.entries())
        assert dana.modal
        assert "Saving" in dana.modal.words
    await dana.until(lambda me: me.modal if me.modal and "Done" in me.modal.words else None)
    assert len(hurried.cards()) == 1


async def test_a_form_that_is_refused_late_comes_back_with_what_was_typed(
    hurried: Office, hop: GatedHop
) -> None:
    await hurried.schedule()
    dana, form = hurried.person(DANA), await hurried.open_form()
    with hop.shut():
        await dana.submit(form, hurried.entries(attendee_ids=[JONAS], name="Another"))
    again = await dana.until(form_of)
    assert "⚠️" in again.words
    later = hurried.now() + coaching.Policy().leads[0].before * 2
    await hurried.press(DANA, again, "session_time", later)
    await hurried.press(DANA, again, "session_tab_details")
    values = {block: next(iter(entry.values())) for block, entry in again.values.items()}
    assert values["name-0"]["value"] == "Another"
    assert values["attendee_ids-0"]["selected_users"] == [JONAS]
    await dana.submit(again)
    assert sorted(card.name for card in hurried.cards()) == ["Another", "Call review"]


async def test_somebody_who_closed_the_form_meanwhile_hears_of_the_refusal_all_the_same(
    hurried: Office, hop: GatedHop
) -> None:
    await hurried.schedule()
    dana, form = hurried.person(DANA), await hurried.open_form()
    with hop.shut():
        await dana.submit(form, hurried.entries(attendee_ids=[JONAS]))
        await dana.close(form)
    await hurried.settle()
    assert dana.modals == []
    assert "pick another time" in dana.messages[-1].words
    assert len(hurried.cards()) == 1


async def test_a_button_on_the_home_tab_that_takes_long_opens_a_word_about_it(
    hurried: Office, hop: GatedHop
) -> None:
    await hurried.schedule()
    dana = hurried.person(DANA)
    await dana.open_home()
    await hurried.settle()
    assert dana.home
    with hop.shut():
        await dana.click(dana.home, "start")
        await dana.until(lambda me: me.modal and "Still working" in me.modal.words)
    await dana.until(lambda me: me.modal and "done" in me.modal.words)
    assert hurried.cards()[0].status is coaching.Status.IN_PROGRESS


async def test_a_button_on_a_message_that_takes_long_is_taken_and_done(
    hurried: Office, hop: GatedHop
) -> None:
    await hurried.schedule()
    priya = hurried.person(PRIYA)
    with hop.shut():
        await priya.click(priya.messages[-1], "mark_as_read")
    await priya.until(lambda me: "✓ Read" in me.messages[-1].words)
    assert offered(priya.messages[-1]) == []


@pytest.fixture
def lost_store() -> Store:
    """A database at which nobody listens."""
    return Store(connect("postgresql+psycopg://nobody@127.0.0.1:9/nothing"))


async def test_without_a_database_everything_answers_kindly_and_in_time(
    sandbox: Sandbox, hop: GatedHop, lost_store: Store
) -> None:
    context = coaching.Context(store=lost_store, clock=sandbox.clock.now)
    front = build_front(context, hop, settings_for(sandbox))
    dana, sentence = sandbox.person(DANA), coaching.Unavailable().message
    async with connected(front, sandbox):
        for command in ("help", "list", "inbox", "nonsense"):
            began = time.monotonic()
            await dana.command(f"/coach {command}")
            assert sentence in dana.messages[-1].words
            assert time.monotonic() - began < 3
        await dana.command("/coach schedule")
        await dana.until(lambda me: me.modal and sentence in me.modal.words)
        await dana.open_home()
        await dana.until(lambda me: me.home and sentence in me.home.words)
    lost_store.close()


async def test_a_button_pressed_without_a_database_says_so_and_stays(
    office: Office, sandbox: Sandbox, hop: GatedHop, lost_store: Store
) -> None:
    await office.schedule()
    priya, sentence = office.person(PRIYA), coaching.Unavailable().message
    await priya.open_home()
    await office.settle()
    await office.front.connection.stop()
    context = coaching.Context(store=lost_store, clock=sandbox.clock.now)
    async with connected(build_front(context, hop, settings_for(sandbox)), sandbox):
        await priya.click(priya.messages[0], "mark_as_read")
        await priya.message_with(sentence)
        assert priya.home
        await priya.click(priya.home, "open_inbox")
        await priya.until(lambda me: me.modal and sentence in me.modal.words)
    assert offered(priya.messages[0]) == ["mark_as_read"]
    lost_store.close()


async def test_a_form_sent_to_a_database_that_went_away_keeps_what_was_typed(
    office: Office, sandbox: Sandbox, hop: GatedHop, lost_store: Store
) -> None:
    dana, form = office.person(DANA), await office.open_form()
    await office.front.connection.stop()
    context = coaching.Context(store=lost_store, clock=sandbox.clock.now)
    async with connected(build_front(context, hop, settings_for(sandbox)), sandbox):
        with pytest.raises(PersonRefusal) as refused:
            await dana.submit(form, office.entries())
    assert refused.value.errors == {"name-0": coaching.Unavailable().message}
    lost_store.close()
