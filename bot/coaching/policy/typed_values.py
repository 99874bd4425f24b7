"""Reading decisions as they are typed, in the environment or in Slack; ValueError says why not."""

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta

from bot.coaching.policy.policies import Lead
from bot.coaching.policy.quiet_hours import QuietHours
from bot.coaching.times.wording import counted

MOST_LEADS = 20
UNITS: Mapping[str, timedelta] = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
NOUNS: Mapping[str, str] = {"d": "day", "h": "hour", "m": "minute"}


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
    if len(words) > MOST_LEADS:
        raise ValueError(f"must be at most {MOST_LEADS} lead times")
    spans = {each: UNITS[each[-1]] * int(each[:-1]) for each in words}
    return tuple(Lead(name=name, before=span) for name, span in spans.items())


def say_lead(name: str) -> str:
    """Say a lead time by its name: `24 hours`, `1 day`."""
    return counted(int(name[:-1]), NOUNS[name[-1]])


def time_of_day(value: str) -> time:
    """Read a time such as `09:00`."""
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError("must be a time such as 09:00")
    return time.fromisoformat(value)


def quiet_hours(value: str) -> QuietHours | None:
    """Read hours such as `20:00-07:00`; `never` for none."""
    if value.lower() == "never":
        return None
    begins, _, ends = value.replace("–", "-").replace(" ", "").partition("-")
    try:
        found = QuietHours(time_of_day(begins), time_of_day(ends))
    except ValueError:
        found = None
    if found is None or found.begins == found.ends:
        raise ValueError("must be hours such as 20:00-07:00, or never")
    return found


def say_quiet_hours(value: QuietHours | None) -> str:
    """Write quiet hours as they would be typed."""
    return "never" if value is None else f"{value.begins:%H:%M}-{value.ends:%H:%M}"
