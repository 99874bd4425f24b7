"""However requests come, no client gets more than its rate, and nobody is forgotten for free."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rest.rates import MOST_BUCKETS, Rates
from tests.rest.api import Ticks


@given(
    per_minute=st.integers(1, 20),
    steps=st.lists(st.tuples(st.floats(0, 30), st.sampled_from("ab")), max_size=60),
)
def test_a_bucket_is_never_overdrawn_and_its_wait_is_true(
    per_minute: int, steps: list[tuple[float, str]]
) -> None:
    ticks = Ticks()
    rates = Rates(per_minute, ticks)
    start, allowed = ticks.now, {"a": 0, "b": 0}
    for pause, who in steps:
        ticks.now += pause
        wait = rates.take(who)
        allowed[who] += not wait
        filled = per_minute * (1 + (ticks.now - start) / 60)
        assert allowed[who] <= filled + 1e-3
        if wait:
            assert wait <= 60 / per_minute + 1
            ticks.now += wait
            assert rates.take(who) == 0
            allowed[who] += 1


def test_a_crowd_does_not_fill_the_memory_and_frees_nobody_who_waits() -> None:
    ticks = Ticks()
    rates = Rates(1, ticks)
    assert rates.take("first") == 0
    ticks.now += 59
    for number in range(MOST_BUCKETS - 1):
        assert rates.take(f"client {number}") == 0
    assert rates.take("first") == 1
    ticks.now += 1
    assert rates.take("another") == 0
    assert len(rates._buckets) == MOST_BUCKETS
    assert rates.take("client 0") > 0


def test_no_rate_is_no_limit() -> None:
    rates = Rates(0, Ticks())
    assert all(rates.take("a") == 0 for _ in range(1000))
