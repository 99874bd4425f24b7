"""`/coach schedule` with words behind it: what of them the form starts with, and what is asked."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot import coaching
from bot.slack.blocks.words import clip, isolated
from bot.slack.session.acts import Start, Starting, people_of
from bot.slack.session.frame import Choice, Question
from bot.slack.turns.people import Find, finder

NAME_WORDS: Final = 4
"""How many words the name of somebody has at most."""
MOST_TOLD: Final = 3


def starting_from(typed: str) -> Starting | None:
    """Read what was typed behind the command."""
    if not typed:
        return None

    def start(context: coaching.Context, caller: coaching.Caller) -> Start:
        text, unknown = mentioned(typed, finder(context, caller, text=typed))
        defaults = coaching.schedule_defaults(context, caller)
        clocks = coaching.Clocks(defaults.timezone, defaults.hours)
        request = coaching.read_request(text, zone=clocks, now=context.clock())
        known = people_of(context, request.mentions)
        when = request.when
        prefill = coaching.Prefill(
            name=request.topic or None,
            attendee_ids=tuple(dict.fromkeys(known.values())) or None,
            starts_at=when.starts_at if isinstance(when, coaching.Understood) else None,
            length_minutes=request.length_minutes,
        )
        told = [*_say_unknown(unknown), *_told(when)]
        return Start(prefill, told=" ".join(told), question=_question(when))

    return start


def _told(when: coaching.When | None) -> Sequence[str]:
    match when:
        case coaching.Understood(_, words):
            return (f"Understood as {words}.",)
        case coaching.NotUnderstood(message):
            return (message,)
    return ()


def _question(when: coaching.When | None) -> Question | None:
    if not isinstance(when, coaching.Ambiguous):
        return None
    choices = (Choice(int(each.starts_at.timestamp()), each.words) for each in when.choices)
    return Question(when.question, tuple(choices))


def _say_unknown(names: Sequence[str]) -> Iterator[str]:
    """Say of a few names that nobody has them, and of how many more that is true."""
    every = tuple(dict.fromkeys(names))
    for name in every[:MOST_TOLD]:
        yield f"I can’t find anybody called “{isolated(clip(name, 40))}” here."
    if len(every) > MOST_TOLD:
        yield f"Nor by {len(every) - MOST_TOLD} other names."


def mentioned(text: str, find: Find) -> tuple[str, tuple[str, ...]]:
    """Put accounts in the place of names behind an @; answers also the names that nobody has."""
    unknown: list[str] = []

    def account(found: re.Match[str]) -> str:
        words = found[1].split()
        for count in range(len(words), 0, -1):
            user_id = find(" ".join(words[:count]).rstrip(",.;:"))
            if user_id is not None:
                return f" <@{user_id}> {' '.join(words[count:])} "
        unknown.append(words[0])
        return f" {' '.join(words[1:])} "

    word = r"[^\s@<>]+(?!\S)"
    names = rf"(?<![<\w])@({word}(?:\s+{word}){{0,{NAME_WORDS - 1}}})"
    return re.sub(names, account, text), tuple(unknown)
