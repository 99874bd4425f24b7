"""A loading view gives way to what was asked for, or to a sentence, whatever Slack does."""

import ast
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

import bot.slack
from bot.delivery.backoff import BackOff
from bot.sandbox import Sandbox, View
from bot.sandbox.faults import Kind
from bot.slack.transport.times import Times
from bot.slack.turns.loading import IF_NOTHING_COMES, TOO_SLOW
from storage.transaction import Store
from tests.slack.gate import GatedHop
from tests.slack.office import ALEX, DANA, SOON, Office, opened

SHORT: Final = Times(
    view_back_off=BackOff(
        first=timedelta(milliseconds=40),
        longest=timedelta(milliseconds=40),
        least=timedelta(milliseconds=20),
    ),
    view_useful=timedelta(seconds=2.5),
)
UPDATE: Final = "views.update"
Opening = Callable[[Office], Awaitable[None]]


def typed(words: str, who: str = DANA) -> Opening:
    async def opening(office: Office) -> None:
        await office.person(who).command(f"/coach {words}")

    return opening


async def open_inbox(office: Office) -> None:
    dana = office.person(DANA)
    assert dana.home
    await dana.click(dana.home, "open_inbox")


def pressed(action_id: str, who: str = DANA) -> Opening:
    async def opening(office: Office) -> None:
        [page] = office.person(who).modals
        button = next(
            each
            for block in page.blocks
            if block["type"] == "actions"
            for each in block["elements"]
            if each["action_id"] == action_id
        )
        await office.person(who).click(page, action_id, button["value"])

    return opening


@dataclass(frozen=True)
class Place:
    """Something that opens a loading view: the file that does, the way to it, what is done last."""

    file: str
    last: Opening
    before: tuple[Opening, ...] = ()
    who: str = DANA


PLACES: Final[dict[str, Place]] = {
    "schedule": Place("session/opening.py", typed("schedule")),
    "edit": Place("lists/choosing.py", typed("edit call")),
    "note": Place("lists/choosing.py", typed("note call")),
    "status": Place("lists/choosing.py", typed("status call")),
    "why": Place("lists/choosing.py", typed("why call")),
    "settings": Place("settings/page.py", typed("settings")),
    "inbox": Place("lists/inbox.py", open_inbox),
    "edit note": Place("notes/noting.py", pressed("edit_note"), (typed("note call"),)),
    "note in a form": Place(
        "session/buttons.py",
        pressed("session_note_edit"),
        (typed("edit call"), pressed("session_tab_notes")),
    ),
    "admin": Place("admin/page.py", typed("admin", ALEX), who=ALEX),
    "person": Place(
        "admin/page.py", pressed("admin_person", ALEX), (typed("admin", ALEX),), who=ALEX
    ),
}
"""Every place that opens a loading view, the file that does so, and how it is reached."""


@pytest.fixture
async def busy(sqlite_store: Store, sandbox: Sandbox, hop: GatedHop) -> AsyncIterator[Office]:
    """An office with a session and a note, in which Slack is given up after a second."""
    async with opened(sqlite_store, sandbox, hop, times=SHORT, timeout_seconds=1) as running:
        await running.book("Call review", timedelta(hours=3))
        dana = running.person(DANA)
        await dana.command("/coach note call")
        await running.settle()
        page = dana.modal
        assert page
        block = next(each for each in page.values if each.startswith("text"))
        await dana.submit(page, {block: "Well done"})
        await dana.close(page)
        await dana.open_home()
        await running.settle()
        yield running


async def reached(
    office: Office, name: str, kind: Kind | None = None, *, error: str = "", times: int = 1
) -> View:
    """Reach a place while updates go wrong, and give the view on top at the end; all are closed."""
    place = PLACES[name]
    who = office.person(place.who)
    for step in place.before:
        await step(office)
        await office.front.shell.running.drain(SOON)
    if kind:
        office.sandbox.faults.add(UPDATE, kind, seconds=1.1, error=error, times=times)
    await place.last(office)
    assert await office.front.shell.running.drain(timedelta(seconds=20))
    office.sandbox.faults.clear()
    top = who.modal
    assert top
    for each in reversed(who.modals):
        await who.close(each)
    return top


def is_loading(view: View) -> bool:
    return IF_NOTHING_COMES in view.words


def test_every_place_that_opens_a_view_is_tried() -> None:
    root = Path(bot.slack.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if path.name not in ("turn.py", "lines.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("open", "push")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "turn"
    }
    assert found == {each.file for each in PLACES.values()}


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("drop_before", ""),
        ("drop_after", ""),
        ("server_error", ""),
        ("server_error_after", ""),
        ("error", "internal_error"),
        ("delay", ""),
    ],
)
async def test_a_view_comes_though_one_update_is_lost(busy: Office, kind: Kind, error: str) -> None:
    for place in PLACES:
        view = await reached(busy, place, kind, error=error)
        assert not is_loading(view), place
        assert "try again" not in view.words, place


async def test_a_view_comes_after_the_wait_that_slack_asks_for(busy: Office) -> None:
    for place in ("schedule", "admin"):
        assert not is_loading(await reached(busy, place, "ratelimited")), place
        refused, taken = busy.sandbox.calls.to(UPDATE)[-2:]
        assert taken.called_at - refused.called_at >= timedelta(seconds=1)


async def test_what_slack_refuses_is_told_in_the_view(busy: Office) -> None:
    for place in PLACES:
        view = await reached(busy, place, "error", error="invalid_arguments")
        assert "(invalid_arguments). Please close this and try again." in view.words, place


async def test_what_no_view_takes_is_told_in_a_message(busy: Office) -> None:
    for place in PLACES:
        view = await reached(busy, place, "error", error="invalid_arguments", times=2)
        assert is_loading(view), "it says what to do"
        told = busy.person(PLACES[place].who).messages[-1].words
        assert "did not open" in told, place


async def test_what_changed_or_was_closed_meanwhile_is_left_alone(busy: Office) -> None:
    for error in ("hash_conflict", "not_found"):
        for place in PLACES:
            before = len(busy.person(DANA).messages)
            assert is_loading(await reached(busy, place, "error", error=error)), place
            assert len(busy.person(DANA).messages) == before


async def test_a_wait_beyond_what_is_useful_is_told_at_once(busy: Office) -> None:
    busy.sandbox.faults.add(UPDATE, "ratelimited", seconds=60)
    assert "Please close this and try again" in (await reached(busy, "settings")).words


async def test_what_takes_too_long_here_is_told(busy: Office, hop: GatedHop) -> None:
    with hop.shut():
        assert TOO_SLOW in (await reached(busy, "schedule")).words
