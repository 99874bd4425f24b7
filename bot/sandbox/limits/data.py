"""The blocks that show data: charts and tables with numbers.

Where two readings of Slack's pages differ, the stricter one holds here.
"""

import math
from collections.abc import Callable, Iterator
from typing import Final

from bot.sandbox.limits.rules import check_length, string, whole
from bot.sandbox.limits.spots import Rule, Shape, Spot, check_shape, field_of, list_of, objects_of
from bot.sandbox.limits.walks import words_of
from bot.sandbox.shapes import Json

LABEL_MOST: Final = 20
SERIES_MOST: Final = 6
POINTS_MOST: Final = 20
ROWS_MOST: Final = 101
"""A hundred, and the row of headings."""
COLUMNS_MOST: Final = 20
TABLE_CHARACTERS: Final = 10_000
CHARTS_MOST: Final = 2
"""In one message."""

CheckCell = Callable[[Spot, Json], None]


def data_visualization() -> Shape:
    """A chart with its title."""
    return (string("title", 50, least=1, required=True), Rule(("chart",), _check_chart))


def _check_chart(spot: Spot, block: Json) -> None:
    chart = field_of(spot, block, "chart", required=True)
    if chart is None:
        return
    place = spot.at("chart")
    if not isinstance(chart, dict):
        place.refuse("must provide an object")
    elif chart.get("type") == "pie":
        check_shape(place, chart, (Rule(("segments",), _check_segments),))
    elif chart.get("type") in ("bar", "line", "area"):
        fields = ("series", "axis_config")
        check_shape(place, chart, (Rule(fields, _check_series),))
    else:
        place.refuse(f"unsupported type: {chart.get('type')}")


def _check_segments(spot: Spot, chart: Json) -> None:
    items = list_of(spot, chart, "segments", least=1, most=SERIES_MOST)
    for place, item in objects_of(spot.at("segments"), items):
        check_shape(place, item, _point())
        if is_number(item.get("value")) and item["value"] <= 0:
            place.at("value").refuse("must be greater than 0")


def _point() -> Shape:
    return (
        string("label", LABEL_MOST, least=1, required=True),
        Rule(("value",), lambda spot, point: _check_number(spot, point, "value")),
    )


def _check_number(spot: Spot, thing: Json, name: str) -> None:
    value = field_of(spot, thing, name, required=True)
    if value is not None and not is_number(value):
        spot.at(name).refuse("must be a number")


def is_number(value: object) -> bool:
    """Whether this is a number that can be drawn."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_series(spot: Spot, chart: Json) -> None:
    categories = _categories(spot, chart)
    names: list[object] = []
    items = list_of(spot, chart, "series", least=1, most=SERIES_MOST)
    for place, item in objects_of(spot.at("series"), items):
        names.append(item.get("name"))
        shape = (
            string("name", LABEL_MOST, least=1, required=True),
            Rule(("data",), lambda at, series: _check_points(at, series, categories)),
        )
        check_shape(place, item, shape)
    if len(set(map(str, names))) != len(names):
        spot.at("series").refuse("must have unique names")


def _check_points(spot: Spot, series: Json, categories: list[str]) -> None:
    points = list_of(spot, series, "data", least=1, most=POINTS_MOST)
    labels = []
    for place, point in objects_of(spot.at("data"), points):
        check_shape(place, point, _point())
        labels.append(str(point.get("label")))
    if sorted(labels) != sorted(categories):
        spot.at("data").refuse("must have one point for each category")


def _categories(spot: Spot, chart: Json) -> list[str]:
    axes = field_of(spot, chart, "axis_config", required=True)
    place = spot.at("axis_config")
    if not isinstance(axes, dict):
        if axes is not None:
            place.refuse("must provide an object")
        return []
    shape = (
        Rule(("categories",), lambda _spot, _axes: None),
        string("x_label", 50),
        string("y_label", 50),
    )
    check_shape(place, axes, shape)
    found = list_of(place, axes, "categories", least=1, most=POINTS_MOST)
    names = list(_strings(place.at("categories"), found))
    if len(set(names)) != len(names):
        place.at("categories").refuse("must be unique")
    return names


def _strings(spot: Spot, items: list[object]) -> Iterator[str]:
    for index, item in enumerate(items):
        if isinstance(item, str):
            check_length(spot.at(index), item, least=1, most=LABEL_MOST)
            yield item
        else:
            spot.at(index).refuse("must be a string")


def data_table(check_cell: CheckCell) -> Shape:
    """A table under a caption, a page at a time; the first row holds the headings."""
    return (
        string("caption", 10**6, least=1, required=True),
        whole("page_size", 1, 100),
        whole("row_header_column_index", 0, COLUMNS_MOST - 1),
        Rule(("rows",), lambda spot, block: _check_rows(spot, block, check_cell)),
    )


def _check_rows(spot: Spot, block: Json, check_cell: CheckCell) -> None:
    rows = list_of(spot, block, "rows", least=2, most=ROWS_MOST)
    widths: set[int] = set()
    for index, row in enumerate(rows):
        at = spot.at("rows")
        cells = list_of(at, {str(index): row}, str(index), least=1, most=COLUMNS_MOST)
        widths.add(len(cells))
        for place, cell in objects_of(at.at(index), cells):
            if index == 0 and cell.get("type") == "rich_text":
                place.refuse("unsupported type: rich_text")
            check_cell(place, cell)
    if len(widths) > 1:
        spot.at("rows").refuse("must all have the same number of cells")
    column = block.get("row_header_column_index")
    if isinstance(column, int) and widths and column >= min(widths):
        spot.at("row_header_column_index").refuse("must name a column")
    if sum(map(len, words_of(rows))) > TABLE_CHARACTERS:
        spot.at("rows").refuse(f"no more than {TABLE_CHARACTERS} characters allowed")


def check_number_cell(spot: Spot, cell: Json, most: int) -> None:
    """Hold a cell to a number and the words that show it."""
    shape = (
        Rule(("value",), lambda at, it: _check_number(at, it, "value")),
        string("text", most, least=1, required=True),
    )
    check_shape(spot, cell, shape)
