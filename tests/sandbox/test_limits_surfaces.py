"""What Slack would refuse of pictures, tables and file inputs."""

from typing import Any

import pytest

from bot.sandbox.limits import find_faults, find_view_faults
from tests.sandbox.everything import labelled
from tests.sandbox.tinybot import plain

Json = dict[str, Any]
URL = "https://b.example/a.png"
CELL: Json = {"type": "raw_text", "text": "x"}


def picture(**more: object) -> Json:
    return {"type": "image", "alt_text": "A", **more}


def table(*rows: list[Json], **more: object) -> Json:
    return {"type": "table", "rows": list(rows), **more}


def modal(element: Json) -> Json:
    frame = {"type": "modal", "title": plain("T"), "submit": plain("S")}
    return {**frame, "blocks": [labelled(element)]}


GOOD: list[Json] = [
    picture(image_url=URL),
    picture(slack_file={"id": "F1"}),
    picture(slack_file={"url": "https://northwind.slack.com/files/U/F/a.png"}),
    table([CELL, CELL], [CELL, CELL], column_settings=[{"align": "right", "is_wrapped": True}]),
    table([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}]),
]
BAD: dict[str, list[Json]] = {
    "no picture": [picture()],
    "two pictures in one": [picture(image_url=URL, slack_file={"id": "F1"})],
    "a file without a name": [picture(slack_file={})],
    "a file with two names": [picture(slack_file={"id": "F1", "url": URL})],
    "a file that is a word": [picture(slack_file="F1")],
    "a file of more": [picture(slack_file={"id": "F1", "size": 1})],
    "a small picture from nowhere": [{"type": "context", "elements": [picture()]}],
    "an unknown cell": [table([{"type": "plain_text", "text": "x"}])],
    "an empty cell": [table([{"type": "raw_text", "text": ""}])],
    "a cell of more": [table([{**CELL, "bold": True}])],
    "too many cells": [table([CELL] * 21)],
    "too many rows": [table(*[[CELL]] * 101)],
    "a column that leans": [table([CELL], column_settings=[{"align": "middle"}])],
    "two tables": [table([CELL]), table([CELL])],
}


@pytest.mark.parametrize("block", GOOD)
def test_what_slack_takes(block: Json) -> None:
    assert find_faults([block], "message") == []


@pytest.mark.parametrize("name", BAD)
def test_what_slack_refuses(name: str) -> None:
    assert len(find_faults(BAD[name], "message")) == 1


@pytest.mark.parametrize(
    ("more", "is_taken"),
    [
        ({}, True),
        ({"filetypes": ["pdf", "png"], "max_files": 10}, True),
        ({"max_files": 0}, False),
        ({"max_files": 11}, False),
        ({"filetypes": [".pdf"]}, False),
        ({"filetypes": "pdf"}, False),
        ({"focus_on_load": True}, False),
    ],
)
def test_a_file_input(more: Json, *, is_taken: bool) -> None:
    element = {"type": "file_input", **more}
    assert (find_view_faults(modal(element)) == []) is is_taken
    home = {"type": "home", "blocks": [labelled(element)]}
    assert any("unsupported type: file_input" in fault for fault in find_view_faults(home))
