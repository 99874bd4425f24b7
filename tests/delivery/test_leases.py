"""Every lease that may be set leaves time to begin a try, to finish it, and some to spare."""

from datetime import timedelta

import pytest

from bot.delivery.settings import Settings


@pytest.mark.parametrize("seconds", [5, 12, 20, 21, 60, 3600])
def test_a_lease_of_any_length_is_long_enough_to_send(seconds: int) -> None:
    ways = Settings(lease=timedelta(seconds=seconds))
    assert ways.latest_start >= ways.lease / 4
    assert ways.send_timeout >= ways.lease / 4 or ways.send_timeout == timedelta(seconds=10)
    assert ways.latest_start + ways.send_timeout + ways.margin <= ways.lease


def test_the_usual_lease_has_the_usual_times() -> None:
    ways = Settings()
    assert (ways.send_timeout, ways.margin) == (timedelta(seconds=10), timedelta(seconds=10))
    assert ways.latest_start == timedelta(seconds=40)
