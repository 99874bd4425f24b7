"""The administrators' page of roles, and the form for what one role may do."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.admin import page as admin
from bot.slack.blocks import kit
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, isolated
from bot.slack.turns.payloads import SeenView
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn, SubmissionTurn

PICK: Final = "admin_role"
SAVE: Final = "admin_save_role"
PERMISSIONS: Final = "permissions"
MOST: Final = 100


class CarriedRole(Struct, frozen=True):
    """What the form carries: its role, and the page below."""

    name: str
    below: str


def register(shell: Shell) -> None:
    """Answer the tab, its menu and the form."""
    shell.on_click(admin.ROLES, _shown)
    shell.on_click(PICK, _picked)
    shell.on_submission(SAVE, _saved)


async def _shown(shell: Shell, turn: ClickTurn) -> None:
    await admin.shown(shell, turn, write)


async def _picked(shell: Shell, turn: ClickTurn) -> None:
    below = turn.click.view.id if turn.click.view else ""
    await admin.pushed(shell, turn, partial(_form, key=turn.value, below=below))


def _form(context: coaching.Context, caller: coaching.Caller, *, key: str, below: str) -> View:
    """Write the form for the role that was picked. Raises CoachingError."""
    roles = coaching.roles_page(context, caller)
    name = next((each.name for each in roles if admin.short(each.name) == key), "")
    return form(coaching.role_page(context, caller, name), below)


async def _saved(shell: Shell, turn: SubmissionTurn) -> None:
    view = turn.submission.view
    carried = msgspec.json.decode(view.private_metadata, type=CarriedRole)
    saving = partial(_save, name=carried.name, allowed=read(view))
    await admin.saved(shell, turn, saving, below=carried.below, writing=write)


def _save(
    context: coaching.Context, caller: coaching.Caller, *, name: str, allowed: frozenset[str]
) -> None:
    coaching.change_role(context, caller, name, allowed)


def read(view: SeenView) -> frozenset[str]:
    """Read what a form allows."""
    values = view.state.values if view.state else {}
    return frozenset(
        each.value
        for fields in values.values()
        for entry in fields.values()
        for each in entry.selected_options
    )


def write(context: coaching.Context, caller: coaching.Caller) -> View:
    """Write the page of roles. Raises CoachingError."""
    return view_of(coaching.roles_page(context, caller))


def view_of(roles: Sequence[coaching.RoleLine]) -> View:
    """Build the page of roles."""
    shown = roles[:MOST]
    lines = [
        (
            kit.bold(isolated(clip(each.name, 60))),
            kit.words(f"  {each.allowed} of {each.everything} permissions"),
        )
        for each in shown
    ]
    options = [
        Option(text=kit.plain(isolated(clip(each.name, 70)), 75), value=admin.short(each.name))
        for each in shown
    ]
    menu = StaticSelectElement(
        action_id=PICK, placeholder=kit.plain("Open a role"), options=options
    )
    return admin.page(
        admin.ROLES,
        [
            kit.sentence("What each role may do. A person holds a role over divisions."),
            *((kit.paragraph(lines), ActionsBlock(elements=[menu])) if options else ()),
        ],
    )


def form(page: coaching.RolePage, below: str) -> View:
    """Build the form for what one role may do."""
    return kit.modal(
        "Role",
        [
            kit.header(isolated(clip(page.name, 140))),
            *_boxes(page),
            kit.small("This changes at once for everybody who holds the role."),
        ],
        submit="Save",
        close="Back",
        callback_id=SAVE,
        notes=pack(CarriedRole(page.name, below)),
    )


def _boxes(page: coaching.RolePage) -> Iterator[Block]:
    for number, group in enumerate(page.groups):
        options = [_option(each) for each in group.choices]
        ticked = [
            shown for shown, each in zip(options, group.choices, strict=True) if each.is_allowed
        ]
        yield InputBlock(
            block_id=PERMISSIONS if number == 0 else f"{PERMISSIONS}_{number}",
            label=kit.plain(group.title),
            element=CheckboxesElement(
                action_id=admin.TYPED, options=options, initial_options=ticked or None
            ),
            optional=True,
        )


def _option(choice: coaching.PermissionChoice) -> Option:
    return Option(text=kit.plain(choice.words, 75), value=choice.permission)
