"""A typed request to schedule, taken apart: the people, the time, the length, and what it is about.

`with <@U1|bo> fri 3pm for 30m about refunds` in any order. What is not people, time or length is
the topic, as it was typed.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.coaching.times.spoken import LENGTH, length_of
from bot.coaching.times.when import NotUnderstood, When, read_when
from bot.coaching.times.wording import Clocks

MOST_WORDS: Final = 80
LONGEST_TIME: Final = 10  # words
LONGEST_REQUEST: Final = 3000
"""The most characters that are read of what somebody typed: as many as a field of Slack holds."""
TOO_LONG: Final = f"That is too long to read. Please use at most {LONGEST_REQUEST:,} characters."

_BREAK: Final = "\0"  # stands where people or a length stood; no time reaches across it
_MENTION: Final = r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>"
# What joins people, and a topic, to the rest is looked for from its end, in text turned round: from
# its beginning, each sign of a row of them would be tried as the first, with all that follow.
_JOINED: Final = re.compile(r"(?:\s*[,&+]|\s+(?:htiw|dna)\b)*")
_TRAILING: Final = re.compile(r"(?:(?:htiw|dna|ta|no|rof)\s+|[-–—:,;\s])*", re.IGNORECASE)
_TIMELY: Final = re.compile(r"\d|noon|midday|midnight|hour", re.IGNORECASE)
_DAYLY: Final = re.compile(r"day|mon|tue|wed|thu|fri|sat|sun|tom|tmr|week|\d", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    """What was typed after `/coach schedule`; absent parts are None or empty."""

    mentions: tuple[str, ...]
    when: When | None
    length_minutes: int | None
    topic: str


def read_request(text: str, *, zone: str | Clocks, now: datetime) -> Request:
    """Take a typed request apart; a day without a time is a time that is not understood.

    Nothing is looked for in one that is too long to read.
    """
    if len(text) > LONGEST_REQUEST:
        return Request((), NotUnderstood(TOO_LONG), None, "")
    text, mentions = _take_people(text.replace(_BREAK, " "))
    text, minutes = _take_length(text)
    words = text.split()
    when, first, last = _find_time(words[:MOST_WORDS], zone, now)
    topic = [each for each in (*words[:first], *words[last:]) if each != _BREAK]
    return Request(mentions, when, minutes, _trimmed(" ".join(topic)))


def _take_people(text: str) -> tuple[str, tuple[str, ...]]:
    """Take the people away, with what joins them to the rest; answers the text and who they are."""
    before, *others = re.split(_MENTION, text)
    mentions, after = others[::2], others[1::2]
    pieces = [_without_end(each, _JOINED) for each in (before, *after)[:-1]]
    left = f" {_BREAK} ".join((*pieces, (before, *after)[-1]))
    return left, tuple(dict.fromkeys(mentions))


def _without_end(text: str, pattern: re.Pattern[str]) -> str:
    """Take an end away that a pattern of the text turned round describes."""
    found = pattern.match(text[::-1])
    return text[: len(text) - found.end()] if found else text


def _take_length(text: str) -> tuple[str, int | None]:
    """Take the length away: the first with `for`, else the first that is not a time to wait."""
    ways = (rf"\bfor {LENGTH}", rf"(?<!\bin )(?<![\w.:/-]){LENGTH}(?! from now)")
    for way in ways:
        found = re.search(way, text, re.ASCII | re.IGNORECASE)
        if found and length_of(found):
            return f"{text[: found.start()]} {_BREAK} {text[found.end() :]}", length_of(found)
    return text, None


def _find_time(words: list[str], zone: str | Clocks, now: datetime) -> tuple[When | None, int, int]:
    """Find the longest run of words that is a time; else the longest that lacks only its hour."""
    untimed: tuple[When | None, int, int] = (None, 0, 0)
    for count in range(min(LONGEST_TIME, len(words)), 0, -1):
        for first in range(len(words) - count + 1):
            run = words[first : first + count]
            if _BREAK in run or not (_says(run, _TIMELY) or _says(run, _DAYLY)):
                continue
            when = read_when(" ".join(run), zone=zone, now=now)
            if not isinstance(when, NotUnderstood):
                return when, first, first + count
            if untimed[0] is None and when.message.startswith("At what time"):
                untimed = (when, first, first + count)
    return untimed


def _says(run: list[str], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(each) for each in run)


def _trimmed(topic: str) -> str:
    """Take away what joined the topic to the rest: `about`, a dash, a colon."""
    topic = re.sub(
        r"^(?:(?:about|on|re|regarding|and|with|for)\b|[-–—:,;.\s])+", "", topic, flags=re.I
    )
    return _without_end(topic, _TRAILING)
