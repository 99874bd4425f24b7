"""Pages of a list, turned by a cursor."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.errors import SlackRefusal

Item = TypeVar("Item")


def page_of(items: Sequence[Item], *, cursor: str, limit: int) -> tuple[Sequence[Item], str]:
    """Give one page and the cursor of the next, which is empty at the end."""
    start = _read_cursor(cursor)
    end = start + limit if limit else len(items)
    more = _write_cursor(end) if end < len(items) else ""
    return items[start:end], more


def _write_cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, start = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackRefusal("invalid_cursor") from None
    if word != "next" or not start.isdigit():
        raise SlackRefusal("invalid_cursor")
    return int(start)
