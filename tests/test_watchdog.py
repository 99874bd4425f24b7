"""The dead man's watch: it ends what gives no sign of life, and nothing else."""

import threading
import time
from datetime import timedelta

import pytest

from bot.delivery.events import Looked
from bot.watchdog import Signs, Watchdog, watched

LIMIT = timedelta(milliseconds=200)


def watch(signs: Signs, seconds: float) -> list[str]:
    """Watch for a while; answers what was ended."""
    ended: list[str] = []
    watchdog = Watchdog(signs, LIMIT, end=lambda: ended.append("the process"))
    thread = threading.Thread(target=watchdog.watch)
    thread.start()
    thread.join(seconds)
    watchdog.call_off()
    thread.join()
    return ended


def test_silence_ends_the_process_and_a_sign_of_life_does_not() -> None:
    seconds = [0.0]
    signs = Signs(lambda: seconds[0])
    seconds[0] = LIMIT.total_seconds()
    assert watch(signs, 0.1) == []
    seconds[0] += 0.001
    assert watch(signs, 5) == ["the process"]
    signs(Looked())
    assert signs.age == 0
    assert watch(signs, 0.1) == []


@pytest.mark.parametrize("limit", [timedelta(0), timedelta(minutes=1)])
def test_nothing_is_left_behind(limit: timedelta) -> None:
    before = threading.active_count()
    began = time.monotonic()
    with watched(Signs(), limit):
        assert threading.active_count() == before + bool(limit)
    assert threading.active_count() == before
    assert time.monotonic() - began < 2
