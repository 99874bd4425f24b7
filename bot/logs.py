"""The log: one line per event, as text or as JSON, on standard error.

Every line carries the id of the request, turn or delivery that was in hand. No token is written,
and of an error only what it is and where it happened: its message may quote what somebody wrote.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from bot.correlation import in_hand
from bot.settings import Settings

NOISY: Final = ("apscheduler", "alembic", "asyncio", "httpx", "slack_sdk", "slack_bolt", "uvicorn")
TOKENS: Final = re.compile(r"\bx(?:ox[a-z]+|app)-[\w.-]+")
PAIR: Final = re.compile(r"(\w+)=('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S+)")
FRAMES: Final = 12
"""So many of the innermost steps to an error are written."""

ErrorInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Lines(logging.Formatter):
    """Writes an event as a line of text."""

    def format(self, record: logging.LogRecord) -> str:
        """Write it."""
        said = " ".join(part for part in (record.getMessage(), *self._more(record)) if part)
        at = _moment(record).isoformat(timespec="milliseconds")
        return _plain(f"{at} {record.levelname} {record.name} {said}")

    def _more(self, record: logging.LogRecord) -> Iterator[str]:
        if name := in_hand():
            yield f"context={name}"
        if record.exc_info:
            yield f"error={self.formatException(record.exc_info)}"

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802
        """Write what an error is and where it happened, and nothing of what it says."""
        return " from ".join(_described(error) for error in _chain(ei[1]))


class JsonLines(Lines):
    """Writes an event as a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Write it."""
        said = record.getMessage()
        facts: dict[str, Any] = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        pairs = {name: _unquoted(value) for name, value in PAIR.findall(said)}
        facts |= pairs if "event" in pairs else {"message": said}
        if name := in_hand():
            facts["context"] = name
        if record.exc_info:
            facts["error"] = self.formatException(record.exc_info)
        return _plain(json.dumps(facts, ensure_ascii=False))


def write_logs(settings: Settings, *, level: str | None = None) -> None:
    """Write one line per event to standard error."""
    writing = logging.StreamHandler(sys.stderr)
    writing.setFormatter(JsonLines() if settings.log_format == "json" else Lines())
    logging.basicConfig(level=level or settings.log_level, handlers=[writing])
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _plain(line: str) -> str:
    """Keep a line a line, and every token out of it."""
    return TOKENS.sub("…", line).replace("\r", "\\r").replace("\n", "\\n")


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in {"'", '"'} and value[-1:] == value[:1] else value


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _described(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = [f"{Path(each.filename).name}:{each.lineno}" for each in frames]
    return f"{type(error).__name__} at={'>'.join(places) or 'nowhere'}"
