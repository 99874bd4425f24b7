"""Whole payloads: the blocks of a message, and a view with its frame."""

import json
from collections import Counter

from bot.sandbox.limits.blocks import Surface, check_block
from bot.sandbox.limits.data import CHARTS_MOST
from bot.sandbox.limits.elements import action_id_of, wants_focus
from bot.sandbox.limits.rules import anything, flag, one_of, string, text
from bot.sandbox.limits.spots import Rule, Shape, Spot, check_shape, objects_of
from bot.sandbox.limits.walks import elements_of
from bot.sandbox.shapes import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 4_000
VIEW_BYTES = 250_000


def find_faults(blocks: object, surface: Surface) -> list[str]:
    """Name everything in these blocks for which Slack would refuse them."""
    faults: list[str] = []
    root = Spot("" if surface == "message" else "/view", faults)
    _check_blocks(root.at("blocks"), blocks, surface)
    return faults


def find_view_faults(view: object, *, allowed: tuple[str, ...] = ("modal", "home")) -> list[str]:
    """Name everything in this view for which Slack would refuse it."""
    faults: list[str] = []
    spot = Spot("/view", faults)
    if not isinstance(view, dict):
        spot.refuse("must provide an object")
        return faults
    kind = view.get("type")
    if kind not in ("modal", "home") or kind not in allowed:
        spot.refuse(f"unsupported type: {kind}" if kind else "missing required field: type")
        return faults
    surface: Surface = "modal" if kind == "modal" else "home"
    check_shape(spot, view, (*_frame(), *(_modal_frame() if kind == "modal" else ())))
    if view.get("blocks") is None:
        spot.refuse("missing required field: blocks")
    else:
        _check_blocks(spot.at("blocks"), view["blocks"], surface)
    return faults


def is_message_too_long(words: str | None) -> bool:
    """Whether the text of a message passes what Slack takes."""
    return len(words or "") > MESSAGE_CHARACTERS


def is_view_too_large(view: Json) -> bool:
    """Whether a view passes 250 kB as JSON."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()) > VIEW_BYTES


def _frame() -> Shape:
    return (
        anything("blocks"),
        string("private_metadata", 3000),
        string("callback_id", 255),
        string("external_id", 255),
    )


def _modal_frame() -> Shape:
    return (
        text("title", 24, required=True),
        text("submit", 24),
        text("close", 24),
        flag("clear_on_close"),
        flag("notify_on_close"),
        flag("submit_disabled"),
        one_of("size", "default", "large"),
        Rule((), _check_can_be_submitted),
    )


def _check_can_be_submitted(spot: Spot, view: Json) -> None:
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or view.get("submit") is not None:
        return
    if any(isinstance(block, dict) and block.get("type") == "input" for block in blocks):
        spot.refuse("missing required field: submit (a view with an `input` block needs it)")


def _check_blocks(spot: Spot, blocks: object, surface: Surface) -> None:
    if not isinstance(blocks, list):
        spot.refuse("must be an array")
        return
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    if len(blocks) > most:
        spot.refuse(f"no more than {most} items allowed")
    for place, block in objects_of(spot, blocks):
        check_block(place, block, surface)
        _check_action_ids(place, block)
        if surface != "modal":
            _check_no_files(place, block)
    _check_together(spot, [block for block in blocks if isinstance(block, dict)])


def _check_action_ids(spot: Spot, block: Json) -> None:
    names = Counter(name for name in map(action_id_of, elements_of(block)) if name)
    for name, times in names.items():
        if times > 1:
            spot.refuse(f"`action_id` {name} already exists in this block")


def _check_no_files(spot: Spot, block: Json) -> None:
    for element in elements_of(block):
        if element.get("type") == "file_input":
            spot.at("element").refuse("unsupported type: file_input")


def _check_together(spot: Spot, blocks: list[Json]) -> None:
    names = Counter(str(block["block_id"]) for block in blocks if block.get("block_id"))
    for name, times in names.items():
        if times > 1:
            spot.refuse(f"`block_id` {name} already exists")
    if sum(block.get("type") == "table" for block in blocks) > 1:
        spot.refuse("only one table is allowed")
    if sum(block.get("type") == "data_visualization" for block in blocks) > CHARTS_MOST:
        spot.refuse(f"no more than {CHARTS_MOST} charts allowed")
    focused = sum(wants_focus(element) for block in blocks for element in elements_of(block))
    if focused > 1:
        spot.refuse("only one element can have `focus_on_load`")
