"""`/coach admin`: people, divisions, roles and policies, for those who administer them.

The page opens at once and is filled by what the use cases answer; whoever administers nothing
gets one sentence and nothing else. One page lies below, and one form at most above it.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Final, TypeVar

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.lists.choosing import show
from bot.slack.turns.errors import refusal_of
from bot.slack.turns.lines import Opened
from bot.slack.turns.loading import Loading, fill, loading
from bot.slack.turns.shell import Shell, UseCase
from bot.slack.turns.turn import ClickTurn, CommandTurn, SubmissionTurn

TITLE: Final = "Administration"
PEOPLE: Final = "admin_people"
DIVISIONS: Final = "admin_divisions"
ROLES: Final = "admin_roles"
POLICIES: Final = "admin_policies"
TABS: Final = (
    (PEOPLE, "People"),
    (DIVISIONS, "Divisions"),
    (ROLES, "Roles"),
    (POLICIES, "Policies"),
)
FOR_ALL: Final = frozenset((ROLES, POLICIES))
"""The tabs of those who administer every division."""
LOOKING: Final = "Looking…"
TYPED: Final = "typed"

T = TypeVar("T")


def tabs(here: str, *, has_everything: bool) -> Block:
    """The row that leads from one tab to another."""
    return ActionsBlock(
        block_id="tabs",
        elements=[
            _tab(action_id, label, is_here=action_id == here)
            for action_id, label in TABS
            if has_everything or action_id not in FOR_ALL
        ],
    )


def _tab(action_id: str, label: str, *, is_here: bool) -> ButtonElement:
    spoken = f"{label}, shown now" if is_here else f"Show {label.lower()}"
    return kit.button(label, action_id, action_id, primary=is_here, spoken=spoken)


def page(
    here: str,
    blocks: Sequence[Block],
    *,
    has_everything: bool = True,
    search: str | None = None,
    notes: str | None = None,
) -> View:
    """A tab's page; `search` names the form that it is where one can look for something."""
    return kit.modal(
        TITLE,
        [tabs(here, has_everything=has_everything), *blocks],
        submit="Search" if search else None,
        callback_id=search,
        notes=notes,
    )


@lru_cache(maxsize=1_000)
def short(name: str) -> str:
    """Name a role in the little room of an option, however long its own name is."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


async def opened(shell: Shell, turn: CommandTurn, writing: UseCase[View]) -> None:
    """Open the page at once, and fill it."""
    _begin(shell, turn, await turn.open(loading(TITLE, LOOKING)), writing)


async def shown(shell: Shell, turn: ClickTurn, writing: UseCase[View]) -> None:
    """Put a page in the place of the one that was acted on."""
    await show(shell, turn, await shell.decide(turn, writing))


async def pushed(shell: Shell, turn: ClickTurn, writing: UseCase[View]) -> None:
    """Lay a form over the page at once, and fill it."""
    _begin(shell, turn, await turn.push(loading(TITLE, LOOKING)), writing)


async def saved(
    shell: Shell, turn: SubmissionTurn, saving: UseCase[T], *, below: str, writing: UseCase[View]
) -> None:
    """Save a form, close it, and show the page below as it is now."""
    view = await shell.decide(turn, partial(save, saving=saving, writing=writing))
    await turn.close("That is saved.")
    await shell.lines.put(turn.user_id, below, view)


def save(
    context: coaching.Context,
    caller: coaching.Caller,
    *,
    saving: Callable[[coaching.Context, coaching.Caller], T],
    writing: Callable[[coaching.Context, coaching.Caller], View],
) -> View:
    """Save, and write the page anew; what is saved stays so where that can't be shown any more."""
    saving(context, caller)
    try:
        return writing(context, caller)
    except coaching.CoachingError as error:
        return kit.note_modal(TITLE, refusal_of(error).sentence)


def _begin(
    shell: Shell, turn: CommandTurn | ClickTurn, opened: Opened | None, writing: UseCase[View]
) -> None:
    """Fill a loading view, unless the same act opened it before."""
    if opened is not None:
        asking = partial(shell.ask, turn.user_id, writing)
        shell.running.beside(fill(shell.lines, Loading(turn.user_id, opened, TITLE), asking))
