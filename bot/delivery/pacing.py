"""How fast messages may leave: per person's channel and for the whole workspace.

The pace is a row of the database that all senders move forward, so that replicas share it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.delivery.outcomes import Scope
from storage.deliveries import Deliveries

WORKSPACE = "workspace"


def channel(person_id: str) -> str:
    """Name the pace of one person's channel."""
    return f"channel:{person_id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place for one message."""

    person_id: str
    is_general: bool = False
    """Whether it is about a day or a week, and can wait for the even pace."""

    @property
    def key(self) -> str:
        """Name the pace of its reader's channel."""
        return channel(self.person_id)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long messages have to wait for their places, and what these take up."""

    waits: list[timedelta]
    taken: Counter[str]
    """How many places in the pace of each channel."""
    behind: Mapping[str, timedelta]
    """How long each pace was not free before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The time between two messages; zero: no limit. A pause that was asked for always holds."""

    per_channel: timedelta = timedelta(seconds=1)
    per_workspace: timedelta = timedelta(milliseconds=250)
    burst: int = 5
    """So many messages may leave the workspace together after a quiet while."""

    @property
    def tolerance(self) -> timedelta:
        """How far ahead of its pace the workspace may be."""
        return self.per_workspace * (self.burst - 1)

    def places_from(self, behind: timedelta, at_most: timedelta, most: int) -> int:
        """Count the places in `at_most` when the workspace's pace is so far behind."""
        spare = at_most + self.tolerance - behind
        if spare < timedelta(0):
            return 0
        return min(most, spare // self.per_workspace + 1) if self.per_workspace else most

    def general_places_from(self, behind: timedelta, most: int) -> int:
        """Count the places for what can wait: those of the even pace, so that its slack is free.

        Whatever becomes due meanwhile finds that slack, and leaves at once.
        """
        if not self.per_workspace:
            return most
        return max(min(most, (self.per_workspace - behind) // self.per_workspace + 1), 0)

    def plan(self, deliveries: Deliveries, wanted: Sequence[Wanted], *, at_most: timedelta) -> Plan:
        """Lay out one after the other how long each message has to wait for its place.

        A wait longer than `at_most` has no place, so that nothing is used up by not sending.
        """
        behind = deliveries.waits([WORKSPACE, *{each.key for each in wanted}])
        free, waits, taken = dict(behind), list[timedelta](), Counter[str]()
        for each in wanted:
            shared = free[WORKSPACE] if each.is_general else self._eased(free[WORKSPACE])
            wait = max(free[each.key], shared)
            waits.append(wait)
            if wait <= at_most:
                free[each.key] += self.per_channel
                free[WORKSPACE] += self.per_workspace
                taken[each.key] += 1
        return Plan(waits, taken, behind)

    def take(self, deliveries: Deliveries, plan: Plan) -> timedelta:
        """Take the places; answers how much later they are where somebody else was quicker."""
        # The row that all senders share comes last: it is held for the shortest time. The others
        # are in one order for all, so that senders cannot wait for each other in a circle.
        paces = [(key, self.per_channel, plan.taken[key]) for key in sorted(plan.taken)]
        paces.append((WORKSPACE, self.per_workspace, plan.taken.total()))
        late = timedelta(0)
        for key, every, places in paces:
            if every and places:
                wait = deliveries.reserve(key, every=every, places=places)
                late = max(late, wait - plan.behind[key])
        return late

    def pause(
        self, deliveries: Deliveries, person_id: str, *, scope: Scope, span: timedelta
    ) -> None:
        """Let nothing leave for the channel or the workspace until the span is over."""
        if scope is Scope.CHANNEL:
            deliveries.pause(channel(person_id), span)
        elif scope is Scope.WORKSPACE:
            deliveries.pause(WORKSPACE, span + self.tolerance)

    def _eased(self, wait: timedelta) -> timedelta:
        return max(wait - self.tolerance, timedelta(0))
