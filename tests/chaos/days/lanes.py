"""People at work over whole days: they wish otherwise now and then, and put reminders off."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import Final

from bot.coaching import Context, Snooze
from storage.types import ActionType
from tests.chaos.arrivals import Arrival, Watcher, marked
from tests.chaos.days.chronicle import USUAL_NIGHT, Wish
from tests.chaos.days.deeds import DayDeeds
from tests.chaos.days.reminders import LEADS
from tests.chaos.days.walls import Night
from tests.chaos.lanes import Habit, Lane

HABIT: Final = Habit(
    each_second=1.2, open_sessions=40, soonest=90, latest=36 * 60, lengths=(15, 30, 60)
)
NIGHTS: Final = (
    USUAL_NIGHT,
    USUAL_NIGHT,
    None,
    Night(time(22), time(6)),
    Night(time(19, 30), time(9, 30)),
    Night(time(12), time(14)),
    Night(time(22), time(10)),
)
AGENDAS: Final = (None, time(6, 30), time(7, 15), time(8), time(9, 30), time(11))
SNOOZES: Final = (Snooze.TEN_MINUTES, Snooze.AN_HOUR, Snooze.AN_HOUR, Snooze.TOMORROW)
SNOOZE_SHARE: Final = 0.12
FIRST_SHARE: Final = 0.8
REMINDING: Final = "starts in"
LOOKED_BACK: Final = 200
HOUR: Final = timedelta(hours=1)


@dataclass
class DayLane(Lane):
    """Does one thing after another, chosen by its own dice."""

    deeds: DayDeeds
    watcher: Watcher | None = None

    async def _act(self) -> None:
        if self.dice.random() < SNOOZE_SHARE:
            await self._thread(self._snooze)
        else:
            await super()._act()

    @property
    def people(self) -> tuple[str, ...]:
        """Those for whom this lane alone decides, so that it is certain what they wished last."""
        return self.deeds.crowd.everybody[self.number :: self.lanes]

    def _choose(self) -> None:
        self.wish(self.dice.choice(self.people))

    def wish(self, who: str) -> None:
        """Let somebody wish otherwise than before."""
        before = self.deeds.history.wishes_of(who)[-1]
        leads = who in self.deeds.crowd.leaders
        wished = thought_of(self.dice, before, leads=leads)
        if before.done < 0:
            # The first wish of all is for whatever there is.
            wished = replace(wished, agenda_at=self.dice.choice(AGENDAS[1:]), digest=leads)
        self.deeds.wish(who, wished)

    def _snooze(self) -> None:
        """Put one of the last reminders off whose session is still some time ahead."""
        soon = self.deeds.clock() + HOUR
        for each in reversed(self.watcher.seen[-LOOKED_BACK:] if self.watcher else []):
            made = self.deeds.history.sessions.get(each.number)
            if made is None or made not in self.own or REMINDING not in each.words:
                continue
            if made.is_open and made.last.starts_at > soon:
                reminder = _reminder_of(self.deeds.context, each)
                if reminder is not None:
                    choice = self.dice.choice(SNOOZES)
                    self.deeds.snooze(made, each.account, reminder, choice)
                    return


def _reminder_of(context: Context, came: Arrival) -> int | None:
    with context.read() as tx:
        rows = marked(tx, [came.delivery])
    return next((row.id for row in rows if row.kind is ActionType.REMINDER), None)


def thought_of(dice: random.Random, before: Wish, *, leads: bool) -> Wish:
    """Wish for one thing or several otherwise than before."""
    wished = before
    for kind in dice.sample(range(4), dice.choice((1, 1, 2, 4))):
        if kind == 0:
            wished = replace(wished, as_facilitator=_leads(dice), as_attendee=_leads(dice))
        elif kind == 1:
            wished = replace(wished, night=dice.choice(NIGHTS))
        elif kind == 2:
            wished = replace(wished, agenda_at=dice.choice(AGENDAS))
        elif leads:
            wished = replace(wished, digest=dice.random() < 0.7)
    return wished


def _leads(dice: random.Random) -> frozenset[timedelta]:
    return frozenset(dice.sample(list(LEADS.values()), dice.choice((0, 1, 2, 3, 3, 4))))


async def wish_first(lanes: Sequence[DayLane]) -> None:
    """Let most people wish once before anything goes wrong."""
    for lane in lanes:
        for who in lane.people:
            if lane.dice.random() < FIRST_SHARE:
                await asyncio.to_thread(lane.wish, who)
