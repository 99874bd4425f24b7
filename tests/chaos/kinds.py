"""Kinds of runs: who takes part, what they do, and who judges; the first is ten times life."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching import Context
from bot.sandbox import Sandbox
from storage.transaction import Store
from tests.chaos import judging
from tests.chaos.arrivals import Arrival, Watcher
from tests.chaos.clock import BEGINNING, ChaosClock
from tests.chaos.crowd import Crowd, gather, settle_in
from tests.chaos.deeds import Deeds
from tests.chaos.forms import Forms
from tests.chaos.history import History
from tests.chaos.lanes import Habit, Lane
from tests.chaos.verdict import Terms, Verdict


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What people act on."""

    context: Context
    clock: ChaosClock
    crowd: Crowd
    history: History
    sandbox: Sandbox
    watcher: Watcher


class Minutes:
    """A run of minutes on one Monday: notices, reminders by people's own leads, first questions."""

    beginning: datetime = BEGINNING

    def gather(self, size: int) -> Crowd:
        """Think of so many people."""
        return gather(size)

    def settle_in(self, context: Context, crowd: Crowd) -> None:
        """Make everybody known to the bot."""
        settle_in(context, crowd)

    def history(self, context: Context, crowd: Crowd) -> History:
        """Open the book in which is written what people do."""
        policy = context.policy
        usual = frozenset(each.before for each in policy.leads)
        return History(usual=usual, overdue_after=policy.overdue_after)

    def lanes(self, stage: Stage, habit: Habit, dice: Sequence[random.Random]) -> Sequence[Lane]:
        """Put people to work, each lane with dice of its own."""
        deeds = Deeds(stage.context, stage.clock, stage.crowd, stage.history)
        forms = Forms(deeds, stage.sandbox)
        return [
            Lane(n, len(dice), each, deeds, stage.sandbox, habit, forms)
            for n, each in enumerate(dice)
        ]

    async def begin(self, lanes: Sequence[Lane]) -> None:
        """Do what comes before everything else."""

    def judge(
        self, history: History, seen: Sequence[Arrival], terms: Terms, clock: ChaosClock
    ) -> Verdict:
        """Compare what people did with what they got."""
        return judging.judge(history, seen, terms, clock)

    def told(self, history: History) -> str:
        """Count what only this kind of run has."""
        return ""

    def look_up(self, store: Store, history: History, crowd: Crowd, clock: ChaosClock) -> None:
        """Read on record what the judge has to know beside what people did and got."""
