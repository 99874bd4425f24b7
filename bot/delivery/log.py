"""What the delivery writes to the log: keys and values; never a message's text, never a name."""

import logging
import traceback
from collections.abc import Sequence
from pathlib import Path

from bot.coaching.ground.errors import CoachingError, Unavailable
from bot.coaching.ground.failures import reference_of
from bot.correlation import correlated
from bot.delivery.outcomes import GiveUp, Outcome, Sent, TryLater, Unsure
from storage.records import Delivery

logger = logging.getLogger("bot.delivery")


def name_of(delivery: Delivery) -> str:
    """Name a promise in the log, so that all that is done for it is found together."""
    return reference_of(delivery.id)


def describe(error: BaseException) -> str:
    """Name an error and its place without its message, which may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
    return f"{type(error).__name__} at={place}"


def write_failure(event: str, error: CoachingError) -> None:
    """Log that work failed; what is wrong with the database is told once, where that is seen."""
    is_told = isinstance(error, Unavailable) and error.reason is not None
    logger.log(
        logging.DEBUG if is_told else logging.WARNING, "event=%s error=%s", event, error.code
    )


def write_trouble(event: str, delivery: Delivery, error: BaseException) -> None:
    """Log that a step failed for one promise."""
    with correlated(name_of(delivery)):
        logger.error("event=%s delivery=%d error=%s", event, delivery.id, describe(error))


def write_retired(deliveries: Sequence[Delivery]) -> None:
    """Log that promises no longer hold."""
    for each in deliveries:
        logger.info("event=Stale delivery=%d kind=%s", each.id, each.kind)


def write_untried(delivery: Delivery) -> None:
    """Log that a promise was handed back because its lease could end during a try."""
    logger.warning("event=Untried delivery=%d", delivery.id)


def write_outcome(delivery: Delivery, outcome: Outcome) -> None:
    """Log how a try ended."""
    level = logging.INFO if isinstance(outcome, Sent) else logging.WARNING
    reason = _reason(outcome)
    logger.log(
        level,
        "event=%s delivery=%d kind=%s attempt=%d%s",
        type(outcome).__name__,
        delivery.id,
        delivery.kind,
        delivery.attempts,
        f" reason={reason!r}" if reason else "",
    )


def write_refreshed(delivery: Delivery, outcome: Outcome) -> None:
    """Log how showing a message anew ended."""
    level = logging.DEBUG if isinstance(outcome, Sent) else logging.WARNING
    logger.log(
        level,
        "event=Refreshed delivery=%d outcome=%s reason=%r",
        delivery.id,
        type(outcome).__name__,
        _reason(outcome),
    )


def _reason(outcome: Outcome) -> str | None:
    match outcome:
        case TryLater(reason=reason) | Unsure(reason=reason) | GiveUp(reason=reason):
            return reason
        case Sent():
            return None
