"""Block Kit as it goes to Slack: checked and written once.

What slack_sdk itself writes is the measure: every word and its place are the same, and so is what
is refused. It looks up at each object how objects of its kind are checked and written; here that
is looked up once for each kind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from slack_sdk.models.basic_objects import EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST, JsonObject

MAY_BE_EMPTY: Final = frozenset(
    (each["type"], each["property"]) for each in EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST
)

Written = dict[str, Any]
Check = Callable[[JsonObject], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """How objects of one class are checked and written."""

    checks: tuple[Check, ...]
    names: tuple[str, ...]


def rendered(thing: JsonObject) -> Written:
    """Write a view, a block or a part of one. Raises SlackObjectFormationError."""
    kind = _kind_of(type(thing))
    if kind is None:
        return {name: _plain(value) for name, value in thing.to_dict().items()}
    for check in kind.checks:
        check(thing)
    found = ((name, getattr(thing, name, None)) for name in kind.names)
    return {name: _plain(value) for name, value in found if _is_told(thing, name, value)}


def all_rendered(things: Sequence[JsonObject]) -> list[Written]:
    """Write the blocks of a message. Raises SlackObjectFormationError."""
    return [rendered(each) for each in things]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, JsonObject):
        return rendered(value)
    if hasattr(value, "to_dict"):
        return value.to_dict()
    return value


def _is_told(thing: JsonObject, name: str, value: Any) -> bool:
    if value is None:
        return False
    if hasattr(value, "__len__") and not len(value):
        return (getattr(thing, "type", None), name) in MAY_BE_EMPTY
    return True


@lru_cache(maxsize=500)
def _kind_of(model: type[JsonObject]) -> Kind | None:
    """Look up a kind; None for one that writes itself in a way of its own."""
    of_its_own = ("to_dict", "validate_json", "get_object_attribute", "get_non_null_attributes")
    if any(getattr(model, name) is not getattr(JsonObject, name) for name in of_its_own):
        return None
    methods = (getattr(model, name) for name in dir(model) if not name.startswith("__"))
    checks = tuple(each for each in methods if callable(each) and hasattr(each, "validator"))
    # The names are the same for all of a kind, though the class alone does not tell them.
    return Kind(checks, tuple(sorted(model.__new__(model).attributes)))
