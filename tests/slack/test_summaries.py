"""Agendas and digests, and times on the clocks that their reader chose, as Slack shows them."""

from dataclasses import replace
from datetime import time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import ActionType, Summary
from bot.sandbox import Actor
from bot.sandbox.limits import find_faults, is_message_too_long
from bot.slack.blocks import kit
from bot.slack.messages import message as messages
from tests.slack.extremes import announcements, cards
from tests.slack.office import PRIYA, Office, offered

HOUR = timedelta(hours=1)


@given(
    whole=announcements(),
    shown=st.lists(cards(), min_size=1, max_size=12),
    kind=st.sampled_from([ActionType.AGENDA, ActionType.DIGEST]),
    more=st.integers(0, 5000),
)
def test_whatever_is_summed_up_keeps_to_the_terms(
    whole: coaching.Announcement, shown: list[coaching.Card], kind: ActionType, more: int
) -> None:
    summary = Summary(
        delivery_id=1,
        mark="m",
        promise="",
        kind=kind,
        slack_user_id="U1",
        slack_channel=None,
        reader_id="p",
        headline=whole.headline,
        text=whole.text,
        card=shown[0],
        notification_id=None,
        is_read=True,
        cards=tuple(shown),
        more=more,
    )
    text, blocks = messages.render(summary)
    shown_blocks = [each.to_dict() for each in blocks]
    assert find_faults(shown_blocks, "message") == []
    assert not is_message_too_long(text)
    assert not any(each.type == "actions" for each in blocks)


@given(shown=cards(), kind=st.sampled_from([ActionType.AGENDA, ActionType.DIGEST]))
def test_the_rest_is_found_where_it_is_said_to_be(shown: coaching.Card, kind: ActionType) -> None:
    summary = Summary(
        delivery_id=1,
        mark="m",
        promise="",
        kind=kind,
        slack_user_id="U1",
        slack_channel=None,
        reader_id="p",
        headline="Your day",
        text="Your day",
        card=shown,
        notification_id=None,
        is_read=True,
        cards=(shown,),
        more=3,
    )
    _, blocks = messages.render(summary)
    days = "today" if kind is ActionType.AGENDA else "team overdue"
    assert f"And 3 more. See them all with /coach list {days}." in str(blocks[-1].to_dict())


async def test_the_agenda_reaches_its_person(office: Office, priya: Actor) -> None:
    await office.book("Call review", timedelta(hours=4))
    here = office.now().astimezone(coaching.zone_of("Asia/Kolkata"))
    changes = coaching.SettingsChanges(
        agenda_at=time((here + HOUR).hour, 0), quiet=coaching.Quiet.NEVER, hours=24
    )
    coaching.change_settings(office.context, office.caller(PRIYA), changes)
    await office.settle()
    office.sandbox.clock.advance(HOUR)
    await office.settle()
    [agenda] = [each for each in priya.messages if "Your day" in each.words]
    assert "Call review" in agenda.words
    assert offered(agenda) == []


@given(card=cards(), hours=st.sampled_from([None, 12, 24]))
def test_slack_says_the_day_to_all_and_the_time_to_those_who_chose_nothing(
    card: coaching.Card, hours: int | None
) -> None:
    """A message stays as it was sent, so none may say “tomorrow” in words of its own."""
    shown = kit.when(replace(card, hours=hours)).to_dict()
    clocks = coaching.Clocks(card.timezone, hours)
    time = "{time}" if hours is None else coaching.say_time(card.starts_at, clocks)
    assert shown["format"] == f"{{day_divider_pretty}} at {time} ({card.length_minutes} min)"
