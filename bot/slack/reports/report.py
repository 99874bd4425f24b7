"""`/coach report`: the numbers in the reply; a picture and a file in the direct message."""

import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from slack_sdk.models.blocks import Block, RichTextBlock, RichTextPreformattedElement

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.kit import Said
from bot.slack.blocks.words import clip, clusters, isolated
from bot.slack.lists.asking import Asked, read_asked
from bot.slack.reports import chart as report_chart
from bot.slack.transport.uploads import NotUploadedError, Upload
from bot.slack.turns.shell import COMMAND, Shell, UnknownAccounts
from bot.slack.turns.turn import CommandTurn

MOST_LINES: Final = 15
NAME_CELLS: Final = 16
COLUMNS: Final = (
    ("All", "sessions"),
    ("Done", "completed"),
    ("Now", "in_progress"),
    ("Plan", "planned"),
    ("Move", "invalid"),
    ("Late", "overdue"),
)
KEY: Final = (
    "Done: completed. Now: in progress. Plan: planned. Move: needs a new time. "
    "Late: overdue, also counted as planned or in progress."
)
FOLLOWING: Final = "The picture and the file follow in your direct messages with me."
NOT_SENT: Final = (
    "I couldn’t put the picture and the file into your direct messages. The numbers above are "
    f"complete. To get the files, type {COMMAND} report once more in a minute."
)

log = logging.getLogger(__name__)


def register(shell: Shell) -> None:
    """Answer `/coach report`."""
    shell.on_subcommand("report", _command)


async def _command(shell: Shell, turn: CommandTurn) -> None:
    asked = read_asked(turn.rest, shell.people.find)
    if isinstance(asked, str):
        await turn.say(kit.note(asked))
        return
    report = await shell.decide(turn, partial(_report, asked=asked))
    await turn.say(said_of(report))
    try:
        files = await shell.ask(turn.user_id, partial(_files, report=report))
        await shell.lines.share(turn.user_id, files, _comment(report))
    except NotUploadedError:
        log.warning("event=ReportNotShared", exc_info=True)
        await turn.say(kit.note(NOT_SENT))


def _report(context: coaching.Context, caller: coaching.Caller, *, asked: Asked) -> coaching.Report:
    """Find the person who was named, and report."""
    person_ids = None
    if asked.user_id is not None:
        known = coaching.people_by_slack(context, [asked.user_id])
        if asked.user_id not in known:
            raise UnknownAccounts([asked.user_id])
        person_ids = [known[asked.user_id]]
    query = coaching.ReportQuery(person_ids=person_ids, whose=asked.whose, period=asked.rest)
    return coaching.report(context, caller, query)


def _files(
    _context: coaching.Context, _caller: coaching.Caller, *, report: coaching.Report
) -> Sequence[Upload]:
    """Draw the picture and write the file, in the thread where there is time for it."""
    days = report.period.text.replace("..", "-to-")
    picture = Upload(
        name=f"coaching-{days}.png",
        title=report.title,
        content=report_chart.draw(report),
        alt_text=coaching.say_report(report),
    )
    table = Upload(
        name=f"coaching-{days}.csv",
        title=f"{report.title} (table)",
        # With the mark by which spreadsheets know that names are not in some old encoding.
        content=coaching.report_csv(report).encode("utf-8-sig"),
    )
    return (picture, table)


def _comment(report: coaching.Report) -> Said:
    lines = ([kit.bold(isolated(report.title), 300)], [kit.words(report.summary)])
    return Said(f"{report.title}: {report.summary}", (kit.paragraph(lines),))


def said_of(report: coaching.Report) -> Said:
    """Write a report: a sentence, a table of the people, one of the weeks."""
    blocks: list[Block] = [kit.header(report.title), kit.sentence(report.summary)]
    if report.total.sessions:
        weeks = [_Line(_beginning(each.period), each.tally) for each in report.weeks]
        people = [_Line(each.name, each.tally) for each in report.people]
        if len(people) > 1:
            blocks += _table("Person", people)
        if len(weeks) > 1:
            blocks += _table("Week of", weeks)
        blocks.append(kit.small(KEY))
    blocks.append(kit.small(FOLLOWING))
    return Said(f"{report.title}: {report.summary}", tuple(blocks))


def _beginning(week: coaching.Period) -> str:
    """Name a week by its first day, for which a narrow column has room."""
    return f"{week.first.day} {week.first:%b}"


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    tally: coaching.Tally


def _table(heading: str, lines: Sequence[_Line]) -> list[Block]:
    """Lay numbers out in columns; what is too long for a message stands in the file."""
    rows = [_row(heading, [head for head, _ in COLUMNS])]
    rows += [_row(each.name, _numbers(each.tally)) for each in lines[:MOST_LINES]]
    cut = len(lines) - MOST_LINES
    table = RichTextPreformattedElement(elements=[kit.words("\n".join(rows))])
    blocks: list[Block] = [RichTextBlock(elements=[table])]
    return [*blocks, kit.small(f"And {cut:,} more in the file.")] if cut > 0 else blocks


def _numbers(tally: coaching.Tally) -> list[str]:
    return [str(getattr(tally, each)) for _, each in COLUMNS]


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{_padded(name)}{''.join(f'{each:>5}' for each in cells)}"


def _padded(name: str) -> str:
    """Give a name the width of its column, counting wide letters as two."""
    shown = clip(name, NAME_CELLS, cost=_cells)
    return f"{isolated(shown)}{' ' * (NAME_CELLS - _cells(shown))}"


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each[0]) in "WF" else 1 for each in clusters(text))
