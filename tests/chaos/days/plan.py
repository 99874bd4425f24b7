"""What a plan of whole days is beside its length: settings, troubles and clocks at its speed."""

from typing import Any

from tests.chaos.days.kind import WholeDays
from tests.chaos.troubles import Rates

RATES = Rates(kills=6, freezes=4, leaves=2, faults=16, drops=3, jumps=6, restarts=0.4, settings=0)
"""Without settings that forbid: a day's judge takes for lost what these hold up, for hours."""
WRONG_S = 0.25
"""By how many real seconds a replica's clock may be wrong."""


def days_at(rate: float, *, times: int) -> dict[str, Any]:
    """Give what all plans of whole days have in common, at so many seconds in each real one."""
    return {
        "kind": WholeDays(),
        "rates": RATES,
        "leads": "1d,3h,30m",
        "overdue_after": 15,
        "skew": WRONG_S * rate,
        "heartbeat": 0.1,
        "more": {"COACHBOT_OVERDUE_TIMES": times},
    }
