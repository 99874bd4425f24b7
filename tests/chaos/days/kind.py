"""A run of whole days, as fast as is asked for, into which a change of clocks falls."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from bot.coaching import Context
from storage import models
from storage.transaction import Store
from storage.types import ActionType, DeliveryState
from tests.chaos.arrivals import Arrival
from tests.chaos.clock import ChaosClock
from tests.chaos.crowd import Crowd
from tests.chaos.days.chronicle import Chronicle, Record
from tests.chaos.days.deeds import DayDeeds
from tests.chaos.days.judging import judge
from tests.chaos.days.lanes import DayLane, wish_first
from tests.chaos.days.people import (
    gather_from_everywhere,
    managers_of,
    settle_in_everywhere,
    weeks_of,
)
from tests.chaos.forms import Forms
from tests.chaos.history import History
from tests.chaos.kinds import Minutes, Stage
from tests.chaos.lanes import Habit, Lane
from tests.chaos.verdict import Terms, Verdict

SATURDAY = datetime(2026, 3, 28, 15, 0, tzinfo=UTC)
"""In the night that follows, clocks are put forward in Beirut, in London and in Berlin."""

SILENT = "nothing to say"


@dataclass(frozen=True)
class WholeDays(Minutes):
    """Agendas, digests, nights, questions on later days, escalation, and reminders put off."""

    beginning: datetime = SATURDAY

    def gather(self, size: int) -> Crowd:
        return gather_from_everywhere(size)

    def settle_in(self, context: Context, crowd: Crowd) -> None:
        settle_in_everywhere(context, crowd)

    def history(self, context: Context, crowd: Crowd) -> History:
        policy = context.policy
        return Chronicle(
            usual=frozenset(each.before for each in policy.leads),
            overdue_after=policy.overdue_after,
            zones={each: crowd.zone_of(each) for each in crowd.everybody},
            workdays=weeks_of(crowd),
            managers=managers_of(crowd),
            leaders=crowd.leaders,
            overdue_times=policy.overdue_times,
            overdue_at=policy.overdue_at,
            late=policy.late_reminder,
        )

    def lanes(self, stage: Stage, habit: Habit, dice: Sequence[random.Random]) -> Sequence[Lane]:
        deeds = DayDeeds(stage.context, stage.clock, stage.crowd, _chronicle(stage.history))
        forms = Forms(deeds, stage.sandbox)
        return [
            DayLane(n, len(dice), each, deeds, stage.sandbox, habit, forms, watcher=stage.watcher)
            for n, each in enumerate(dice)
        ]

    async def begin(self, lanes: Sequence[Lane]) -> None:
        await wish_first([each for each in lanes if isinstance(each, DayLane)])

    def judge(
        self, history: History, seen: Sequence[Arrival], terms: Terms, clock: ChaosClock
    ) -> Verdict:
        return judge(_chronicle(history), seen, terms, clock)

    def told(self, history: History) -> str:
        found = _chronicle(history)
        wishes = sum(len(each) for each in found.wishes.values())
        return f", wishes {wishes:,}, reminders put off {len(found.snoozes):,}"

    def look_up(self, store: Store, history: History, crowd: Crowd, clock: ChaosClock) -> None:
        chronicle, accounts, delivery = _chronicle(history), crowd.accounts(), models.Delivery
        columns = (delivery.appointment_id, delivery.person_id, delivery.occurrence)
        query = select(*columns, delivery.reason).where(
            delivery.state == DeliveryState.STALE, delivery.kind == ActionType.REMINDER
        )
        with store.read() as tx:
            rows = tx.session.execute(query).all()
            summed_up = tx.session.execute(
                select(
                    delivery.person_id, delivery.kind, delivery.occurrence, delivery.settled_at
                ).where(delivery.reason == SILENT, delivery.appointment_id.is_(None))
            ).all()
        chronicle.silences = {
            (accounts[person_id], kind.value, day): clock.second_at(settled_at)
            for person_id, kind, day, settled_at in summed_up
            if settled_at
        }
        chronicle.records = frozenset(
            Record(session_id or "", accounts[person_id], occurrence, reason or "")
            for session_id, person_id, occurrence, reason in rows
        )


def _chronicle(history: History) -> Chronicle:
    assert isinstance(history, Chronicle)
    return history
