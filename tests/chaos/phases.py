"""The model of one session: what was true of it, from when, and how surely."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tests.chaos.history import Fact, Session

Standing = Literal["open", "started", "completed", "deleted"]
STANDINGS: Final[dict[str, Standing]] = {
    "create": "open",
    "reset": "open",
    "start": "started",
    "complete": "completed",
    "delete": "deleted",
}
NEVER: Final = float("inf")


@dataclass(frozen=True)
class Phase:
    """A time in which nothing changed: surely from `since` to `until`, at most a little longer."""

    fact: Fact
    standing: Standing
    plan: int
    """Counts the times for which the session was planned."""
    could_since: float
    since: float
    until: float
    could_until: float


def phases_of(session: Session) -> list[Phase]:
    """List what was true of a session, one thing after the other; notes change nothing."""
    facts = [each for each in session.facts if each.what != "note"]
    found: list[Phase] = []
    standing: Standing = "open"
    plan = 0
    for index, fact in enumerate(facts):
        standing = STANDINGS.get(fact.what, standing)
        if index and is_moved(facts[index - 1], fact):
            plan += 1
        after = facts[index + 1] if index + 1 < len(facts) else None
        found.append(
            Phase(
                fact=fact,
                standing=standing,
                plan=plan,
                could_since=fact.began,
                since=fact.done,
                until=after.began if after else NEVER,
                could_until=after.done if after else NEVER,
            )
        )
    return found


def is_moved(before: Fact, after: Fact) -> bool:
    return (before.starts_at, before.minutes) != (after.starts_at, after.minutes)


def spans(phases: Sequence[Phase], standings: frozenset[str]) -> Iterator[tuple[Phase, Phase]]:
    """Give the first and last phase of each time in which one plan held without a break."""
    run: list[Phase] = []
    for each in phases:
        if run and (each.plan != run[0].plan or each.standing not in standings):
            yield run[0], run[-1]
            run = []
        if each.standing in standings:
            run.append(each)
    if run:
        yield run[0], run[-1]
