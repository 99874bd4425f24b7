"""Slack's blocks that show data: bar charts, and tables with numbers.

A workspace may not have them yet. It refuses the whole message then, so what they say has to be
sent another way.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

from slack_sdk.models.blocks import Block, RawNumberObject, RawTextObject

from bot.slack.blocks.words import clip

LABEL: Final = 20
"""Characters of a category or of the name of a series."""
TITLE: Final = 50
CATEGORIES: Final = 20
SERIES: Final = 6
ROWS: Final = 100
"""Rows of a table, besides the row of headings."""
PAGE: Final = 10
NOT_TAKEN: Final = frozenset(("invalid_blocks", "invalid_blocks_format", "invalid_arguments"))
"""How a workspace answers that does not know these blocks."""

Cell = RawNumberObject | RawTextObject


class DataVisualizationBlock(Block):
    """A chart with its title."""

    type = "data_visualization"

    @property
    def attributes(self) -> set[str]:  # type: ignore[override]
        """Name the fields that are written."""
        return super().attributes | {"title", "chart"}

    def __init__(self, *, title: str, chart: Mapping[str, Any]) -> None:
        super().__init__(type=self.type)
        self.title = title
        self.chart = chart


class DataTableBlock(Block):
    """A table that is shown a page at a time, and sorted by whoever reads it."""

    type = "data_table"

    @property
    def attributes(self) -> set[str]:  # type: ignore[override]
        """Name the fields that are written."""
        return super().attributes | {"caption", "rows", "page_size"}

    def __init__(self, *, caption: str, rows: Sequence[Sequence[Cell]], page_size: int) -> None:
        super().__init__(type=self.type)
        self.caption = caption
        self.rows = rows
        self.page_size = page_size


def bar_chart(title: str, categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Block:
    """A bar chart: for each category one bar of each series.

    At most 20 categories and 6 series; each series has a value for every category. Names that are
    too long are cut, and those that would be the same get a number.
    """
    labels = told_apart(categories)
    chart = {
        "type": "bar",
        "series": [
            {
                "name": clip(name, LABEL),
                "data": [
                    {"label": label, "value": value}
                    for label, value in zip(labels, values, strict=True)
                ],
            }
            for name, values in series.items()
        ],
        "axis_config": {"categories": labels},
    }
    return DataVisualizationBlock(title=clip(title, TITLE), chart=chart)


def told_apart(names: Sequence[str]) -> list[str]:
    """Cut names to what a label holds, and number those that would be empty or the same."""
    labels: list[str] = []
    for number, name in enumerate(names, start=1):
        label = clip(name.strip(), LABEL) or f"No. {number}"
        for again in count(2):
            if label not in labels:
                break
            mark = f" ({again})"
            label = clip(name.strip() or f"No. {number}", LABEL - len(mark)) + mark
        labels.append(label)
    return labels


def data_table(
    caption: str, headings: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]
) -> Block:
    """A table of names with their numbers; at least one row, at most a hundred."""
    head: list[Cell] = [RawTextObject(text=each) for each in headings]
    body: list[list[Cell]] = [
        [RawTextObject(text=name), *(_number(each) for each in numbers)] for name, numbers in rows
    ]
    return DataTableBlock(caption=caption, rows=[head, *body], page_size=PAGE)


def _number(value: int) -> Cell:
    return RawNumberObject(value=value, text=f"{value:,}")
