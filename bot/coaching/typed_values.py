"""Reading decisions as they are typed, in the environment or in Slack; ValueError says why not."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.coaching.policy import Lead

UNITS: Mapping[str, timedelta] = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}


def number(least: int, most: int) -> Callable[[str], int]:
    """Give the reader of a whole number within these bounds."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"must be a whole number from {least:,} to {most:,}")
        return int(value)

    return read


def yes_or_no(value: str) -> bool:
    """Read `yes` or `no`."""
    if value.lower() not in {"yes", "no"}:
        raise ValueError("must be yes or no")
    return value.lower() == "yes"


def leads(value: str) -> tuple[Lead, ...]:
    """Read lead times such as `24h,1h,10m`; none at all where nothing is named."""
    words = [each.strip() for each in value.split(",") if each.strip()]
    if any(not re.fullmatch(r"[1-9][0-9]{0,3}[dhm]", each) for each in words):
        raise ValueError("must be lead times such as 24h,1h,10m")
    spans = {each: UNITS[each[-1]] * int(each[:-1]) for each in words}
    return tuple(Lead(name=name, before=span) for name, span in spans.items())
