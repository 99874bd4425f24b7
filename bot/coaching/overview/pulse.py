"""Use case: has anything changed? One cheap read, made to be asked every other second."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from bot.coaching.ground.context import Context


class Pulse(NamedTuple):
    """Differs from an earlier one when anything was done since, by whomever."""

    last_deed: int
    """The number of the audit trail's last entry."""
    last_told_at: datetime | None
    """When one of those who are watched last got a notification: a reminder is nobody's deed."""


def pulse(context: Context, slack_user_ids: Collection[str] = ()) -> Pulse:
    """Tell how far things have come, for the accounts that watch. Raises Unavailable."""
    with context.read() as tx:
        return Pulse(*tx.audit.latest(slack_user_ids))
