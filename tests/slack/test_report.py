"""Reports: the numbers in the reply, and the chart and the file in the direct message."""

import csv
import io
import itertools
import struct
import sys
from datetime import timedelta
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import PersonTally, Report, Tally, WeekTally, read_period
from bot.coaching.times.periods import weeks_of
from bot.sandbox import Actor, Message
from bot.sandbox.limits import find_faults
from bot.sandbox.limits.walks import words_of
from bot.slack.blocks.rendering import rendered
from bot.slack.reports import chart as report_chart
from bot.slack.reports.bars import bars_of
from bot.slack.reports.report import said_of
from bot.slack.reports.sending import NO_CHART, charted
from bot.slack.reports.tables import MOST_LINES
from tests.prerequisites.record import leave_out
from tests.slack.extremes import texts
from tests.slack.office import DANA, JONAS, PRIYA, Office
from tests.slack.test_listing import NOW

NAMES = (
    *("Priya Raman", "Jonas $x_1$ Weber", "محمد عبد الله", "דנה לוי", "田中美咲", "김철수"),
    *(
        "प्रिया शर्मा",
        "Ana 🎉 María",
        "🎉",
        "W" * 255,
        "\u2068a\u2069",
        "Ꮳꮃꭹ",
        "{x} % \\frac{1}{2} $",
    ),
)
TALLIES = st.builds(
    lambda done, now, plan, move: Tally(
        sessions=done + now + plan + move,
        completed=done,
        in_progress=now,
        planned=plan,
        invalid=move,
        overdue=now,
    ),
    *[st.integers(0, 12) | st.integers(0, 10**6)] * 4,
)


@pytest.fixture
def drawing() -> None:
    """What draws pictures; without it these tests are not run, which counts as failed under CI."""
    if find_spec("matplotlib") is None:
        leave_out("matplotlib is not installed: run make test")


@st.composite
def reports(draw: st.DrawFn, most_people: int = 12) -> Report:
    """Any report: of nothing or of very much, with names of all kinds."""
    period = read_period(
        draw(st.sampled_from(["today", "week", "month", "year"])), zone="UTC", now=NOW
    )
    assert isinstance(period, coaching.Period)
    weeks = [WeekTally(period=each, tally=draw(TALLIES)) for each in weeks_of(period, NOW)]
    names = draw(st.lists(st.sampled_from(NAMES) | texts, max_size=most_people))
    people = [
        PersonTally(person_id=str(number), name=name, tally=draw(TALLIES))
        for number, name in enumerate(names)
    ]
    whose = draw(st.sampled_from(NAMES) | texts)
    return Report(
        title=f"{whose}, {period.words}",
        whose=whose,
        period=period,
        total=sum((each.tally for each in weeks), Tally()),
        people=tuple(people),
        weeks=tuple(weeks),
    )


@pytest.mark.usefixtures("drawing")
@given(report=reports())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_report_can_be_drawn(report: Report) -> None:
    """Also with letters that no font has; a warning would fail the test."""
    drawn = report_chart.draw(report)
    assert drawn.startswith(b"\x89PNG")
    assert struct.unpack(">II", drawn[16:24]) == (1080, 1080)


@given(report=reports(), most=st.sampled_from([report_chart.MOST_BARS, 20]))
@settings(max_examples=50)
def test_a_chart_leaves_no_session_out(report: Report, most: int) -> None:
    bars = bars_of(report, most=most, name=lambda person, _: person.name, week=str)
    by_person = len(report.weeks) == 1 and len(report.people) > 1
    drawn = sum((each.tally for each in bars), Tally())
    wanted = report.people if by_person else report.weeks
    assert drawn == sum((each.tally for each in wanted), Tally())
    assert 0 < len(bars) <= most


@given(report=reports(most_people=130))
@settings(max_examples=30)
def test_any_report_fits_into_slacks_own_chart_and_tables(report: Report) -> None:
    """With names that are empty, long, or the same; and the plain words say all of it."""
    said = charted(report)
    blocks = [rendered(each) for each in said.blocks]
    assert find_faults(blocks, "message") == []
    assert sum(map(len, words_of(blocks))) < 13_000
    assert 0 < len(said.fallback) <= 4000
    assert [each["type"] for each in blocks].count("data_visualization") == 1


@given(report=reports(most_people=40))
@settings(max_examples=30)
def test_any_report_fits_into_a_message(report: Report) -> None:
    said = said_of(report)
    blocks = [each.to_dict() for each in said.blocks]
    assert find_faults(blocks, "message") == []
    assert 0 < len(said.fallback) <= 4000
    assert sum(map(len, words_of(blocks))) < 13_000
    if len(report.people) > MOST_LINES and report.total.sessions:
        cut = len(report.people) - MOST_LINES
        assert any(f"And {cut} more in the file." in str(each.to_dict()) for each in said.blocks)


