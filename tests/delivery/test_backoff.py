"""Waits grow, stay bounded, and obey what the network asks for."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.backoff import BackOff

SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3))


@given(attempts=st.integers(0, 10**6), seed=st.integers())
def test_a_wait_lies_between_the_least_and_its_ceiling(attempts: int, seed: int) -> None:
    back_off = BackOff(chance=random.Random(seed))
    wait = back_off.delay(attempts)
    assert back_off.least <= wait <= back_off.ceiling(attempts) <= timedelta(minutes=5)


def test_ceilings_double_up_to_five_minutes() -> None:
    ceilings = [BackOff().ceiling(attempts).total_seconds() for attempts in range(1, 12)]
    assert ceilings == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_jitter_is_full() -> None:
    back_off = BackOff(chance=random.Random(7))
    waits = [back_off.delay(9).total_seconds() for _ in range(500)]
    assert min(waits) < 26
    assert max(waits) > 230


@given(attempts=st.integers(0, 100), asked=SPANS.filter(bool))
def test_what_the_network_asks_for_is_obeyed(attempts: int, asked: timedelta) -> None:
    assert BackOff().delay(attempts, asked=asked) == asked


@given(attempts=st.integers(0, 20), age=SPANS)
def test_enough_is_both_old_and_often_tried(attempts: int, age: timedelta) -> None:
    assert BackOff().is_enough(attempts, age) is (attempts >= 10 and age >= timedelta(hours=24))
