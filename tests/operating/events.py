"""Every event that the code writes to its log, found in the code itself.

An event is the first word of a call such as `log.info("Started", mode=mode)`; some are named after
a kind of outcome or turn.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

from bot.delivery.outcomes import Outcome
from bot.slack.turns import turn

ROOT: Final = Path(__file__).parents[2]
LEVELS: Final = frozenset("debug info warning error critical exception log".split())
LOGGERS: Final = frozenset(("log", "logger"))
NAMED_FIRST: Final = frozenset(("write_failure", "write_trouble"))
"""Functions of our own that take the event as their first argument."""
EVENT: Final = re.compile(r"[A-Z][A-Za-z]+")


def find_events() -> frozenset[str]:
    """Give the names of all events."""
    found = {each.__name__ for each in get_args(Outcome)}
    found |= {name for name in vars(turn) if name.endswith("Turn") and name != "Turn"}
    for folder in ("bot", "storage"):
        for path in (ROOT / folder).rglob("*.py"):
            found.update(events_in(path.read_text(encoding="utf-8")))
    return frozenset(found)


def events_in(text: str) -> Iterator[str]:
    """Give the events of one module."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and is_said(node.func):
            yield from filter(EVENT.fullmatch, first_words(node.args[:2]))


def is_said(function: ast.expr) -> bool:
    """Whether a call of this writes to the log."""
    if isinstance(function, ast.Name):
        return function.id in NAMED_FIRST
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in NAMED_FIRST:
        return True
    of = function.value
    name = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
    return function.attr in LEVELS and name in LOGGERS


def first_words(arguments: list[ast.expr]) -> Iterator[str]:
    """Give the texts among the first arguments, also those that are chosen between."""
    for each in arguments:
        for node in ast.walk(each):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value.partition(" ")[0]
