"""The administrators' page of divisions, and the form that names one."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.admin import page as admin
from bot.slack.blocks import kit
from bot.slack.blocks.targets import pack, unpack
from bot.slack.blocks.words import clip, isolated
from bot.slack.turns.payloads import Entry
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn, SubmissionTurn

ADD: Final = "admin_add_division"
RENAME: Final = "admin_rename_division"
SAVE: Final = "admin_save_division"
PREVIOUS: Final = "admin_divisions_previous"
NEXT: Final = "admin_divisions_next"
NAME: Final = "name"
PAGE_SIZE: Final = 20
LONGEST_NAME: Final = 255


class Naming(Struct, frozen=True, omit_defaults=True):
    """The division that is named, none for a new one; and the page below."""

    division_id: str = ""
    below: str = ""
    page: int = 1


class DivisionsShown(Struct, frozen=True, omit_defaults=True):
    """Which page of the divisions is shown."""

    page: int = 1


def register(shell: Shell) -> None:
    """Answer the tab, its buttons and the form."""
    for action_id in (admin.DIVISIONS, PREVIOUS, NEXT):
        shell.on_click(action_id, _turned)
    shell.on_click(ADD, _named)
    shell.on_click(RENAME, _named)
    shell.on_submission(SAVE, _saved)


async def _turned(shell: Shell, turn: ClickTurn) -> None:
    number = 1 if turn.value == admin.DIVISIONS else unpack(turn.value, DivisionsShown).page
    await admin.shown(shell, turn, partial(write, number=number))


async def _named(shell: Shell, turn: ClickTurn) -> None:
    asked = unpack(turn.value, Naming)
    below = turn.click.view.id if turn.click.view else ""
    naming = Naming(asked.division_id, below, asked.page)
    await admin.pushed(shell, turn, partial(_form, naming=naming))


def _form(context: coaching.Context, caller: coaching.Caller, *, naming: Naming) -> View:
    divisions = coaching.divisions_page(context, caller).divisions
    name = next((each.name for each in divisions if each.division_id == naming.division_id), "")
    return form(naming, name)


async def _saved(shell: Shell, turn: SubmissionTurn) -> None:
    view = turn.submission.view
    naming = msgspec.json.decode(view.private_metadata, type=Naming)
    values = view.state.values if view.state else {}
    name = values.get(NAME, {}).get(admin.TYPED, Entry()).value or ""
    turn.again = lambda problem: form(naming, name, problem=problem)
    saving = partial(_save, naming=naming, name=name)
    writing = partial(write, number=naming.page)
    await admin.saved(shell, turn, saving, below=naming.below, writing=writing)


def _save(context: coaching.Context, caller: coaching.Caller, *, naming: Naming, name: str) -> None:
    if naming.division_id:
        coaching.rename_division(context, caller, naming.division_id, name)
    else:
        coaching.add_division(context, caller, name)


def write(context: coaching.Context, caller: coaching.Caller, *, number: int = 1) -> View:
    """Write a page of divisions. Raises CoachingError."""
    return view_of(coaching.divisions_page(context, caller), number)


def view_of(page: coaching.DivisionsPage, number: int = 1) -> View:
    """Build a page of divisions."""
    total = len(page.divisions)
    number = min(max(number, 1), max(-(-total // PAGE_SIZE), 1))
    shown = page.divisions[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    blocks = [block for each in shown for block in _line(each, number)]
    blocks += kit.pager(
        PREVIOUS, NEXT, coaching.Page(shown, total, number, PAGE_SIZE), DivisionsShown
    )
    if page.has_everything:
        blocks += kit.row([kit.button("Add a division", ADD, pack(Naming(page=number)))])
    return admin.page(admin.DIVISIONS, blocks, has_everything=page.has_everything)


def _line(line: coaching.DivisionLine, number: int) -> Iterator[Block]:
    people = "1 person" if line.people == 1 else f"{line.people:,} people"
    name = isolated(clip(line.name, 200))
    yield kit.paragraph([(kit.bold(name), kit.words(f"  {people}"))])
    value = pack(Naming(line.division_id, page=number))
    yield from kit.row([kit.button("Rename", RENAME, value, spoken=f"Rename {line.name}")])


def form(naming: Naming, name: str, *, problem: str | None = None) -> View:
    """Build the form that names a division."""
    field = PlainTextInputElement(
        action_id=admin.TYPED, initial_value=name or None, max_length=LONGEST_NAME
    )
    above = (kit.sentence(f"⚠️ {problem}"),) if problem else ()
    return kit.modal(
        "Rename division" if naming.division_id else "New division",
        [*above, InputBlock(block_id=NAME, label=kit.plain("Name"), element=field)],
        submit="Save",
        close="Back",
        callback_id=SAVE,
        notes=pack(naming),
    )
