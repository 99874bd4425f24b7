"""Lists: what was asked for, read generously, and shown a page at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import coaching
from bot.sandbox import Actor
from bot.slack.blocks.targets import Listing
from bot.slack.lists.listing import read
from tests.slack.extremes import texts
from tests.slack.office import ALEX, DANA, JONAS, PRIYA, Office, offered

NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
KNOWN = {"jonas": JONAS, "mei tanaka": "U0MEI"}


def find(name: str) -> str | None:
    return KNOWN.get(name.strip().casefold())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Listing()),
        ("  TODAY ", Listing("today")),
        ("<@U0JONAS|jonas>", Listing(user_id=JONAS)),
        ("week <@U0JONAS>", Listing("week", user_id=JONAS)),
        ("<@U0JONAS|jonas> completed", Listing("completed", user_id=JONAS)),
        ("overdue @Jonas", Listing("overdue", user_id=JONAS)),
        ("@Mei Tanaka", Listing(user_id="U0MEI")),
        ("@Mei Tanaka next week", Listing(user_id="U0MEI", period="next week")),
        ("me", Listing(whose="me")),
        ("overdue Team", Listing("overdue", whose="team")),
        ("team last month completed", Listing("completed", whose="team", period="last month")),
        ("1 dec - 12 dec me", Listing(whose="me", period="1 dec - 12 dec")),
        ("this week overdue", Listing("overdue", period="this week")),
        ("Tomorrow", Listing(period="tomorrow")),
    ],
)
def test_what_was_typed_is_understood(text: str, wanted: Listing) -> None:
    assert read(text, find, now=NOW) == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tooday", "Did you mean /coach list today?"),
        ("xyzzy", "me, team, overdue, today, week, completed, all, or days"),
        ("03/04/2026", "like 2026-03-04 or 2026-04-03"),
        ("last 3 fortnights", "Try “last week”"),
        ("overdue all", "Either overdue or all, please."),
        ("me team", "Either “me” or “team”, please."),
        ("<@U0JONAS> <@U0MEI>", "One person at a time, please."),
        ("<@U0JONAS> team", "One person at a time, please."),
        ("@zed", "“zed”"),
    ],
)
def test_what_was_not_understood_is_answered_by_a_hint(text: str, words: str) -> None:
    assert words in str(read(text, find, now=NOW))


@given(st.one_of(texts, st.text("@<>|U0 todayweek", max_size=40)))
def test_anything_at_all_is_either_understood_or_answered(text: str) -> None:
    found = read(text, find, now=NOW)
    assert isinstance(found, Listing) or 0 < len(found) < 200


@pytest.fixture
async def week(office: Office) -> None:
    """A session a day for seven days, the first with Jonas; it is noon in New York."""
    office.sandbox.clock.move_to(office.now().replace(hour=17, minute=0, second=0, microsecond=0))
    for number in range(7):
        attendee = JONAS if number == 0 else PRIYA
        await office.book(f"Session {number}", timedelta(days=number, hours=1), attendee=attendee)


def names(words: str) -> list[int]:
    return [int(line[8:]) for line in words.splitlines() if line.startswith("Session ")]


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("today", [0]),
        ("week", [0, 1, 2, 3, 4]),
        ("all", [6, 5, 4, 3, 2]),
        ("@jonas", [0]),
        ("all @Priya Raman", [6, 5, 4, 3, 2]),
        ("today @priya", []),
        ("overdue", []),
        ("completed", []),
        ("me", [0, 1, 2, 3, 4]),
        ("team all", [6, 5, 4, 3, 2]),
        ("tomorrow", [1]),
        ("next 3 days", [0, 1, 2]),
        ("@jonas next 3 days", [0]),
        ("yesterday", []),
    ],
)
async def test_each_word_lists_what_it_says(dana: Actor, typed: str, shown: list[int]) -> None:
    await dana.command(f"/coach list {typed}")
    listed = dana.messages[-1]
    assert listed.only_for == DANA
    assert names(listed.words) == shown


@pytest.mark.usefixtures("week")
async def test_today_is_the_reader_s_own_day(office: Office) -> None:
    """At seven in the evening in London it is half past midnight in Kolkata."""
    await office.book("Session 9", timedelta(minutes=30))
    priya, dana = office.person(PRIYA), office.person(DANA)
    office.sandbox.clock.advance(timedelta(hours=2))
    await priya.command("/coach list today")
    assert names(priya.messages[-1].words) == [1]
    await dana.command("/coach list today")
    assert names(dana.messages[-1].words) == [9, 0]


@pytest.mark.usefixtures("week")
async def test_pages_lead_to_everything_and_back(office: Office, dana: Actor) -> None:
    await dana.command("/coach list")
    listed = dana.messages[-1]
    assert offered(listed)[-1] == "list_next"
    assert "Page 1 of 2" in listed.words
    await dana.click(listed, "list_next")
    await office.settle()
    assert names(listed.words) == [5, 6]
    assert [each for each in offered(listed) if each.startswith("list_")] == ["list_previous"]
    await dana.click(listed, "list_previous")
    await office.settle()
    assert names(listed.words) == [0, 1, 2, 3, 4]


@pytest.mark.usefixtures("week")
async def test_finished_and_overdue_sessions_are_found(office: Office, dana: Actor) -> None:
    first, second = sorted(office.cards(), key=lambda card: card.name)[:2]
    office.sandbox.clock.advance(timedelta(days=1, hours=2))
    coaching.change_status(
        office.context, office.caller(DANA), first.appointment_id, coaching.Status.COMPLETED
    )
    await dana.command("/coach list completed")
    assert names(dana.messages[-1].words) == [0]
    await dana.command("/coach list overdue")
    overdue = dana.messages[-1]
    assert names(overdue.words) == [1]
    assert offered(overdue)[:2] == ["complete", "start"]
    assert second.name in overdue.words


@pytest.mark.usefixtures("week")
async def test_an_agent_sees_only_what_is_theirs(office: Office) -> None:
    jonas = office.person(JONAS)
    await jonas.command("/coach list all")
    assert names(jonas.messages[-1].words) == [0]
    await jonas.command("/coach list all @Priya Raman")
    assert names(jonas.messages[-1].words) == []
    assert offered(jonas.messages[-1]) == []


@pytest.mark.usefixtures("week")
async def test_my_own_list_leaves_out_what_i_only_may_see(office: Office) -> None:
    """Alex may see every session and has none; Dana’s team has all of Dana’s but not the other."""
    alex, dana = office.person(ALEX), office.person(DANA)
    await alex.command("/coach list all")
    assert names(alex.messages[-1].words) == [6, 5, 4, 3, 2]
    await alex.command("/coach list me all")
    assert names(alex.messages[-1].words) == []
    await alex.command("/coach list team all")
    assert names(alex.messages[-1].words) == [6, 5, 4, 3, 2]
    await dana.command("/coach list team next 2 days")
    assert names(dana.messages[-1].words) == [0, 1]


async def test_whoever_leads_nobody_is_told_so(priya: Actor) -> None:
    await priya.command("/coach list team")
    assert "Your role doesn’t cover a team." in priya.messages[-1].words


@pytest.mark.usefixtures("week")
async def test_days_stay_what_they_were_when_the_page_is_turned(
    office: Office, dana: Actor
) -> None:
    await dana.command("/coach list next 7 days")
    listed = dana.messages[-1]
    said = listed.words.splitlines()[0]
    office.sandbox.clock.advance(timedelta(days=3))
    await dana.click(listed, "list_next")
    await office.settle()
    assert names(listed.words) == [5, 6]
    assert listed.words.splitlines()[0] == said
