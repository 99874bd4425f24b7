"""Filling in elements from plain values: what a person would choose or type, in Slack's shape."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from bot.sandbox.inputs import FIELDS, each_input, is_many, zone_of
from bot.sandbox.limits import elements_of, offered_options
from bot.sandbox.shapes import Json
from bot.sandbox.views import View


def fill(view: View, values: Mapping[str, object]) -> None:
    """Fill in a form; each value is named by its block_id or its action_id."""
    for name, value in values.items():
        block, element = _find_input(view, name)
        entry = chosen(element, value) | {"type": element["type"], **zone_of(element)}
        view.values.setdefault(block["block_id"], {})[element["action_id"]] = entry


def _find_input(view: View, name: str) -> tuple[Json, Json]:
    found = [
        (block, element)
        for block, element in each_input(view.blocks)
        if name in (block["block_id"], element["action_id"])
    ]
    if len(found) != 1:
        there = [f"{block['block_id']}/{e['action_id']}" for block, e in each_input(view.blocks)]
        msg = f"{len(found)} inputs are called {name!r}; there are {', '.join(there)}"
        raise LookupError(msg)
    return found[0]


def find_used(
    blocks: Iterable[Json], action_id: str, value: object, *, block_id: str | None = None
) -> tuple[Json, Json]:
    """Give the element that a person means; buttons of one name are told apart by their value."""
    found = [
        (block, element)
        for block in blocks
        if block_id in (None, block["block_id"])
        for element in elements_of(block)
        if element.get("action_id") == action_id
    ]
    if value is not None and len(found) > 1:
        found = [pair for pair in found if pair[1].get("value") == value]
    if len(found) != 1:
        there = [e.get("action_id") for block in blocks for e in elements_of(block)]
        msg = f"{len(found)} elements are called {action_id!r} ({value=}); there are {there}"
        raise LookupError(msg)
    return found[0]


def chosen(element: Json, value: object) -> Json:
    """Say in Slack's shape that this value is chosen or typed."""
    kind = element["type"]
    if kind == "overflow":
        return {"selected_option": _option(element, value)}
    if kind not in FIELDS:
        return {}
    name = FIELDS[kind][0]
    if is_many(kind):
        items = value if isinstance(value, (list, tuple)) else [value]
        return {name: [_one(element, name, item) for item in items]}
    return {name: None if value is None else _one(element, name, value)}


def _one(element: Json, name: str, value: object) -> object:
    if name in ("selected_option", "selected_options"):
        return _option(element, value)
    if name == "selected_date_time" and isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if name == "value" else value


def _option(element: Json, value: object) -> Json:
    if isinstance(value, dict):
        return value
    offered = offered_options(element)
    for option in offered:
        if value in (option["value"], option["text"]["text"]):
            return option
    msg = f"No option is {value!r}; there are {[option['value'] for option in offered]}"
    raise LookupError(msg)
