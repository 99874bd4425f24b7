"""What the delivery writes to the log: keys and values; never a message's text, never a name."""

import logging
from collections.abc import Sequence

from bot.coaching.ground.errors import CoachingError, Unavailable
from bot.coaching.ground.failures import reference_of
from bot.correlation import correlated
from bot.delivery.outcomes import GiveUp, Outcome, Sent, TryLater, Unsure
from bot.logger import get_logger
from storage.records import Delivery

logger = get_logger("bot.delivery")


def name_of(delivery: Delivery) -> str:
    """Name a promise in the log, so that all that is done for it is found together."""
    return reference_of(delivery.id)


def write_failure(event: str, error: CoachingError) -> None:
    """Log that work failed; what is wrong with the database is told once, where that is seen."""
    is_told = isinstance(error, Unavailable) and error.reason is not None
    logger.log(logging.DEBUG if is_told else logging.WARNING, event, error=error.code)


def write_trouble(event: str, delivery: Delivery, error: BaseException) -> None:
    """Log that a step failed for one promise."""
    with correlated(name_of(delivery)):
        logger.error(event, delivery=delivery.id, exc_info=error)


def write_retired(deliveries: Sequence[Delivery]) -> None:
    """Log that promises no longer hold."""
    for each in deliveries:
        logger.info("Stale", delivery=each.id, kind=each.kind)


def write_doubt(count: int) -> None:
    """Log that the database may have been set back, where something is in doubt by that."""
    level = logging.WARNING if count else logging.INFO
    logger.log(level, "DatabaseDoubted", promises=count)


def write_untried(delivery: Delivery) -> None:
    """Log that a promise was handed back because its lease could end during a try."""
    logger.warning("Untried", delivery=delivery.id)


def write_outcome(delivery: Delivery, outcome: Outcome) -> None:
    """Log how a try ended."""
    level = logging.INFO if isinstance(outcome, Sent) else logging.WARNING
    reason = _reason(outcome)
    logger.log(
        level,
        type(outcome).__name__,
        delivery=delivery.id,
        kind=delivery.kind,
        attempt=delivery.attempts,
        **({"reason": reason} if reason else {}),
    )


def write_refreshed(delivery: Delivery, outcome: Outcome) -> None:
    """Log how showing a message anew ended."""
    level = logging.DEBUG if isinstance(outcome, Sent) else logging.WARNING
    logger.log(
        level,
        "Refreshed",
        delivery=delivery.id,
        outcome=type(outcome).__name__,
        reason=_reason(outcome),
    )


def _reason(outcome: Outcome) -> str | None:
    match outcome:
        case TryLater(reason=reason) | Unsure(reason=reason) | GiveUp(reason=reason):
            return reason
        case Sent():
            return None
