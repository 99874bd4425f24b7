"""The administrators' page of policies: what holds, who decided it, and the way back to default."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
)
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.admin import page as admin
from bot.slack.blocks import kit
from bot.slack.blocks.cards import SEPARATOR
from bot.slack.blocks.kit import Part
from bot.slack.blocks.targets import pack, unpack
from bot.slack.turns.payloads import Entry, SeenView
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn, SubmissionTurn

CHANGE: Final = "admin_change_policy"
DEFAULT: Final = "admin_default_policy"
SAVE: Final = "admin_save_policy"
VALUE: Final = "value"
ANSWERS: Final = ("yes", "no")


class PolicyTarget(Struct, frozen=True, omit_defaults=True):
    """The decision that a button or a form is about, and the page below the form."""

    name: str
    below: str = ""


def register(shell: Shell) -> None:
    """Answer the tab, its buttons and the form."""
    shell.on_click(admin.POLICIES, _shown)
    shell.on_click(CHANGE, _opened)
    shell.on_click(DEFAULT, _reset)
    shell.on_submission(SAVE, _saved)


async def _shown(shell: Shell, turn: ClickTurn) -> None:
    await admin.shown(shell, turn, write)


async def _opened(shell: Shell, turn: ClickTurn) -> None:
    name = unpack(turn.value, PolicyTarget).name
    below = turn.click.view.id if turn.click.view else ""
    await admin.pushed(shell, turn, partial(_form, target=PolicyTarget(name, below)))


def _form(context: coaching.Context, caller: coaching.Caller, *, target: PolicyTarget) -> View:
    return form(coaching.policy_line(context, caller, target.name), target.below)


async def _reset(shell: Shell, turn: ClickTurn) -> None:
    name = unpack(turn.value, PolicyTarget).name
    await admin.shown(shell, turn, partial(_forget, name=name))


def _forget(context: coaching.Context, caller: coaching.Caller, *, name: str) -> View:
    coaching.decide_policy(context, caller, name, None)
    return write(context, caller)


async def _saved(shell: Shell, turn: SubmissionTurn) -> None:
    target = msgspec.json.decode(turn.submission.view.private_metadata, type=PolicyTarget)
    saving = partial(_save, name=target.name, typed=read(turn.submission.view))
    await admin.saved(shell, turn, saving, below=target.below, writing=write)


def _save(context: coaching.Context, caller: coaching.Caller, *, name: str, typed: str) -> None:
    coaching.decide_policy(context, caller, name, typed)


def read(view: SeenView) -> str:
    """Read what was typed or chosen."""
    values = view.state.values if view.state else {}
    entry = values.get(VALUE, {}).get(admin.TYPED, Entry())
    return entry.selected_option.value if entry.selected_option else entry.value or ""


def write(context: coaching.Context, caller: coaching.Caller) -> View:
    """Write the page of policies. Raises CoachingError."""
    return view_of(coaching.policies_page(context, caller))


def view_of(lines: Sequence[coaching.PolicyLine]) -> View:
    """Build the page of policies."""
    intro = "These hold for everybody. A change holds for sessions that are planned already, too."
    return admin.page(
        admin.POLICIES, [kit.sentence(intro), *(block for each in lines for block in _line(each))]
    )


def _line(line: coaching.PolicyLine) -> Iterator[Block]:
    said: list[Sequence[Part]] = [(kit.bold(line.title), kit.words(f"{SEPARATOR}{line.said}"))]
    if line.is_decided:
        said.append((kit.faint(f"Changed here. Default: {line.said_by_default}"),))
    yield kit.paragraph(said)
    yield from kit.row(_buttons(line))


def _buttons(line: coaching.PolicyLine) -> list[ButtonElement]:
    value = pack(PolicyTarget(line.name))
    buttons = [kit.button("Change", CHANGE, value, spoken=f"Change: {line.title}")]
    if line.is_decided:
        spoken = f"Back to default: {line.title}"
        buttons.append(kit.button("Back to default", DEFAULT, value, spoken=spoken))
    return buttons


def form(line: coaching.PolicyLine, below: str) -> View:
    """Build the form for one decision."""
    field = InputBlock(
        block_id=VALUE,
        label=kit.plain(line.title),
        element=_answers(line) if line.is_yes_or_no else _typed(line),
        hint=kit.plain(line.sentence),
        optional=not line.is_yes_or_no,
    )
    return kit.modal(
        "Policy",
        [field, kit.small(f"Default: {line.said_by_default}.")],
        submit="Save",
        close="Back",
        callback_id=SAVE,
        notes=pack(PolicyTarget(line.name, below)),
    )


def _typed(line: coaching.PolicyLine) -> PlainTextInputElement:
    return PlainTextInputElement(
        action_id=admin.TYPED, initial_value=line.typed or None, max_length=100
    )


def _answers(line: coaching.PolicyLine) -> RadioButtonsElement:
    options = {each: Option(text=kit.plain(each.capitalize(), 75), value=each) for each in ANSWERS}
    return RadioButtonsElement(
        action_id=admin.TYPED,
        options=list(options.values()),
        initial_option=options.get(line.typed),
    )
