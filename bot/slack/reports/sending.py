"""A report in the direct message: as Slack's own chart and tables, and as a file.

A Slack that does not know those blocks gets a picture instead, if the library that draws it is
installed, else the table as text. Slack answers so only to a message that is posted, which is why
the reply to the command itself never has such blocks.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block

from bot import coaching
from bot.logger import get_logger
from bot.slack.blocks import data, kit
from bot.slack.blocks.kit import Said
from bot.slack.blocks.words import clip, isolated
from bot.slack.reports import chart as report_chart
from bot.slack.reports.bars import bars_of
from bot.slack.reports.tables import Line, beginning, numbers_of, people_of, tables_of, weeks_of
from bot.slack.transport.replies import reason_of
from bot.slack.transport.uploads import NotUploadedError, Upload
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import HELD

NAME: Final = 60
"""Characters of a name in a table of a hundred."""
AS_A_FILE: Final = "The same as a file for spreadsheets."
NO_CHART: Final = (
    "Your Slack doesn’t show charts yet, so here is the table; the file has all the numbers."
)
log = get_logger(__name__)


async def send(shell: Shell, user_id: str, report: coaching.Report) -> None:
    """Put a report and its file into somebody's direct message. Raises NotUploadedError."""
    file = _file(report)
    await asyncio.sleep(HELD)
    if not report.total.sessions:
        await shell.lines.share(user_id, [file], _comment(report))
    elif await _is_charted(shell, user_id, report):
        await shell.lines.share(user_id, [file], _words(AS_A_FILE))
    else:
        picture = await shell.ask(user_id, partial(_picture, report=report))
        comment = _comment(report) if picture else _in_words(report)
        await shell.lines.share(user_id, [*picture, file], comment)


async def _is_charted(shell: Shell, user_id: str, report: coaching.Report) -> bool:
    """Post the chart and the tables; answers whether this Slack takes such blocks."""
    try:
        await shell.lines.tell(user_id, charted(report))
    except SlackApiError as error:
        if reason_of(error) not in data.NOT_TAKEN:
            raise NotUploadedError from error
        log.info("ChartNotTaken", reason=reason_of(error))
        return False
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotUploadedError from error
    return True


def charted(report: coaching.Report) -> Said:
    """Write a report with Slack's own blocks for data; its plain words say all of it."""
    blocks: list[Block] = [kit.header(report.title), kit.sentence(report.summary), *_chart(report)]
    for caption, lines in (("People", people_of(report)), ("Weeks", weeks_of(report))):
        blocks += _table(caption, lines) if lines else []
    return Said(coaching.say_report(report), tuple(blocks))


def _chart(report: coaching.Report) -> list[Block]:
    """Draw the bars; what is summed up beside them is said in words."""
    bars = bars_of(report, most=data.CATEGORIES, name=lambda person, _: person.name, week=beginning)
    drawn = [each for each in bars if not each.is_sum]
    series = {
        look.words: [getattr(each.tally, kind) for each in drawn]
        for kind, look in report_chart.LOOKS.items()
    }
    chart = data.bar_chart("Sessions", [each.label for each in drawn], series)
    said = [
        kit.small(f"{each.label.replace(kit.NEW_LINE, ' ')}: {coaching.say_tally(each.tally)}.")
        for each in bars
        if each.is_sum
    ]
    return [chart, *said]


def _table(caption: str, lines: Sequence[Line]) -> list[Block]:
    """Lay numbers out in a table that can be sorted; what is too long stands in the file."""
    headings = ["Person" if caption == "People" else "Week of", *coaching.REPORT_HEADINGS.values()]
    rows = [
        (clip(each.name.strip(), NAME) or kit.NOTHING, numbers_of(each.tally))
        for each in lines[: data.ROWS]
    ]
    cut = len(lines) - data.ROWS
    more = [kit.small(f"And {cut:,} more in the file.")] if cut > 0 else []
    return [data.data_table(caption, headings, rows), *more]


def _picture(
    _context: coaching.Context, _caller: coaching.Caller, *, report: coaching.Report
) -> list[Upload]:
    """Draw the picture, in a thread where there is time for it; none where it cannot be drawn."""
    try:
        content = report_chart.draw(report)
    except ImportError:
        return []
    except OSError:
        log.warning("PictureNotDrawn", exc_info=True)
        return []
    return [
        Upload(
            name=f"coaching-{_days(report)}.png",
            title=report.title,
            content=content,
            alt_text=coaching.say_report(report),
        )
    ]


def _file(report: coaching.Report) -> Upload:
    return Upload(
        name=f"coaching-{_days(report)}.csv",
        title=f"{report.title} (table)",
        # With the mark by which spreadsheets know that names are not in some old encoding.
        content=coaching.report_csv(report).encode("utf-8-sig"),
    )


def _days(report: coaching.Report) -> str:
    return report.period.text.replace("..", "-to-")


def _comment(report: coaching.Report) -> Said:
    lines = ([kit.bold(isolated(report.title), 300)], [kit.words(report.summary)])
    return Said(f"{report.title}: {report.summary}", (kit.paragraph(lines),))


def _words(text: str) -> Said:
    return Said(text, (_paragraph(text),))


def _in_words(report: coaching.Report) -> Said:
    """Write the tables as text: a message with files takes rich text alone."""
    said = _comment(report)
    tables = tables_of(report, small=_paragraph)
    return Said(said.text, (*said.blocks, *tables, _paragraph(NO_CHART)))


def _paragraph(text: str) -> Block:
    return kit.paragraph([[kit.words(text)]])
