"""Writing events: `log.info("Started", address=address)` is an event and facts about it.

Every event carries the id of the request, turn or delivery that was in hand. No token is written,
and of an error only what it is and where it happened: its message may quote what somebody wrote.
"""

import enum
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from math import isfinite
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.processors import LogfmtRenderer
from structlog.stdlib import BoundLogger, ProcessorFormatter, filter_by_level
from structlog.typing import EventDict, WrappedLogger

from bot.correlation import in_hand

TOKENS: Final = re.compile(r"\bx(?:ox[a-z]+|app)-[\w.-]+")
PASSWORDS: Final = re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)")
FRAMES: Final = 12
"""So many of the innermost steps to an error are written."""
PAIRS: Final = LogfmtRenderer(key_order=["event"], drop_missing=True, bool_as_flag=False)


class Facts(dict[str, Any]):
    """An event and its facts; a program reads them by name, a person as `event=… name=value`."""

    def __str__(self) -> str:
        """Write it as one line."""
        return one_line(PAIRS(None, "", dict(self)))


def get_logger(name: str) -> BoundLogger:
    """Give the logger of a module. Its lines go wherever the standard library's logging goes."""
    logger: BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            filter_by_level,
            add_context,
            describe_error,
            clean,
            _as_facts,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
        cache_logger_on_first_use=True,
    )
    return logger


def add_context(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Add the id of what is in hand."""
    if name := in_hand():
        event["context"] = name
    return event


def describe_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put what an error is and where it happened in its place."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event["error"] = describe(error)
    return event


def clean(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep every token out, however deep it lies, and leave only what JSON can say."""
    return {str(name): _cleaned(value) for name, value in event.items()}


def _as_facts(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return Facts({"event": event.pop("event", ""), **event})


def _cleaned(value: object) -> object:
    value = _plain(value)
    if value is None or isinstance(value, int) or (isinstance(value, float) and isfinite(value)):
        return value
    if isinstance(value, Mapping):
        return {str(_cleaned(name)): _cleaned(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(each) for each in value]
    return PASSWORDS.sub("…", TOKENS.sub("…", str(value)))


def _plain(value: object) -> object:
    match value:
        case enum.Enum():
            return value.value
        case BaseException():
            return describe(value)
        case timedelta():
            return value.total_seconds()
        case date() | time():
            return value.isoformat()
    return value


def one_line(text: str) -> str:
    """Keep a line a line, whatever signs for a terminal are in it."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", lambda sign: ascii(sign[0])[1:-1], text)


def describe(error: BaseException) -> str:
    """Write what an error is and where it happened, and nothing of what it says."""
    return " from ".join(map(_place_of, _chain(error)))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _place_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = [f"{Path(each.filename).name}:{each.lineno}" for each in frames]
    said = f"{type(error).__name__} at={'>'.join(places) or 'nowhere'}"
    if isinstance(error, BaseExceptionGroup):
        said += f" of ({'; '.join(map(describe, error.exceptions))})"
    return said
