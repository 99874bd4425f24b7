"""The tables of a report: columns of numbers, as text that every Slack shows."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, RichTextBlock, RichTextPreformattedElement

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.words import clip, clusters, isolated

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


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table."""

    name: str
    tally: coaching.Tally


def people_of(report: coaching.Report) -> Sequence[Line]:
    """Give a line for each person; none where there is only one."""
    lines = [Line(each.name, each.tally) for each in report.people]
    return lines if len(lines) > 1 else []


def weeks_of(report: coaching.Report) -> Sequence[Line]:
    """Give a line for each week; none where there is only one."""
    lines = [Line(beginning(each.period), each.tally) for each in report.weeks]
    return lines if len(lines) > 1 else []


def tables_of(report: coaching.Report, *, small: Callable[[str], Block] = kit.small) -> list[Block]:
    """Lay out the numbers of a report: people, weeks, and what the columns mean.

    `small` writes what stands below a table.
    """
    blocks: list[Block] = []
    for heading, lines in (("Person", people_of(report)), ("Week of", weeks_of(report))):
        if lines:
            blocks.append(_table(heading, lines[:MOST_LINES]))
        if len(lines) > MOST_LINES:
            blocks.append(small(f"And {len(lines) - MOST_LINES:,} more in the file."))
    return [*blocks, small(KEY)]


def beginning(week: coaching.Period) -> str:
    """Name a week by its first day, for which a narrow column has room."""
    return f"{week.first.day} {week.first:%b}"


def _table(heading: str, lines: Sequence[Line]) -> Block:
    rows = [_row(heading, [head for head, _ in COLUMNS])]
    rows += [_row(each.name, [str(number) for number in numbers_of(each.tally)]) for each in lines]
    table = RichTextPreformattedElement(elements=[kit.words("\n".join(rows))])
    return RichTextBlock(elements=[table])


def numbers_of(tally: coaching.Tally) -> list[int]:
    """Give the numbers of a line, one for each column."""
    return [getattr(tally, each) for _, each in COLUMNS]


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{_padded(name)}{''.join(f'{each:>5}' for each in cells)}"


def _padded(name: str) -> str:
    """Give a name the width of its column, counting wide letters as two."""
    shown = clip(name, NAME_CELLS, cost=_cells)
    return f"{isolated(shown)}{' ' * (NAME_CELLS - _cells(shown))}"


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each[0]) in "WF" else 1 for each in clusters(text))
