"""Times are said on the clocks that their reader chose, wherever they are said."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import AccessType, Clocks, Conflict, SettingsChanges, Understood
from bot.coaching.times.wording import say_time, say_when
from tests.coaching.sending import claim, finish
from tests.coaching.workplace import Workplace

TWELVE = re.compile(r"\d{1,2}:\d{2} [ap]m")
TWENTY_FOUR = re.compile(r"\b\d{2}:\d{2}\b(?! [ap]m)")


@given(moment=st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)))  # noqa: DTZ001
def test_both_clocks_say_the_same_time(moment: datetime) -> None:
    said = [say_time(moment, Clocks("Asia/Kolkata", hours)) for hours in (None, 12, 24)]
    assert said[0] == said[1] == say_time(moment, "Asia/Kolkata")
    hour, minute, half = re.split(r"[: ]", said[0])
    assert said[2] == f"{int(hour) % 12 + 12 * (half == 'pm'):02}:{minute}"
    assert TWENTY_FOUR.fullmatch(said[2])
    assert say_when(moment, Clocks("UTC", 24), moment) == f"today at {moment:%H:%M}"


def said_to(desk: Workplace, who: str) -> Iterator[str]:
    """Everything in which a time is said to somebody."""
    context, caller = desk.context, desk.caller(who)
    start = desk.clock() + timedelta(days=2)
    made = desk.schedule("Dana", "Priya", facilitator="Grace", starts_at=start)
    yield coaching.card(context, caller, made.id).when
    coaching.add_annotation(
        context, desk.caller("Grace"), made.id, text="Well done", access_type=AccessType.PUBLIC
    )
    yield coaching.notes_page(context, caller, made.id).entries.entities[0].when
    yield coaching.status_page(context, caller, made.id).history[0].when
    yield coaching.session_choices(context, caller)[0].when
    for each, words in finish(desk, claim(desk)):
        if desk.name_of(each.person_id) == who:
            yield words.text
    if who == "Dana":
        with pytest.raises(Conflict) as refused:
            desk.schedule("Dana", "Priya", starts_at=start)
        yield refused.value.message


@pytest.mark.parametrize("who", ["Dana", "Priya"])
@pytest.mark.parametrize("hours", [None, 12, 24])
def test_times_are_said_as_chosen_everywhere(desk: Workplace, who: str, hours: int | None) -> None:
    coaching.change_settings(desk.context, desk.caller(who), SettingsChanges(hours=hours))
    said = list(said_to(desk, who))
    assert len(said) > 4
    right, wrong = (TWENTY_FOUR, TWELVE) if hours == 24 else (TWELVE, TWENTY_FOUR)
    for each in said:
        assert right.search(each), each
        assert not wrong.search(each), each


def test_what_is_understood_is_echoed_as_chosen() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    found = coaching.read_when("tomorrow 3pm", zone=Clocks("Europe/London", 24), now=now)
    assert isinstance(found, Understood)
    assert "at 15:00, London time" in found.words
