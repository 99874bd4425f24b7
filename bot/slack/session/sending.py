"""The session form is sent: it is saved once, and what is refused is said where it is corrected."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from slack_sdk.models.views import View

from bot import coaching
from bot.slack.session import deeds as session_deeds
from bot.slack.session import form as session_form
from bot.slack.session import schedule as session_schedule
from bot.slack.session.acts import Ended, with_problem
from bot.slack.session.desks import Desks
from bot.slack.session.frame import Carried, Shown, Told
from bot.slack.turns.errors import Refusal, refusal_of
from bot.slack.turns.payloads import SeenView
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import SubmissionTurn

SAVED: Final = "Your session is saved."
NOTE_ADDED: Final = "Your note is added."


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent is not saved: why, and the form in which to correct it."""

    refusal: Refusal
    shown: Shown | Ended
    is_taken: bool = False
    """Whether the time was taken meanwhile."""


class Sending:
    """Saves a form that is sent, after whatever is still being kept of it."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def sent(self, shell: Shell, turn: SubmissionTurn) -> None:
        """Save the form, or say what is wrong where it can be corrected."""
        view = turn.submission.view
        carried, told = session_form.read(view)
        desk = self._desks.of(view.id)
        desk.forget()
        turn.again = lambda sentence: _ended(carried, view, sentence)
        refused = await self._save(shell, turn, carried, told)
        if refused is None:
            desk.close()
            await turn.close(NOTE_ADDED if _is_note_alone(told) else SAVED)
            shell.changed_for(turn.user_id)
        else:
            await _correct(turn, carried, refused)

    async def _save(
        self, shell: Shell, turn: SubmissionTurn, carried: Carried, told: Told
    ) -> Refused | None:
        saving = partial(save, carried=carried, told=told)
        return await shell.decide(turn, saving)


def _is_note_alone(told: Told) -> bool:
    return isinstance(told.changes.note, str) and bool(told.changes.note)


async def _correct(turn: SubmissionTurn, carried: Carried, refused: Refused) -> None:
    """Say what is wrong beneath its field; else bring up the tab on which it can be corrected."""
    view, refusal = turn.submission.view, refused.refusal
    place = session_form.place_of(view, carried, refusal.field)
    if isinstance(refused.shown, Ended):
        shown = _ended(carried, view, refused.shown.sentence)
    else:
        shown = session_form.form(refused.shown)
    if turn.is_held:
        turn.again = lambda _sentence: shown
        await turn.refuse(refusal.sentence)
    elif place and not refused.is_taken:
        await turn.refuse(refusal.sentence, place)
    else:
        await turn.update(shown)


def _ended(carried: Carried, view: SeenView, sentence: str) -> View:
    return session_form.ended(carried.subject, sentence, session_form.words_in(view))


def save(
    context: coaching.Context, caller: coaching.Caller, *, carried: Carried, told: Told
) -> Refused | None:
    """Save the form; what is refused is said where it can be corrected. Raises Unavailable."""
    try:
        kept = session_deeds.attach_all(context, caller, carried, told)
        if kept.wrong is not None:
            return Refused(kept.wrong, session_deeds.shown_of(context, caller, kept, kept.carried))
        token = carried.submission or None
        subject, changes = carried.subject, told.changes
        coaching.save_form(context, caller, subject, submission=token, told=changes)
    except coaching.Unavailable:
        raise
    except coaching.CoachingError as error:
        return _refused(context, caller, (carried, told), error)
    return None


def _refused(
    context: coaching.Context,
    caller: coaching.Caller,
    sent: tuple[Carried, Told],
    error: coaching.CoachingError,
) -> Refused:
    refusal = refusal_of(error)
    is_taken = isinstance(error, coaching.Conflict) and refusal.field in session_schedule.WHEN
    shown = with_problem(context, caller, sent, refusal, is_taken=is_taken)
    return Refused(refusal, shown, is_taken)
