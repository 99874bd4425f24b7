"""The log: one line per event, as text or as JSON, on standard error.

What other libraries log goes the same way as our own events, under `message`.
"""

import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from structlog.processors import JSONRenderer
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.logger import PAIRS, add_context, clean, describe_error, one_line
from bot.settings import Settings

NOISY: Final = ("apscheduler", "alembic", "asyncio", "httpx", "slack_sdk", "slack_bolt", "uvicorn")
STORAGE: Final = "storage"


def write_logs(settings: Settings, *, level: str | None = None) -> None:
    """Write one line per event to standard error. A second time, it changes nothing."""
    writing = logging.StreamHandler(sys.stderr)
    writing.setFormatter(formatter(settings.log_format))
    logging.basicConfig(level=level or settings.log_level, handlers=[writing])
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def formatter(form: str) -> ProcessorFormatter:
    """Give what writes a record as a line: `json`, or else text."""
    rendering: list[Processor] = (
        [_with_origin, JSONRenderer(ensure_ascii=False)] if form == "json" else [_as_text]
    )
    return ProcessorFormatter(
        processors=rendering,
        foreign_pre_chain=[_as_event, add_context, describe_error, _clean_foreign],
        pass_foreign_args=True,
    )


def _as_event(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Take a line of another library as its message, and one of the storage as an event.

    The storage, which has never heard of the bot, writes `Name fact=%(fact)s` and a mapping.
    """
    record: logging.LogRecord = event["_record"]
    facts, message = event.pop("positional_args"), event.pop("event")
    if record.name == STORAGE and isinstance(facts, Mapping):
        return {"event": str(record.msg).partition(" ")[0], **facts, **event}
    return {"message": message, **event}


def _clean_foreign(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    kept = {key: event.pop(key) for key in ("_record", "_from_structlog")}
    return {**clean(logger, name, event), **kept}


def _with_origin(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Say first when a line was written, how grave it is, and who wrote it."""
    record: logging.LogRecord = event.pop("_record")
    del event["_from_structlog"]
    origin = {"time": _moment(record), "level": record.levelname, "logger": record.name}
    return {**origin, **event}


def _as_text(_: WrappedLogger, __: str, event: EventDict) -> str:
    record: logging.LogRecord = event.pop("_record")
    is_ours = event.pop("_from_structlog") or "event" in event
    said = (None if is_ours else event.pop("message"), PAIRS(None, "", event))
    return one_line(" ".join(filter(None, (_moment(record), record.levelname, record.name, *said))))


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