def grey_of(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def test_kinds_are_told_apart_without_colours() -> None:
    looks = list(report_chart.LOOKS.values())
    greys = [grey_of(each.face) for each in looks]
    assert greys == sorted(greys)
    assert all(after - before > 0.1 for before, after in itertools.pairwise(greys))
    assert len({each.hatch for each in looks}) == len(looks)


@pytest.fixture
async def month(office: Office) -> None:
    """Three sessions with Priya and one with Jonas, all on one day; two are completed."""
    office.sandbox.clock.move_to(office.now().replace(hour=17, minute=0, second=0, microsecond=0))
    for number in range(4):
        attendee = JONAS if number == 3 else PRIYA
        await office.book(f"S{number}", timedelta(hours=number + 1), attendee=attendee)
    for card in office.cards():
        if card.name in ("S0", "S3"):
            done = coaching.Status.COMPLETED
            caller = office.caller(DANA)
            coaching.change_status(office.context, caller, card.appointment_id, done)


async def ask(office: Office, actor: Actor, words: str) -> tuple[Message, list[Message]]:
    """Ask for a report; gives the reply, and the messages that belong to it."""
    await actor.command(f"/coach report {words}")
    await office.settle()
    replies = [each for each in actor.messages if each.only_for == actor.id]
    sent = [each for each in actor.messages if each.files or has_data(each)]
    return replies[-1], sent


def has_data(message: Message) -> bool:
    return "data_visualization" in kinds_of(message)


def refuse_charts(office: Office) -> None:
    """Let the workspace not know the blocks that show data."""
    office.sandbox.faults.add("chat.postMessage", "error", error="invalid_blocks")


def kinds_of(message: Message) -> list[str]:
    return [each["type"] for each in message.blocks]


DAYS = "next 2 days"


TEAM = "4 sessions: 2 completed, 2 planned."


@pytest.mark.usefixtures("month")
async def test_a_supervisor_sees_the_team(office: Office, dana: Actor) -> None:
    reply, (shown, shared) = await ask(office, dana, DAYS)
    assert "Your team, " in reply.words
    assert TEAM in reply.words
    assert kinds_of(shown) == ["header", "section", "data_visualization", "data_table"]
    assert shown.text.startswith("Your team, ")
    assert "Priya Raman: 3 sessions: 1 completed, 2 planned." in shown.text
    chart = shown.blocks[2]["chart"]
    assert chart["axis_config"]["categories"] == ["Priya Raman", "Jonas Beck"]
    done, *_ = chart["series"]
    assert (done["name"], [each["value"] for each in done["data"]]) == ("Completed", [1, 1])
    (table,) = shared.files
    assert table.content
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows[1][4:] == ["4", "2", "0", "2", "0", "0"]
    assert [row[1] for row in rows if row[0] == "Person"] == ["Priya Raman", "Jonas Beck"]


@pytest.mark.usefixtures("month", "drawing")
async def test_where_slack_takes_no_charts_a_picture_is_sent(office: Office, dana: Actor) -> None:
    refuse_charts(office)
    reply, (shared,) = await ask(office, dana, DAYS)
    assert TEAM in reply.words
    picture, table = shared.files
    assert TEAM in picture.alt_text
    assert "Priya Raman: 3 sessions: 1 completed, 2 planned." in picture.alt_text
    assert picture.content
    assert table.content
    assert picture.content.startswith(b"\x89PNG")
    assert NO_CHART not in shared.words


@pytest.mark.usefixtures("month")
async def test_without_charts_and_pictures_the_table_is_sent(
    office: Office, dana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is where the library that draws is not installed."""
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    refuse_charts(office)
    _, (shared,) = await ask(office, dana, DAYS)
    assert [each.name.rsplit(".")[-1] for each in shared.files] == ["csv"]
    assert set(kinds_of(shared)) == {"rich_text"}
    assert NO_CHART in shared.words
    assert "Priya Raman         3    1    0    2    0    0" in shared.words


@pytest.mark.usefixtures("month")
async def test_an_agent_sees_oneself_alone(office: Office, priya: Actor) -> None:
    reply, (shown, shared) = await ask(office, priya, DAYS)
    assert "Your own sessions, " in reply.words
    assert "3 sessions: 1 completed, 2 planned." in reply.words
    told = [reply.words, shown.text, str(shown.blocks), *(str(x.content) for x in shared.files)]
    assert not any("Jonas" in each for each in told)


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("@Jonas Beck", "Your role doesn’t cover everybody you named."),
        ("team", "Your role doesn’t cover a team."),
        ("xyzzy", "I do not know what “xyzzy” means there."),
        ("03/04/2026", "like 2026-03-04 or 2026-04-03"),
        ("@zed", "I can’t find anybody called “zed” here."),
        ("<@U0JONAS> me", "One person at a time, please."),
    ],
)
async def test_what_cannot_be_reported_is_said(
    office: Office, priya: Actor, words: str, said: str
) -> None:
    reply, shared = await ask(office, priya, words)
    assert said in reply.words
    assert shared == []


@pytest.mark.usefixtures("month")
async def test_one_person_may_be_named_with_days_in_any_order(office: Office, dana: Actor) -> None:
    for words in (f"@jonas {DAYS}", f"{DAYS} <@{JONAS}>"):
        reply, _ = await ask(office, dana, words)
        assert "1 session: 1 completed." in reply.words


async def test_nothing_said_means_this_month_and_nothing_to_count_is_said(
    office: Office, dana: Actor
) -> None:
    reply, (shared,) = await ask(office, dana, "")
    assert "Nothing to count between " in reply.words
    assert "Nothing to count between " in shared.words
    assert len(shared.files) == 1


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("files.getUploadURLExternal", "error"),
        ("upload", "server_error"),
        ("upload", "drop_before"),
        ("files.completeUploadExternal", "error"),
        ("conversations.open", "error"),
        ("chat.postMessage", "error"),
        ("chat.postMessage", "drop_before"),
    ],
)
@pytest.mark.usefixtures("month")
async def test_files_that_cannot_be_put_there_are_spoken_of(
    office: Office, dana: Actor, method: str, kind: str
) -> None:
    office.sandbox.faults.add(method, kind)  # type: ignore[arg-type]
    await dana.command(f"/coach report {DAYS}")
    await office.settle()
    replies = [each.words for each in dana.messages if each.only_for == DANA]
    assert "4 sessions: 2 completed, 2 planned." in replies[-2]
    assert "I couldn’t put the report and its file into your direct messages." in replies[-1]
    assert not any(each.files for each in dana.messages)
