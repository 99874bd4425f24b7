"""A short run of chaos: whatever goes wrong, nothing is lost, doubled or stale."""

import warnings
from dataclasses import replace

import pytest

from tests.chaos.__main__ import once
from tests.chaos.days.lanes import HABIT
from tests.chaos.days.plan import days_at
from tests.chaos.lanes import Habit
from tests.chaos.report import written
from tests.chaos.run import Plan
from tests.chaos.troubles import Rates

SHORT = Plan(
    seed=7,
    seconds=10,
    replicas=3,
    people=40,
    rate=20.0,
    lease=6,
    habit=Habit(each_second=2.0, open_sessions=12, latest=9),
    rates=Rates(
        kills=12, freezes=6, leaves=3, faults=30, drops=6, jumps=12, restarts=3, settings=6
    ),
)
ALONE = replace(SHORT, replicas=1, rates=Rates(kills=6, freezes=3, leaves=3, faults=30))

RATE = 86_400 / 11
DAYS = replace(
    SHORT,
    seconds=14,
    people=36,
    rate=RATE,
    habit=replace(HABIT, each_second=2.0, soonest=5 * 60),
    **days_at(RATE, times=2),
)


@pytest.mark.timeout(150)
@pytest.mark.parametrize(
    ("database", "plan"),
    [("postgresql", SHORT), ("sqlite", ALONE), ("postgresql", DAYS)],
    ids=["minutes", "alone", "days"],
)
def test_every_promise_is_kept_once_whatever_goes_wrong(database: str, plan: Plan) -> None:
    with warnings.catch_warnings():
        # What a database that is killed leaves open is closed by the end of the run.
        warnings.simplefilter("ignore", ResourceWarning)
        outcome = once(plan, database)
    said = written(outcome)
    assert outcome.verdict.is_clean, said
    assert outcome.calm_for is not None, said
    assert outcome.deliveries > 10, said
    assert len(outcome.scene.troubles.happened) > 3, said
    left_in = [seconds for each in outcome.scene.pack.members for seconds in each.left_in]
    assert left_in, said
    assert max(left_in) < 20, said
    assert not outcome.complaints, said
