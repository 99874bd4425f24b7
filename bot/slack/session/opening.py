"""The session form: it opens at once, its tabs turn without losing a letter, and it saves once.

What is typed is kept in a draft, so that a form that was closed by accident goes on where it was.
Whoever schedules hears of it by a message, like everybody else; the form only closes.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks.cards import OPEN
from bot.slack.blocks.targets import Target, unpack
from bot.slack.lists import choosing
from bot.slack.lists.choosing import Subject
from bot.slack.session import acts as session_acts
from bot.slack.session import form as session_form
from bot.slack.session.acts import Start, Starting
from bot.slack.session.buttons import register_buttons
from bot.slack.session.desks import Desks
from bot.slack.session.frame import NEW
from bot.slack.session.request import starting_from
from bot.slack.session.sending import Sending
from bot.slack.turns.loading import Loading, fill
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import ClickTurn, CommandTurn, Place, ShortcutTurn

OPEN_NEW: Final = "open_schedule"
PICK: Final = "session_pick"
AnyOpening = CommandTurn | ClickTurn | ShortcutTurn
Prefilling = Callable[[coaching.Context, coaching.Caller], coaching.Prefill]


def register(shell: Shell) -> None:
    """Answer the commands, the buttons that open the form, and everything in it."""
    desks = Desks()
    shell.on_subcommand("schedule", _command)
    shell.on_click(OPEN_NEW, _open_new)
    shell.on_click(OPEN, _open)
    subject = Subject(session_form.title_of(""), PICK, page_of)
    choosing.register(shell, "edit", subject)
    shell.on_submission(session_form.CALLBACK, Sending(desks).sent)
    register_buttons(shell, desks)


async def begin(shell: Shell, turn: AnyOpening, *, prefilling: Prefilling) -> None:
    """Open the form for a new session, filled in by a use case that runs once it is open."""

    def start(context: coaching.Context, caller: coaching.Caller) -> Start:
        return Start(prefilling(context, caller))

    await open_over(shell, turn, NEW, start)


async def open_over(
    shell: Shell, turn: AnyOpening, subject: str, starting: Starting | None = None
) -> None:
    """Open the form over whatever the person sees, and fill it in when it is ready."""
    loading = session_form.loading(subject)
    if isinstance(turn, ClickTurn) and turn.place is Place.MODAL:
        opened = await turn.push(loading)
    else:
        opened = await turn.open(loading)
    if opened is not None:
        writing = partial(session_acts.begin, subject=subject, starting=starting)

        async def form() -> View:
            return session_form.form(await shell.ask(turn.user_id, writing))

        shown = Loading(turn.user_id, opened, session_form.title_of(subject))
        shell.running.beside(fill(shell.lines, shown, form))


def page_of(context: coaching.Context, caller: coaching.Caller, appointment_id: str) -> View:
    """Write the form of a session. Raises CoachingError."""
    shown = session_acts.begin(context, caller, subject=appointment_id, starting=None)
    return session_form.form(shown)


async def _command(shell: Shell, turn: CommandTurn) -> None:
    await open_over(shell, turn, NEW, starting_from(turn.rest))


async def _open_new(shell: Shell, turn: ClickTurn) -> None:
    await open_over(shell, turn, NEW)


async def _open(shell: Shell, turn: ClickTurn) -> None:
    await open_over(shell, turn, unpack(turn.value, Target).appointment_id)
