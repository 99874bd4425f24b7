"""Use case: whose sessions a list means, and of which days, on the clocks of whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied, Invalid
from bot.coaching.ground.lookup import access_of, reader_of
from bot.coaching.ground.values import Caller
from bot.coaching.reading.whose import NO_TEAM, Whose, team_of
from bot.coaching.times.periods import Period, read_period
from bot.coaching.times.when import NotUnderstood
from storage.types import Relationship


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScope:
    """The people and the days of a list; None asks nothing."""

    person_ids: Sequence[str] | None = None
    relationships: Sequence[Relationship] | None = None
    period: Period | None = None


def list_scope(
    context: Context, caller: Caller, *, whose: Whose = Whose.ANYBODY, period: str = ""
) -> ListScope:
    """Find the people and read the days that a list means.

    `me` is where one takes part or organizes, `team` where those take part whom one’s role covers.
    Raises Invalid for days that are not understood, Denied without a team, Unavailable.
    """
    with context.read() as tx:
        reader = reader_of(tx, caller)
        days = _days(period, reader.timezone, context) if period else None
        if whose is Whose.ANYBODY:
            return ListScope(period=days)
        if whose is Whose.ME:
            return ListScope(person_ids=(reader.id,), period=days)
        team = team_of(tx, access_of(tx, caller))
    if not team:
        raise Denied(NO_TEAM)
    taking_part = (Relationship.ATTENDEE, Relationship.FACILITATOR)
    return ListScope(person_ids=tuple(team), relationships=taking_part, period=days)


def _days(text: str, zone: str, context: Context) -> Period:
    period = read_period(text, zone=zone, now=context.clock())
    if isinstance(period, NotUnderstood):
        raise Invalid(period.message, field="period")
    return period
