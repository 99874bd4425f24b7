"""`/coach status`: where a session stands, how it came there, and the steps that can be taken."""

from functools import partial
from typing import Final

from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.cards import SEPARATOR, lines_of
from bot.slack.blocks.targets import Target, pack, unpack
from bot.slack.blocks.words import clip, isolated
from bot.slack.lists import choosing
from bot.slack.lists.choosing import Subject
from bot.slack.messages.pressing import Deed
from bot.slack.messages.status import become, undo
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn

TITLE: Final = "Session status"
PICK: Final = "status_pick"
UNDO: Final = "status_undo"
STEPS: Final = {
    "status_start": ("Start", coaching.Status.IN_PROGRESS),
    "status_complete": ("Complete", coaching.Status.COMPLETED),
    "status_reset": ("Back to scheduled", coaching.Status.SCHEDULED),
}


def register(shell: Shell) -> None:
    """Answer `/coach status`, its menu and its steps."""
    choosing.register(shell, "status", Subject(TITLE, PICK, page_of))
    for action_id, (_, status) in STEPS.items():
        shell.on_click(action_id, partial(_step, deed=partial(become, status=status)))
    shell.on_click(UNDO, partial(_step, deed=undo))


async def _step(shell: Shell, turn: ClickTurn, *, deed: Deed) -> None:
    target = unpack(turn.value, Target)
    try:
        view = await shell.decide(turn, partial(_do, target=target, deed=deed))
    except coaching.Unavailable:
        raise
    except coaching.CoachingError:
        await _show_anew(shell, turn, target)
        raise
    await choosing.show(shell, turn, view)
    shell.changed_for(turn.user_id)


def _do(context: coaching.Context, caller: coaching.Caller, *, target: Target, deed: Deed) -> View:
    deed(context, caller, target)
    return page_of(context, caller, target.appointment_id)


async def _show_anew(shell: Shell, turn: ClickTurn, target: Target) -> None:
    """Take away the steps that no longer work; a session that is gone says so."""

    def look(context: coaching.Context, caller: coaching.Caller) -> View:
        try:
            return page_of(context, caller, target.appointment_id)
        except coaching.Unavailable:
            raise
        except coaching.CoachingError as error:
            return kit.note_modal(TITLE, error.concealed().message)

    view = await shell.ask(turn.user_id, look)
    if turn.click.view is not None:
        await shell.lines.put(turn.user_id, turn.click.view.id, view)


def page_of(context: coaching.Context, caller: coaching.Caller, appointment_id: str) -> View:
    """Write where a session stands. Raises CoachingError."""
    return view_of(coaching.status_page(context, caller, appointment_id))


def view_of(page: coaching.StatusPage) -> View:
    """Write where a session stands, with its steps, the newest below."""
    blocks = [kit.paragraph(lines_of(page.card)), *kit.row(_steps(page))]
    if page.history:
        lines = [
            (
                kit.bold(entry.words),
                kit.words(f"{SEPARATOR}{isolated(clip(entry.by, 60))}{SEPARATOR}{entry.when}"),
            )
            for entry in page.history
        ]
        blocks += (kit.divider(), kit.header("How it came here"), kit.paragraph(lines))
    return kit.modal(TITLE, blocks)


def _steps(page: coaching.StatusPage) -> list[ButtonElement]:
    allowed = {
        "status_start": coaching.Action.START in page.card.actions,
        "status_complete": coaching.Action.COMPLETE in page.card.actions,
        "status_reset": page.may_reset,
    }
    offered = [action_id for action_id in STEPS if allowed[action_id]]
    value = pack(Target(page.card.appointment_id))
    buttons = [
        kit.button(STEPS[each][0], each, value, primary=each == offered[0]) for each in offered
    ]
    if coaching.Action.UNDO_COMPLETION in page.card.actions:
        buttons.append(kit.button("Undo", UNDO, value))
    return buttons
