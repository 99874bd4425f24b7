"""What is typed is read in a time that grows no faster than what is typed.

Work is counted as time on the processor of this one thread, so that a busy machine changes
nothing, and only its growth is judged: eight times as much text may take twenty-four times as
long. Sixty-four times as long is what a reader takes that looks at all of the text from each of
its characters.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice, product
from typing import Final

import pytest

from bot import coaching, logger
from bot.coaching.ground import rules
from bot.coaching.office import import_cells, importing
from bot.coaching.overview import why_words
from bot.coaching.times import periods, places, spoken, typed_request, working_hours
from bot.rest import instants, queries
from bot.rest.calls import BodyReader
from bot.rest.operations import OPERATIONS
from bot.sandbox import inputs
from bot.sandbox.acts import mentions
from bot.sandbox.cast import northwind
from bot.sandbox.files import File
from bot.sandbox.people import Directory
from bot.slack.blocks import words
from bot.slack.lists import asking, listing
from bot.slack.session import request
from bot.slack.turns import people

NOW: Final = datetime(2026, 12, 1, 9, tzinfo=UTC)
MANY: Final = 4_000
ALLOWED: Final = 24
QUICK: Final = 0.01
"""Seconds in which so much may be read however the time grows: as little as that says nothing."""

SIGNS: Final = (
    *",;:.!?@#&+-–…_*~`'\"()[]{}<>|/\\=%$§",
    *(" ", "\n", "\t", "\0", "\u00a0", "\u200d", "\u202e", "\u0301"),
    *("a", "Z", "ß", "é", "م", "田", "👩‍👩‍👧‍👦", "🇬🇧", "0", "9", "٣"),
)
WORDS: Final = (
    *("at ", "next ", "with ", "and ", "for ", "about ", "in ", "on ", "the ", "from ", "a half "),
    *("mon ", "dec ", "12 dec ", "dec 12 ", "3pm ", "3:15 ", "noon ", "tomorrow ", "this week "),
    *("1/2 ", "1-2-", "2027-01-12 ", "2027-", "1d ", "90 minutes ", "1h ", "1 hour 1 minute "),
    *("utc ", "est ", "new york ", "a/b ", "a/b", "9 est ", "+01:00 ", "midnight", "o'clock "),
    *("<@U0DANA>", "<@U0DANA|", "<@U0DANA|dana> ", "<@", "@dana ", "@dana", " @", "<@U1,", "@a<"),
    *("https://", "https://a.b/", "https://a.slack.com/", "://a:b", "http://a.b?c=d&", "x@y."),
    *("conversations/", "0a0b0c0d-", "&amp;", "&lt;@", "%2C", " (", "(a) ", "“", "1 - ", "mon-"),
    *("xoxb-", "x ", ", ", " - ", " - at `$.", "`$", "00:00-", "09:00 ", "mon,tue "),
)
BEGINNINGS: Final = ("x@y", "mon", "1", "<@U1|")
ENDS: Final = ("", "!", " x")

Reader = Callable[[str], object]


def told_unknown(_name: str) -> None:
    return None


def file_named(text: str) -> str:
    return File("F1", "U1", text, size=0, created=0).address_name


def typing(kind: str) -> Reader:
    return lambda text: inputs._find_typing_mistake({"type": kind}, text)


BODY: Final = BodyReader(next(each for each in OPERATIONS if each.takes_key))
LISTING: Final = queries.parameters_of(queries.Listing)
READERS: Final[dict[str, Reader]] = {
    "when": lambda text: coaching.read_when(text, zone="Europe/Berlin", now=NOW),
    "length": coaching.read_length,
    "period": lambda text: coaching.read_period(text, zone="Europe/Berlin", now=NOW),
    "request": lambda text: coaching.read_request(text, zone="Europe/Berlin", now=NOW),
    "plain": spoken.plain,
    "plain period": periods._plain,
    "length in a request": typed_request._take_length,
    "people in a request": typed_request._take_people,
    "topic": typed_request._trimmed,
    "clock": lambda text: spoken.take_clock(spoken.Words(text)),
    "day": lambda text: spoken.take_day(spoken.Words(text), NOW.date()),
    "zone": lambda text: places.take_zone(spoken.Words(f"§ {text}")),
    "city": lambda text: places.take_city(spoken.Words(f"§ {text}")),
    "working hours": working_hours.read_working_hours,
    "mentioned": lambda text: request.mentioned(text, told_unknown),
    "asked": lambda text: asking.read_asked(text, told_unknown),
    "list": lambda text: listing.read(text, told_unknown, now=NOW),
    "names": lambda text: tuple(people._names_in(text)),
    "unescape": words.unescape,
    "escape": words.escape,
    "clip": lambda text: words.escaped(text, 100),
    "isolate": words.isolated,
    "address": importing._is_address,
    "names in a cell": import_cells.read_names,
    "role in a cell": lambda text: import_cells.read_role(text, ("Agent",)),
    "link": lambda text: rules._is_https(f"https://{text}"),
    "conversation": rules._conversation_id,
    "why": why_words.has_words,
    "moment": lambda text: instants.read_instant(text, "dateStart"),
    "interval": lambda text: instants.read_interval(text, "interval"),
    "query": lambda text: queries.read_query(LISTING, [(each.name, text) for each in LISTING]),
    "query string": lambda text: queries.pairs_of(text.encode()),
    "body": lambda text: BODY.read(text.encode()),
    "place in a body": BODY._wrong,
    "log": lambda text: logger._cleaned(logger.one_line(text)),
    "sandbox mentions": lambda text: mentions.with_mentions(text, Directory(northwind())),
    "sandbox email": typing("email_text_input"),
    "sandbox address": typing("url_text_input"),
    "sandbox file": file_named,
}
LIMITS: Final = {
    "when": spoken.LONGEST_TEXT,
    "length": spoken.LONGEST_TEXT,
    "period": spoken.LONGEST_TEXT,
    "request": typed_request.LONGEST_REQUEST,
    "working hours": working_hours.LONGEST_TEXT,
    "address": importing.LONGEST_ADDRESS,
}
"""The most characters that are read by those who refuse more."""
SOME: Final = {"request": 7}
"""Of how many texts one is read where each takes long; what it is made of reads them all."""


def texts(size: int) -> Iterator[str]:
    """Give each kind of text, filled up to a size."""
    for piece in (*SIGNS, *WORDS):
        for end in ENDS:
            yield piece * (size // len(piece)) + end
        for beginning in BEGINNINGS:
            yield beginning + piece * (size // len(piece)) + "! "
    for one, other in product((*SIGNS[::4], "a", "9"), (*SIGNS[1::4], "a", " ")):
        yield one * (size // 2) + other * (size // 2) + "!"


def seconds_for(reader: Reader, text: str) -> float:
    began = time.thread_time()
    with suppress(Exception):  # what a refusal says is another test's
        reader(text)
    return time.thread_time() - began


@pytest.mark.parametrize("name", READERS)
def test_reading_grows_with_what_is_typed(name: str) -> None:
    reader, many = READERS[name], LIMITS.get(name, MANY)
    with suppress(Exception):
        reader("a")  # what is read once for all texts
    pairs = zip(texts(many // 8), texts(many), strict=True)
    for little, much in islice(pairs, 0, None, SOME.get(name, 1)):
        took = seconds_for(reader, much)
        if took > QUICK:
            took = min(took, *(seconds_for(reader, much) for _ in range(2)))
            least = min(seconds_for(reader, little) for _ in range(3))
            assert took <= max(QUICK, ALLOWED * least), (little[:20], took, least)
