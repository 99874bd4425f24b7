"""How fast messages may leave: per person's channel and for the whole workspace.

The pace is a row of the database that all senders move forward, so that replicas share it.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.delivery.outcomes import Scope
from storage.deliveries import Deliveries

WORKSPACE = "workspace"


def channel(person_id: str) -> str:
    """Name the pace of one person's channel."""
    return f"channel:{person_id}"


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

    def places(self, deliveries: Deliveries, *, at_most: timedelta, most: int) -> int:
        """Count the messages that may leave the workspace before `at_most` is over."""
        return self.places_from(deliveries.waits([WORKSPACE])[WORKSPACE], at_most, most)

    def places_from(self, behind: timedelta, at_most: timedelta, most: int) -> int:
        """Count the places in `at_most` when the workspace's pace is so far behind."""
        spare = at_most + self.tolerance - behind
        if spare < timedelta(0):
            return 0
        return min(most, spare // self.per_workspace + 1) if self.per_workspace else most

    def reserve(self, deliveries: Deliveries, person_id: str, *, at_most: timedelta) -> timedelta:
        """Take a place for one message; answers how long to wait for it.

        A wait longer than `at_most` takes no place, so that nothing is used up by not sending.
        """
        key = channel(person_id)
        waits = deliveries.waits([key, WORKSPACE])
        wait = max(waits[key], self._eased(waits[WORKSPACE]))
        if wait <= at_most:
            wait = max(wait, self._take(deliveries, key))
        return wait

    def pause(
        self, deliveries: Deliveries, person_id: str, *, scope: Scope, span: timedelta
    ) -> None:
        """Let nothing leave for the channel or the workspace until the span is over."""
        if scope is Scope.CHANNEL:
            deliveries.pause(channel(person_id), span)
        elif scope is Scope.WORKSPACE:
            deliveries.pause(WORKSPACE, span + self.tolerance)

    def _take(self, deliveries: Deliveries, key: str) -> timedelta:
        # The row that all senders share comes last: it is held for the shortest time, and senders
        # that hold one channel each cannot wait for each other in a circle.
        wait = timedelta(0)
        if self.per_channel:
            wait = deliveries.reserve(key, every=self.per_channel)
        if self.per_workspace:
            shared = deliveries.reserve(WORKSPACE, every=self.per_workspace)
            wait = max(wait, self._eased(shared))
        return wait

    def _eased(self, wait: timedelta) -> timedelta:
        return max(wait - self.tolerance, timedelta(0))
