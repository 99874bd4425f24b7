"""Charts and data tables: at Slack's limit they pass, one beyond it they are refused."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import slackblocks as sb
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.limits import find_faults

Json = dict[str, Any]
SHAPES = ("bar", "line", "area")


def points(labels: list[str], value: object = 1) -> list[Json]:
    return [{"label": each, "value": value} for each in labels]


def axes(kind: str = "bar", *, names: int = 1, labels: int = 1, **more: object) -> Json:
    categories = [f"c{number}" for number in range(labels)]
    series = [{"name": f"s{number}", "data": points(categories)} for number in range(names)]
    axis_config = {"categories": categories, **more}
    return chart({"type": kind, "series": series, "axis_config": axis_config})


def chart(drawn: object, title: object = "T") -> Json:
    return {"type": "data_visualization", "title": title, "chart": drawn}


def labelled(label: str) -> Json:
    series = [{"name": "s", "data": points([label])}]
    return chart({"type": "bar", "series": series, "axis_config": {"categories": [label]}})


def pie(segments: list[Json]) -> Json:
    return chart({"type": "pie", "segments": segments})


def number(value: object = 1, text: str = "1") -> Json:
    return {"type": "raw_number", "value": value, "text": text}


def table(rows: int = 2, columns: int = 1, **more: object) -> Json:
    row = [{"type": "raw_text", "text": "x"}, *[number()] * (columns - 1)][:columns]
    return {"type": "data_table", "caption": "C", "rows": [row] * rows, **more}


LIMITS: Mapping[str, tuple[int, Callable[[int], Json]]] = {
    "title": (50, lambda n: axes() | {"title": "x" * n}),
    "series": (6, lambda n: axes(names=n)),
    "series of lines": (6, lambda n: axes("line", names=n)),
    "series of areas": (6, lambda n: axes("area", names=n)),
    "categories": (20, lambda n: axes(labels=n)),
    "label": (20, lambda n: labelled("x" * n)),
    "axis label": (50, lambda n: axes(x_label="x" * n)),
    "segments": (6, lambda n: pie(points([str(each) for each in range(n)]))),
    "segment label": (20, lambda n: pie(points(["x" * n]))),
    "rows": (101, lambda n: table(rows=max(n, 2))),
    "columns": (20, lambda n: table(columns=n)),
    "page": (100, lambda n: table(page_size=n)),
    "characters": (
        10_000,
        lambda n: table(1) | {"rows": [[number(text="x")], [number(text="x" * (n - 1) or "x")]]},
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_the_limit_passes_and_one_more_is_refused(name: str) -> None:
    limit, make = LIMITS[name]
    for size in (1, limit):
        assert find_faults([make(size)], "message") == []
        assert find_faults([make(size)], "home") == []
    assert find_faults([make(limit + 1)], "message")
    assert find_faults([make(1)], "modal")


WRONG: Mapping[str, Json] = {
    "no title": chart({"type": "bar"}, title=None),
    "no chart": chart(None),
    "not a chart": chart("bars"),
    "an unknown chart": chart({"type": "radar", "series": []}),
    "no series": axes(names=0),
    "no categories": axes(labels=0),
    "no axes": chart({"type": "bar", "series": [{"name": "s", "data": points(["a"])}]}),
    "axes that are none": chart({"type": "bar", "series": [], "axis_config": "a"}),
    "a category that is missing": chart(
        {
            "type": "bar",
            "series": [{"name": "s", "data": points(["a"])}],
            "axis_config": {"categories": ["a", "b"]},
        }
    ),
    "a category twice": chart(
        {
            "type": "bar",
            "series": [{"name": "s", "data": points(["a", "a"])}],
            "axis_config": {"categories": ["a", "a"]},
        }
    ),
    "a category that is no word": chart(
        {
            "type": "bar",
            "series": [{"name": "s", "data": points(["1"])}],
            "axis_config": {"categories": [1]},
        }
    ),
    "names that are the same": chart(
        {
            "type": "line",
            "series": [{"name": "s", "data": points(["a"])}] * 2,
            "axis_config": {"categories": ["a"]},
        }
    ),
    "a value that is no number": pie(points(["a"], "1")),
    "a value without end": pie(points(["a"], float("inf"))),
    "a slice of nothing": pie(points(["a"], 0)),
    "something unknown": axes() | {"colour": "red"},
    "no caption": table() | {"caption": None},
    "headings alone": table(rows=1),
    "rows of different lengths": table() | {"rows": [[number()], [number(), number()]]},
    "a cell that is nothing": table() | {"rows": [[{"type": "x"}], [number()]]},
    "a number that is none": table() | {"rows": [[number()], [number("1")]]},
    "a number without words": table() | {"rows": [[number()], [number(text="")]]},
    "rich text as a heading": table()
    | {"rows": [[{"type": "rich_text", "elements": []}], [number()]]},
    "a column that is not there": table(row_header_column_index=1),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_slack_refuses_is_refused(name: str) -> None:
    assert find_faults([WRONG[name]], "message")


def test_a_message_holds_two_charts() -> None:
    assert find_faults([axes()] * 2, "message") == []
    (fault,) = find_faults([axes()] * 3, "message")
    assert fault == "no more than 2 charts allowed [json-pointer:/blocks]"


@given(
    kind=st.sampled_from(SHAPES),
    names=st.integers(0, 6),
    labels=st.integers(0, 25),
    size=st.integers(0, 25),
)
def test_the_library_agrees_on_charts(kind: str, names: int, labels: int, size: int) -> None:
    """As far as the stricter number of series goes."""
    categories = [f"{number:0{size}}"[:size] for number in range(labels)]
    series = [{"name": f"s{each}", "data": points(categories)} for each in range(names)]
    drawn = {"type": kind, "series": series, "axis_config": {"categories": categories}}
    assert is_built(kind, names, categories) == (find_faults([chart(drawn)], "message") == [])


def is_built(kind: str, names: int, categories: list[str]) -> bool:
    """Whether the library builds such a chart."""
    shapes = {"bar": sb.BarChart, "line": sb.LineChart, "area": sb.AreaChart}
    try:
        data = [sb.DataPoint(each, 1) for each in categories]
        series = [sb.DataSeries(f"s{each}", data) for each in range(names)]
        built: Any = shapes[kind](series, sb.AxisConfig(categories))
        sb.DataVisualizationBlock("T", built)
    except sb.InvalidUsageError:
        return False
    return True
