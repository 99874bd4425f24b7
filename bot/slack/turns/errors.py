"""The one way from an error to the person: a refusal in its own words, anything else in kind ones.

Refusals are worded by the use cases. What nobody expected is logged under a short reference, and
the person is told the reference and nothing else.
"""

import secrets
from dataclasses import dataclass
from typing import Final

import msgspec

from bot import coaching
from bot.logger import get_logger
from bot.slack.turns.lines import TooLate

OUTDATED: Final = "This button is from an older version. Please open it again."

log = get_logger(__name__)


class Outdated(Exception):
    """A button that nobody listens to any more."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a person is told, and at which field."""

    sentence: str
    field: str | None = None


def refusal_of(error: Exception) -> Refusal:
    """Find the words for an error, hiding what the person must not learn (contract, 4.4)."""
    if isinstance(error, coaching.CoachingError):
        shown = error.concealed()
        return Refusal(shown.message, shown.field)
    if isinstance(error, TooLate):
        return Refusal("That took a moment too long for Slack. Please try once more.")
    if isinstance(error, Outdated | msgspec.MsgspecError):
        log.warning("Outdated", exc_info=error)
        return Refusal(OUTDATED)
    return Refusal(
        "Something went wrong on our side, and nothing was changed as far as we know. "
        f"Please try again. If it keeps happening, tell your administrator: {write_down(error)}."
    )


def write_down(error: Exception) -> str:
    """Log what nobody expected; answers the reference under which it is found."""
    reference = secrets.token_hex(4)
    log.error("Unexpected", reference=reference, exc_info=error)
    return reference
