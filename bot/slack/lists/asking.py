"""What was typed after a command that shows something: of whom, and the words that are left."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot import coaching
from bot.slack.blocks.words import clip, isolated

MENTION: Final = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
WORDS: Final = frozenset((coaching.Whose.ME.value, coaching.Whose.TEAM.value))
ONE_PERSON: Final = "One person at a time, please."


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom something is to be shown, and what else was said."""

    user_id: str | None
    whose: coaching.Whose
    rest: str


def read_asked(text: str, find: Callable[[str], str | None]) -> Asked | str:
    """Take the person, `me` or `team` out of a text; a sentence where that cannot be done.

    `find` leads from a name that was typed to an account.
    """
    mentions = list(dict.fromkeys(MENTION.findall(text)))
    rest, sign, typed = MENTION.sub(" ", text).partition("@")
    if sign and typed.strip():
        user_id, after = _longest(typed.split(), find)
        if user_id is None:
            return f"I can’t find anybody called “{shown(typed)}” here."
        mentions, rest = list(dict.fromkeys((*mentions, user_id))), f"{rest} {after}"
    if len(mentions) > 1:
        return ONE_PERSON
    words = [each for each in rest.split() if each.casefold() not in WORDS]
    said = {each.casefold() for each in rest.split()} & WORDS
    if len(said) + len(mentions) > 1:
        return ONE_PERSON if mentions else "Either “me” or “team”, please."
    whose = coaching.Whose(said.pop()) if said else coaching.Whose.ANYBODY
    return Asked(mentions[0] if mentions else None, whose, " ".join(words))


def _longest(words: list[str], find: Callable[[str], str | None]) -> tuple[str | None, str]:
    """Find the person whose name is the longest beginning of the words, and what comes after."""
    for count in range(min(len(words), 8), 0, -1):
        user_id = find(" ".join(words[:count]))
        if user_id is not None:
            return user_id, " ".join(words[count:])
    return None, ""


def shown(typed: str) -> str:
    """Show what was typed, as far as it helps to see it again."""
    return isolated(clip(typed.strip(), 40))
