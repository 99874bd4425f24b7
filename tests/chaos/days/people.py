"""The people of whole days: in many places, with weeks of their own, some led by others."""

from collections.abc import Mapping, Sequence, Set
from typing import Final

from bot.coaching import Context
from storage import models
from tests.chaos.crowd import Crowd, gather, settle_in

ZONES: Final = (
    "Europe/London",
    "America/New_York",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Europe/Berlin",
    "Australia/Sydney",
)
"""London and Berlin put their clocks forward during the run, and Beirut does at midnight."""
WEEKS: Final[Sequence[Set[int]]] = (
    frozenset(range(5)),
    frozenset({6, 0, 1, 2, 3}),
    frozenset(range(7)),
    frozenset({1, 2, 3, 4, 5}),
)
LED: Final = 3
"""Of so many leaders one has nobody above."""


def gather_from_everywhere(size: int) -> Crowd:
    """Think of so many people, spread over the zones."""
    crowd = gather(size)
    zones = {each: ZONES[n % len(ZONES)] for n, each in enumerate(crowd.everybody)}
    return Crowd(crowd.leaders, crowd.agents, crowd.ids, zones)


def weeks_of(crowd: Crowd) -> Mapping[str, Set[int]]:
    """Say on which days of the week everybody works."""
    return {each: WEEKS[n % len(WEEKS)] for n, each in enumerate(crowd.everybody)}


def managers_of(crowd: Crowd) -> Mapping[str, str | None]:
    """Say who leads the leaders."""
    leaders = crowd.leaders
    return {each: leaders[n - 1] if n % LED else None for n, each in enumerate(leaders)}


def settle_in_everywhere(context: Context, crowd: Crowd) -> None:
    """Make everybody known, with their days of work and who is above them."""
    settle_in(context, crowd)
    weeks, managers = weeks_of(crowd), managers_of(crowd)
    with context.store.begin() as tx:
        for each in crowd.everybody:
            row = tx.session.get_one(models.Person, crowd.ids[each])
            row.working_hours = {"days": sorted(weeks[each]), "from": "09:00", "to": "17:00"}
            manager = managers.get(each)
            row.manager_id = crowd.ids[manager] if manager else None
