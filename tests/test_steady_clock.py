"""The time goes on steadily, whatever becomes of clocks; and it is known when it is in doubt."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.steady_clock import JUMP, NEAR, UNANSWERED, SteadyClock

NINE: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOTHING, SECOND, HOUR = timedelta(0), timedelta(seconds=1), timedelta(hours=1)
jumps = st.timedeltas(min_value=NEAR * 2, max_value=timedelta(days=400)).flatmap(
    lambda each: st.sampled_from([each, -each])
)


class World:
    """The right time, and how far each clock is ahead of it."""

    def __init__(self, ahead: timedelta = NOTHING) -> None:
        self.passed = NOTHING
        self.ahead = ahead
        self.clock = SteadyClock(lambda: self.right + self.ahead, self.passed_seconds)

    def passed_seconds(self) -> float:
        return self.passed.total_seconds()

    @property
    def right(self) -> datetime:
        return NINE + self.passed

    def wait(self, span: timedelta = SECOND) -> None:
        self.passed += span

    @property
    def error(self) -> timedelta:
        return abs(self.clock() - self.right)


@given(jumps)
def test_an_hour_that_never_was_is_not_seen(jump: timedelta) -> None:
    world = World()
    world.clock()
    world.ahead = jump
    for _ in range(6):
        world.wait()
        assert world.error <= JUMP
        assert not world.clock.is_sure
    world.ahead = NOTHING
    assert (world.error, world.clock.is_sure, world.clock.is_parted) == (NOTHING, True, False)


@given(jumps, st.booleans())
def test_slack_says_which_time_is_right(jump: timedelta, is_right_now: bool) -> None:
    """The clock is set wrong and Slack says so; or it was wrong, and is set right."""
    world = World(jump if is_right_now else NOTHING)
    world.clock()
    world.wait()
    world.ahead = NOTHING if is_right_now else jump
    world.clock()
    world.clock.see_slack(world.right - SECOND)
    assert (world.error <= JUMP, world.clock.is_sure) == (True, True)
    world.wait(HOUR)
    assert (world.error <= JUMP, world.clock.is_sure) == (True, True)
    world.ahead = NOTHING
    world.clock()
    world.clock.see_slack(world.right)
    assert (world.error, world.clock.is_sure) == (NOTHING, True)


@given(jumps)
def test_what_slack_said_before_a_computer_slept_proves_nothing(slept: timedelta) -> None:
    """Ticks may stand still while a virtual machine does; then the clock is set, and is right."""
    world = World()
    world.clock.see_slack(world.right)
    world.ahead = abs(slept)
    assert world.clock() == NINE
    assert world.clock.is_parted
    world.clock.see_slack(NINE + abs(slept))
    assert world.clock() == NINE + abs(slept)
    assert world.clock.is_sure


@given(jumps, st.booleans())
def test_where_nobody_answers_the_computer_is_believed_after_a_while(
    jump: timedelta, is_told: bool
) -> None:
    world = World()
    world.clock()
    world.ahead = jump
    world.clock()
    if is_told:
        world.clock.see_database(world.right)
    world.wait(UNANSWERED + SECOND)
    assert world.error == (NOTHING if is_told else abs(jump))
    assert world.clock.is_sure


@given(jumps)
def test_two_of_three_are_right(jump: timedelta) -> None:
    world = World(jump)
    world.clock.see_slack(world.right)
    assert (world.error, world.clock.is_sure) == (abs(jump), False), "one against one"
    world.clock.see_database(world.right)
    assert (world.error <= NEAR, world.clock.is_sure) == (True, True)
    other = World()
    other.clock.see_slack(other.right)
    other.clock.see_database(other.right + jump)
    assert (other.error, other.clock.is_sure) == (NOTHING, True)


@given(jumps)
def test_without_a_database_elsewhere_slack_is_believed_after_a_while(jump: timedelta) -> None:
    world = World(jump)
    for _ in range(2):
        world.clock.see_slack(world.right)
        assert (world.error, world.clock.is_sure) == (abs(jump), False)
        world.wait(UNANSWERED / 2 + SECOND)
    world.clock.see_slack(world.right)
    assert (world.error <= JUMP, world.clock.is_sure) == (True, True)


@pytest.mark.parametrize("drift", [timedelta(milliseconds=200), timedelta(milliseconds=-200)])
def test_a_clock_that_is_put_right_little_by_little_is_followed(drift: timedelta) -> None:
    world = World()
    for _ in range(100):
        world.wait()
        world.ahead += drift
        assert world.clock() == world.right + world.ahead
    assert world.clock.is_sure
