"""`/coach why`: the messages about a session, as their reader may know of them."""

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.sandbox import Actor, View
from bot.sandbox.limits import find_view_faults, words_of
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
    assert "Priya Raman\n · News of the session\n\n\nSent today at" in view.words
    assert "Reminder 10 minutes before\n\n\nWill be sent" in view.words
    theirs = await why_of(priya)
    assert "You\n · News of the session\n\n\nSent today at" in theirs.words
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


def test_people_of_whom_the_same_is_told_stand_together() -> None:
    def line(who: str, what: str, sentence: str = "Sent.") -> coaching.WhyLine:
        sent, is_mine = DeliveryState.SENT, who == "You"
        return coaching.WhyLine(who=who, what=what, sentence=sentence, state=sent, is_mine=is_mine)

    crowd = [line(f"No{number}", "Reminder") for number in range(10)]
    told = (line("Ann", "News"), line("You", "News"), line("You", "News", "Not sent."), *crowd)
    page = coaching.WhyPage(appointment_id="a", name="x", when="today", lines=told)
    said = ["".join(words_of(each.to_dict())) for each in why.view_of(page).blocks or ()][1:]
    assert said[:2] == ["You and Ann · News\nSent.", "You · News\nNot sent."]
    assert [len(re.findall(r"No\d", each)) for each in said[2:]] == [8, 2], "nobody is left out"


@settings(max_examples=30)
@given(texts, st.lists(lines, max_size=80))
def test_every_page_is_taken(name: str, told: list[coaching.WhyLine]) -> None:
    page = coaching.WhyPage(
        appointment_id="a", name=name, when="today at 3:05 pm", lines=tuple(told)
    )
    assert find_view_faults(why.view_of(page).to_dict()) == []
