"""An independent reading of Slack's limits, the library slackblocks, agrees with the sandbox."""

from collections.abc import Callable
from typing import Any

import pytest
import slackblocks as sb
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.limits import find_faults, find_view_faults
from tests.sandbox.test_limits import BLOCKS

Build = Callable[[int], Any]


def option(text: str, value: str, **more: Any) -> sb.Option:
    return sb.Option(sb.PlainText(text), value, **more)


def menu(*choices: sb.Option) -> sb.ActionsBlock:
    select = sb.StaticSelectMenu(action_id="a", options=list(choices))
    return sb.ActionsBlock(elements=[select])


def words(n: int) -> str:
    return "x" * n


def confirm(**more: str) -> sb.Confirm:
    said = {"title": "T", "text": "X", "confirm": "Y", "deny": "N"} | more
    return sb.Confirm(**said)


def button(**more: Any) -> sb.ActionsBlock:
    return sb.ActionsBlock(elements=[sb.Button(**({"text": "Go", "action_id": "a"} | more))])


def labelled(**more: Any) -> sb.InputBlock:
    usual: dict[str, Any] = {"label": "x", "element": sb.PlainTextInput(action_id="a")}
    return sb.InputBlock(**(usual | more))


def row(count: int) -> sb.ActionsBlock:
    return sb.ActionsBlock(elements=[sb.Button(text="x", action_id=str(n)) for n in range(count)])


BUILDS: dict[str, Build] = {
    "section text": lambda n: sb.SectionBlock(text=words(n)),
    "field": lambda n: sb.SectionBlock(text="x", fields=[words(n)]),
    "section fields": lambda n: sb.SectionBlock(text="x", fields=["x"] * n),
    "header": lambda n: sb.HeaderBlock(text=words(n)),
    "context elements": lambda n: sb.ContextBlock(elements=[sb.Text("x")] * n),
    "actions elements": row,
    "button text": lambda n: button(text=words(n)),
    "button value": lambda n: button(value=words(n)),
    "action_id": lambda n: button(action_id=words(n)),
    "block_id": lambda n: sb.SectionBlock(text="x", block_id=words(n)),
    "confirm title": lambda n: button(confirm=confirm(title=words(n))),
    "confirm text": lambda n: button(confirm=confirm(text=words(n))),
    "confirm yes": lambda n: button(confirm=confirm(confirm=words(n))),
    "confirm no": lambda n: button(confirm=confirm(deny=words(n))),
    "select options": lambda n: menu(*(option(str(i), str(i)) for i in range(n))),
    "option text": lambda n: menu(option(words(n), "1")),
    "option value": lambda n: menu(option("x", words(n))),
    "option description": lambda n: menu(option("x", "1", description=sb.PlainText(words(n)))),
    "input label": lambda n: labelled(label=words(n)),
    "input hint": lambda n: labelled(hint=words(n)),
}


def is_built(build: Build, size: int) -> bool:
    try:
        rendered = build(size)._resolve()
    except sb.InvalidUsageError:
        return False
    assert find_faults([rendered], "modal") == []
    return True


@pytest.mark.parametrize("name", BUILDS)
def test_the_library_stops_where_the_sandbox_stops(name: str) -> None:
    limit, ours = BLOCKS[name]
    for size in (1, limit, limit + 1):
        assert is_built(BUILDS[name], size) == (find_faults([ours(size)], "modal") == [])


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_titles_of_forms_agree(title: int, submit: int, close: int) -> None:
    frame: dict[str, Any] = {"title": words(title), "submit": words(submit), "close": words(close)}
    ours = find_view_faults(
        {"type": "modal", "blocks": [{"type": "divider"}]}
        | {name: {"type": "plain_text", "text": said} for name, said in frame.items()}
    )
    try:
        sb.ModalView(blocks=[sb.DividerBlock()], **frame)
        theirs = True
    except sb.InvalidUsageError:
        theirs = False
    assert theirs == (not ours)
