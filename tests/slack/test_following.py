"""Status: where a session stands, who moved it, and only the steps that can be taken."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.sandbox import Actor, View
from bot.sandbox.limits import find_view_faults
from bot.slack.messages import following
from tests.slack.extremes import cards, texts
from tests.slack.office import DANA, Office, offered


@pytest.fixture(autouse=True)
async def session(office: Office) -> None:
    """A session of Dana with Priya, soon."""
    await office.book("Call review", timedelta(hours=3))


async def status_of(actor: Actor) -> View:
    await actor.command("/coach status call")
    return await actor.until(
        lambda me: me.modal if me.modal and "Looking" not in me.modal.words else None
    )


async def test_a_session_is_moved_on_and_back(office: Office, dana: Actor) -> None:
    view = await status_of(dana)
    for step, after in (
        ("status_start", ["status_complete", "status_reset"]),
        ("status_reset", ["status_start"]),
        ("status_start", ["status_complete", "status_reset"]),
        ("status_complete", ["status_undo"]),
        ("status_undo", ["status_complete", "status_reset"]),
        ("status_complete", ["status_undo"]),
    ):
        await dana.click(view, step)
        await office.settle()
        assert offered(view) == after
    assert office.cards()[0].status is coaching.Status.COMPLETED
    assert "Completed\n · Dana Whitfield · today at" in view.words


async def test_who_is_coached_sees_the_history_and_no_steps(office: Office, priya: Actor) -> None:
    view = await status_of(priya)
    assert offered(view) == []
    assert "Scheduled\n · Dana Whitfield · today at" in view.words


async def test_a_step_that_no_longer_works_is_refused_and_goes_away(
    office: Office, dana: Actor
) -> None:
    view = await status_of(dana)
    caller, appointment_id = office.caller(DANA), office.cards()[0].appointment_id
    coaching.change_status(office.context, caller, appointment_id, coaching.Status.COMPLETED)
    office.sandbox.clock.advance(timedelta(seconds=30))
    await dana.click(view, "status_start")
    await office.settle()
    assert offered(view) == []
    assert dana.modal is not view
    assert dana.modal
    assert "completed" in dana.modal.words


async def test_nobody_without_sessions_is_sent_away_empty(office: Office) -> None:
    jonas = office.person("U0JONAS")
    await jonas.command("/coach status")
    await office.settle()
    assert jonas.modal
    assert "no coaching sessions yet" in jonas.modal.words


@settings(max_examples=30)
@given(cards(), texts, st.integers(0, 20), st.booleans())
def test_every_status_page_is_taken(
    card: coaching.Card, by: str, count: int, may_reset: bool
) -> None:
    entry = coaching.StatusEntry(words="Scheduled", by=by, when="today at 3:05 pm")
    page = coaching.StatusPage(card=card, history=(entry,) * count, may_reset=may_reset)
    assert find_view_faults(following.view_of(page).to_dict()) == []
