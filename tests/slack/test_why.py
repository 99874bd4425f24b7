"""`/coach why`: the messages about a session, as their reader may know of them."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.sandbox import Actor, View
from bot.sandbox.limits import find_view_faults
from bot.slack import why
from storage.types import DeliveryState
from tests.slack.extremes import texts
from tests.slack.office import Office


@pytest.fixture(autouse=True)
async def session(office: Office) -> None:
    """A session of Dana with Priya, soon."""
    await office.book("Call review", timedelta(hours=3))
    await office.settle()


async def why_of(actor: Actor, words: str = "call") -> View:
    await actor.command(f"/coach why {words}")
    return await actor.until(
        lambda me: me.modal if me.modal and "Looking" not in me.modal.words else None
    )


async def test_who_leads_sees_everybody_and_who_is_coached_sees_their_own(
    office: Office, dana: Actor, priya: Actor
) -> None:
    view = await why_of(dana)
    assert "Priya Raman\n · News of the session · Sent today at" in view.words
    assert "You\n · Reminder 1 hour before · Will be sent today at" in view.words
    theirs = await why_of(priya)
    assert "You\n · News of the session · Sent today at" in theirs.words
    assert "Dana" not in theirs.words


async def test_who_has_nothing_to_do_with_it_learns_nothing(office: Office) -> None:
    view = await why_of(office.person("U0JONAS"))
    assert "can’t find a session" in view.words
    assert "Reminder" not in view.words


lines = st.builds(
    coaching.WhyLine,
    who=texts,
    what=texts.map(lambda each: each[:100]),
    sentence=texts.map(lambda each: each[:200]),
    state=st.sampled_from(DeliveryState),
)


@settings(max_examples=30)
@given(texts, st.lists(lines, max_size=80))
def test_every_page_is_taken(name: str, told: list[coaching.WhyLine]) -> None:
    page = coaching.WhyPage(
        appointment_id="a", name=name, when="today at 3:05 pm", lines=tuple(told)
    )
    assert find_view_faults(why.view_of(page).to_dict()) == []
