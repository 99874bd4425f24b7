"""Every way in which one promise may have gone, by what is known of the order of things.

Two things that happened within the skew of one another may have happened in either order, so that
a promise has several possible moments, and is owed only where it comes in each of these worlds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tests.chaos.days.chronicle import Span, Wish


@dataclass(frozen=True, order=True)
class Due:
    """When something is due, as far as it is known."""

    earliest: datetime
    latest: datetime


Coming = Due | None


class Rule(Protocol):
    """How one promise is made, and what a wish does to it."""

    def first(self, wish: Wish, at: Span) -> Iterable[Coming]:
        """Give what may be promised when it is planned for the first time."""

    def again(self, wish: Wish, at: Span, waiting: Coming) -> Iterable[Coming]:
        """Give what may become of it when somebody wishes otherwise."""


@dataclass(frozen=True)
class World:
    """One way in which a promise may have gone so far."""

    coming: Coming
    is_over: bool = False
    """Whether its moment has been."""


def outcomes(
    rule: Rule, start: Span, wishes: Sequence[tuple[Span, Wish]], until: datetime
) -> frozenset[Coming]:
    """Give every moment at which a promise may have been due; None: it may have been due never."""
    found: set[World] = set()
    for index, (at, wish) in enumerate(wishes):
        following = wishes[index + 1 :]
        if at.low <= start.high and (not following or following[0][0].high >= start.low):
            worlds = {World(each) for each in rule.first(wish, start)}
            found |= _gone_on(rule, worlds, following, until)
    return frozenset(each.coming for each in found)


def _gone_on(
    rule: Rule, worlds: set[World], wishes: Sequence[tuple[Span, Wish]], until: datetime
) -> set[World]:
    for at, wish in wishes:
        if at.low <= until:
            worlds = {after for each in worlds for after in _after(rule, each, wish, at)}
    return worlds


def _after(rule: Rule, world: World, wish: Wish, at: Span) -> Iterable[World]:
    coming = world.coming
    if world.is_over or (coming is not None and coming.latest < at.low):
        yield World(coming, is_over=True)
        return
    if coming is not None and coming.earliest <= at.high:
        yield World(coming, is_over=True)
    for each in rule.again(wish, at, coming):
        yield World(each)


def ahead(moment: datetime, at: Span, due: Due) -> Iterable[Coming]:
    """Promise what is due, if a moment was still ahead when it was decided about."""
    if moment > at.low:
        yield due
    if moment <= at.high:
        yield None


def exactly(moment: datetime) -> Due:
    """Say that it is known when something is due."""
    return Due(moment, moment)


def no_sooner(moment: datetime, at: Span) -> Due:
    """Give the moment itself, or that of the decision if it comes later."""
    return Due(max(moment, at.low), max(moment, at.high))
