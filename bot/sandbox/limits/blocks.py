"""Which blocks there are, where each may stand, and what Slack demands of each."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from bot.sandbox.limits.data import check_number_cell, data_table, data_visualization
from bot.sandbox.limits.elements import IN_ACTIONS, IN_INPUT, IN_SECTION, check_element
from bot.sandbox.limits.pictures import picture_source
from bot.sandbox.limits.rules import (
    ANY_TEXT,
    check_text,
    flag,
    one_of,
    string,
    text,
    whole,
)
from bot.sandbox.limits.spots import Rule, Shape, Spot, check_shape, list_of, objects_of
from bot.sandbox.shapes import Json

Surface = Literal["message", "modal", "home"]
CELL_MOST: Final = 10_000


def section() -> Shape:
    """Text, fields, and perhaps one element beside it."""
    return (
        text("text", 3000, kinds=ANY_TEXT),
        Rule(("fields",), _check_fields),
        Rule((), _check_says_something),
        _one_element("accessory", IN_SECTION),
        flag("expand"),
    )


def _check_fields(spot: Spot, block: Json) -> None:
    if block.get("fields") is None:
        return
    items = list_of(spot, block, "fields", least=1, most=10)
    for place, item in objects_of(spot.at("fields"), items):
        check_text(place, item, most=2000, kinds=ANY_TEXT)


def _check_says_something(spot: Spot, block: Json) -> None:
    if block.get("text") is None and block.get("fields") is None:
        spot.refuse("missing required field: text")


def _one_element(name: str, allowed: tuple[str, ...]) -> Rule:
    def check(spot: Spot, block: Json) -> None:
        if block.get(name) is not None:
            check_element(spot.at(name), block[name], allowed)

    return Rule((name,), check)


def header() -> Shape:
    """A heading."""
    return (text("text", 150, required=True), whole("level", 1, 4))


def divider() -> Shape:
    """A line."""
    return ()


def context() -> Shape:
    """Small print: up to ten texts and pictures."""

    def check(spot: Spot, block: Json) -> None:
        items = list_of(spot, block, "elements", least=1, most=10)
        for place, item in objects_of(spot.at("elements"), items):
            if item.get("type") == "image":
                check_element(place, item, ("image",))
            else:
                check_text(place, item, most=3000, kinds=ANY_TEXT)

    return (Rule(("elements",), check),)


def actions() -> Shape:
    """A row of one to twenty-five elements."""

    def check(spot: Spot, block: Json) -> None:
        items = list_of(spot, block, "elements", least=1, most=25)
        for index, item in enumerate(items):
            check_element(spot.at("elements", index), item, IN_ACTIONS)

    return (Rule(("elements",), check),)


def input_block() -> Shape:
    """A labelled field of a form."""

    def check(spot: Spot, block: Json) -> None:
        if block.get("element") is None:
            spot.refuse("missing required field: element")

    return (
        text("label", 2000, required=True),
        Rule((), check),
        _one_element("element", IN_INPUT),
        text("hint", 2000),
        flag("optional"),
        flag("dispatch_action"),
    )


def image() -> Shape:
    """A picture of its own."""
    return (
        *picture_source(),
        string("alt_text", 2000, required=True),
        text("title", 2000),
    )


def rich_text() -> Shape:
    """Formatted text as Slack's own composer writes it."""
    kinds = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")

    def check(spot: Spot, block: Json) -> None:
        items = list_of(spot, block, "elements", least=1, most=10**6)
        for place, item in objects_of(spot.at("elements"), items):
            if item.get("type") not in kinds:
                place.refuse(f"unsupported type: {item.get('type')}")
            list_of(place, item, "elements", least=0, most=10**6)

    return (Rule(("elements",), check),)


def markdown() -> Shape:
    """Text in standard Markdown."""
    return (string("text", 12000, least=1, required=True),)


def table() -> Shape:
    """Rows of at most twenty cells."""

    def check(spot: Spot, block: Json) -> None:
        rows = list_of(spot, block, "rows", least=1, most=100)
        for index, row in enumerate(rows):
            cells = list_of(spot.at("rows"), {str(index): row}, str(index), least=1, most=20)
            for place, cell in objects_of(spot.at("rows", index), cells):
                _check_cell(place, cell)

    return (Rule(("rows",), check), Rule(("column_settings",), _check_columns))


def _check_cell(spot: Spot, cell: Json) -> None:
    if cell.get("type") == "rich_text":
        check_shape(spot, cell, rich_text())
    elif cell.get("type") == "raw_text":
        check_shape(spot, cell, (string("text", CELL_MOST, least=1, required=True),))
    elif cell.get("type") == "raw_number":
        check_number_cell(spot, cell, CELL_MOST)
    else:
        spot.refuse(f"unsupported type: {cell.get('type')}")


def _check_columns(spot: Spot, block: Json) -> None:
    if block.get("column_settings") is None:
        return
    shape = (one_of("align", "left", "center", "right"), flag("is_wrapped"))
    items = list_of(spot, block, "column_settings", least=1, most=20)
    for place, item in objects_of(spot.at("column_settings"), items):
        check_shape(place, item, shape)


BLOCKS: Final[Mapping[str, Callable[[], Shape]]] = {
    "section": section,
    "header": header,
    "divider": divider,
    "context": context,
    "actions": actions,
    "input": input_block,
    "image": image,
    "rich_text": rich_text,
    "markdown": markdown,
    "table": table,
    "data_table": lambda: data_table(_check_cell),
    "data_visualization": data_visualization,
}
NOT_IN: Final[Mapping[str, tuple[Surface, ...]]] = {
    "markdown": ("modal", "home"),
    "table": ("modal",),
    "data_table": ("modal",),
    "data_visualization": ("modal",),
}


def check_block(spot: Spot, block: Json, surface: Surface) -> None:
    """Hold a block to its kind and to the surface on which it stands."""
    kind = block.get("type")
    if not isinstance(kind, str):
        spot.refuse("missing required field: type")
    elif kind not in BLOCKS or surface in NOT_IN.get(kind, ()):
        spot.refuse(f"unsupported type: {kind}")
    else:
        check_shape(spot, block, (string("block_id", 255), *BLOCKS[kind]()))
