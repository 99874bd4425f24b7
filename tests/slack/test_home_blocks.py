"""The Home tab at its extremes: Slack takes every page of a team, and nothing is cut off."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.sandbox.limits import find_view_faults
from bot.slack.blocks import kit
from bot.slack.home import tab as home
from bot.slack.home import team as home_team
from bot.slack.home.team import Looking
from tests.slack import extremes
from tests.slack.extremes import texts

LARGEST_VIEW = 250_000
DIVISIONS = {f"d{number}": f"Division {number} " + "x" * 200 for number in range(150)}
counts = st.integers(0, 10_000)
accounts = st.none() | st.just("U0PRIYA")
lookings = st.builds(
    Looking,
    person_id=st.none() | st.uuids().map(str),
    kind=st.none() | st.sampled_from(coaching.SessionKind),
    period=st.sampled_from(coaching.TeamPeriod),
    division_id=st.none() | st.sampled_from(sorted(DIVISIONS)),
    page=st.integers(1, 9999),
)
members = st.builds(
    coaching.TeamMember,
    person_id=st.uuids().map(str),
    slack_user_id=accounts,
    name=texts,
    next_words=st.just("Next session tomorrow at 3:05 pm"),
    planned=counts,
    in_progress=counts,
    overdue=counts,
    completed=counts,
)


@st.composite
def teams(draw: st.DrawFn, looking: Looking) -> coaching.TeamPage:
    people = draw(st.lists(members, min_size=1, max_size=2)) * 5
    cards = tuple(draw(st.lists(extremes.cards(), min_size=1, max_size=1)) * 5)
    chosen = looking.person_id is not None
    shown = draw(st.booleans())
    return coaching.TeamPage(
        query=looking.query,
        members=coaching.Page(people[:1] if chosen else people, 500, looking.page, 10),
        divisions=draw(st.sampled_from([{}, dict(list(DIVISIONS.items())[:1]), DIVISIONS])),
        sessions=coaching.Page(cards if shown else (), 99, looking.page, 5) if chosen else None,
        empty=draw(st.none() | st.just("Nobody else is here yet.")),
    )


@settings(max_examples=40)
@given(st.data(), extremes.agendas(), lookings)
def test_every_page_of_a_team_is_taken(
    data: st.DataObject, agenda: coaching.Agenda, looking: Looking
) -> None:
    team = data.draw(teams(looking))
    view = home.view_of(replace(agenda, team=team), looking)
    shown = view.to_dict()
    assert find_view_faults(shown) == []
    assert len(shown["blocks"]) < kit.VIEW_BLOCKS, "nothing was cut off at the end"
    assert len(json.dumps(shown)) < LARGEST_VIEW
    assert "mrkdwn" not in json.dumps([each["type"] for each in shown["blocks"]])
    assert home_team.read(shown["private_metadata"]) == looking


@given(st.text() | st.just('{"period": "forever"}'))
def test_notes_that_cannot_be_read_look_at_everybody(notes: str) -> None:
    if not notes.startswith('{"p'):
        notes = f"x{notes}"
    assert home_team.read(notes) == Looking()
