"""A form that takes a moment opens at once as a loading view, and is put there when it is ready.

Whatever happens on the way, the person reads a sentence: in the view itself, by a last update of
it, or in a message. The loading view says what to do if this process ends before it can say more.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from bot.logger import get_logger
from bot.slack.blocks import kit
from bot.slack.transport.replies import reason_of
from bot.slack.turns.errors import refusal_of
from bot.slack.turns.lines import Lines, Opened

IF_NOTHING_COMES: Final = "If nothing comes in half a minute, please close this and try again."
TRY_AGAIN: Final = "Please close this and try again."
TOO_SLOW: Final = f"This takes longer than usual. {TRY_AGAIN}"
NOT_TAKEN: Final = "Slack did not take what was to be shown here"

log = get_logger(__name__)


def loading(title: str, doing: str, *, close: str = "Close") -> View:
    """Build what is seen in the moment before a form or page is there."""
    return kit.modal(title, [kit.sentence(doing), kit.small(IF_NOTHING_COMES)], close=close)


@dataclass(frozen=True, slots=True)
class Loading:
    """A loading view that was opened, for whom, and under which title."""

    user_id: str
    opened: Opened
    title: str


async def fill(lines: Lines, shown: Loading, writing: Callable[[], Awaitable[View]]) -> None:
    """Put a view, or why there is none, in the place of a loading view.

    A view that was closed, or that has changed since it was opened, is left alone. Where nothing
    can be put there, the person is told in a message.
    """
    opened = shown.opened
    try:
        async with lines.useful():
            view = await _written(shown.title, writing)
            await lines.update_view(opened.id, view, seen=opened.hash)
    except Exception as error:
        log.warning("ViewNotFilled", user=shown.user_id, reason=_reason_of(error))
        await _explain(lines, shown, _sentence_of(error))


async def _written(title: str, writing: Callable[[], Awaitable[View]]) -> View:
    try:
        return await writing()
    except Exception as error:
        return kit.note_modal(title, refusal_of(error).sentence)


def _reason_of(error: Exception) -> str:
    named = reason_of(error) if isinstance(error, SlackApiError) else ""
    return named or type(error).__name__


def _sentence_of(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return TOO_SLOW
    if isinstance(error, SlackApiError):
        return f"{NOT_TAKEN} ({_reason_of(error)}). {TRY_AGAIN}"
    return refusal_of(error).sentence


async def _explain(lines: Lines, shown: Loading, sentence: str) -> None:
    """Say it in the view; where Slack takes no update at all, in a message."""
    note, opened = kit.note_modal(shown.title, sentence), shown.opened
    try:
        await lines.update_view(opened.id, note, seen=opened.hash, is_last=True)
    except Exception:
        await lines.tell(shown.user_id, kit.note(f"“{shown.title}” did not open. {sentence}"))
