"""When somebody works: days of the week and hours of the day, in their own zone."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

DAYS: Sequence[str] = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
PATTERN = re.compile(r"([a-z, -]+) (\d{1,2}:\d{2}) ?- ?(\d{1,2}:\d{2})", re.ASCII)
LONGEST_TEXT = 100


def read_working_hours(text: str) -> dict[str, Any] | None:
    """Read `Mon-Fri 09:00-17:00` or `Mon,Wed,Fri 10:00-14:30`; None for what is not like that.

    Days count from Monday, 0.
    """
    if len(text) > LONGEST_TEXT:
        return None
    found = PATTERN.fullmatch(" ".join(text.replace("–", "-").lower().split()))
    if found is None:
        return None
    days = _days(found[1])
    opens, closes = _time(found[2]), _time(found[3])
    if not days or opens is None or closes is None or opens >= closes:
        return None
    return {"days": days, "from": f"{opens:%H:%M}", "to": f"{closes:%H:%M}"}


def say_working_hours(hours: Mapping[str, Any] | None) -> str:
    """Say when somebody works: `Mon–Fri 09:00–17:00`; nothing for who has the usual hours."""
    if not hours:
        return ""
    return f"{_say_days(hours['days'])} {hours['from']}–{hours['to']}"


def _say_days(days: Sequence[int]) -> str:
    """Say days, three or more in a row by the first and the last."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [
        f"{_short(run[0])}–{_short(run[-1])}" if len(run) > 2 else ", ".join(map(_short, run))
        for run in runs
    ]
    return ", ".join(said)


def _short(day: int) -> str:
    return DAYS[day][:3].capitalize()


def _days(text: str) -> list[int] | None:
    found: set[int] = set()
    for part in text.split(","):
        ends = [_day(each.strip()) for each in part.split("-")]
        first, last = ends[0], ends[-1]
        if len(ends) > 2 or first is None or last is None:
            return None
        found |= {each % 7 for each in range(first, last + 1 + (7 if last < first else 0))}
    return sorted(found)


def _day(text: str) -> int | None:
    """Number a day that is named by three of its letters or more."""
    named = (number for number, day in enumerate(DAYS) if day.startswith(text))
    return next(named, None) if len(text) >= 3 else None


def _time(text: str) -> time | None:
    hour, minute = (int(each) for each in text.split(":"))
    return time(hour, minute) if hour < 24 and minute < 60 else None
