"""What people typed, on its way into Slack: cut where a reader would cut, never read as markup."""

import difflib
import unicodedata
from collections.abc import Callable, Collection, Iterator
from typing import Final

JOINER: Final = "\u200d"
BREAKER: Final = "\u2060"
FIRST_STRONG: Final = "\u2068"
END_OF_ISOLATE: Final = "\u2069"
TURNING: Final = frozenset(("R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI"))
ENTITIES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
MARKS: Final = "*_~`"


def size(text: str) -> int:
    """Count characters as the strictest reader does: two for one beyond the first 65,536."""
    return len(text) + sum(character > "\uffff" for character in text)


def escape(text: str) -> str:
    """Write text so that Slack shows every character of it and calls nobody by it."""
    for character, entity in ENTITIES:
        text = text.replace(character, entity)
    for mark in MARKS:
        text = text.replace(mark, f"{BREAKER}{mark}{BREAKER}")
    return text


def unescape(text: str) -> str:
    """Read what Slack escaped in a command."""
    for character, entity in reversed(ENTITIES):
        text = text.replace(entity, character)
    return text


def clip(text: str, limit: int, *, cost: Callable[[str], int] = size) -> str:
    """Cut a text to a size, between two characters as people see them, and say so by an ellipsis.

    `cost` counts what a piece of the text will take up.
    """
    if cost(text) <= limit:
        return text
    kept, left = [], limit - cost("…")
    for cluster in clusters(text):
        left -= cost(cluster)
        if left < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + "…"


def escaped(text: str, limit: int) -> str:
    """Escape a text after cutting it so that the result keeps to the limit."""
    return escape(clip(text, limit, cost=lambda piece: size(escape(piece))))


def isolated(text: str) -> str:
    """Keep a name that runs right to left from turning round the words beside it."""
    if any(unicodedata.bidirectional(character) in TURNING for character in text):
        return f"{FIRST_STRONG}{text}{END_OF_ISOLATE}"
    return text


def clusters(text: str) -> Iterator[str]:
    """Go through the characters as people see them: a letter with its accents, a whole emoji."""
    start = 0
    for index in range(1, len(text)):
        if not _belongs(text, start, index):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _belongs(text: str, start: int, index: int) -> bool:
    """Answer whether the character at `index` is part of the cluster that begins at `start`."""
    before, here = text[index - 1], text[index]
    if before == JOINER or _extends(here) or (before, here) == ("\r", "\n"):
        return True
    if _is_regional(before) and _is_regional(here):
        return (index - start) % 2 == 1
    return False


def _extends(character: str) -> bool:
    if character == JOINER or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    if "\u1160" <= character <= "\u11ff" or "\U000e0020" <= character <= "\U000e007f":
        return True
    return unicodedata.category(character) in ("Mn", "Me", "Mc")


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def joined(names: tuple[str, ...], *, most: int = 3, limit: int = 60) -> str:
    """Say who: the first few by name, the others by number."""
    named = [isolated(clip(name, limit)) for name in names[:most]]
    others = len(names) - len(named)
    if others:
        return f"{', '.join(named)} and {others} more"
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} and {named[-1]}"


def zone_words(zone: str) -> str:
    """Name a time zone as people do: `New York time` for America/New_York."""
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    return "UTC" if place in ("UTC", "UCT", "Zulu", "GMT") else f"{place} time"


def nearest(word: str, known: Collection[str]) -> str | None:
    """Find the word that was probably meant."""
    found = difflib.get_close_matches(word.casefold(), known, n=1, cutoff=0.5)
    return found[0] if found else None
