"""The query parameters of the lists, and how they are read (contract, section 3).

Lists come comma-joined, repeated, or mixed; words in any case; an unknown word is refused.
"""

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin
from urllib.parse import parse_qsl

from msgspec import Meta, Struct, structs

from bot.coaching import IntervalCondition, Invalid, Relationship, Status
from bot.rest.answers import ActionType

E = TypeVar("E", bound=enum.StrEnum)

WHOLE_NUMBER: Final = re.compile(r"[+-]?\d+", re.ASCII)
BEYOND_ANY_PAGE: Final = 10

Span = Annotated[str | None, Meta(description="start/end; the end does not belong to it.")]
PageNumber = Annotated[int, Meta(ge=1, description="Pages are counted from 1.")]
PageSize = Annotated[int, Meta(ge=1, le=100, description="How many entries a page has.")]


class SortOrder(enum.StrEnum):
    """By start: the earliest first, or the latest."""

    ASC = "Asc"
    DESC = "Desc"


class Overdue(enum.StrEnum):
    """Only overdue sessions, only those that are not, or any."""

    TRUE = "True"
    FALSE = "False"
    ANY = "Any"


class Expand(enum.StrEnum):
    """What to give in whole instead of by reference."""

    APPOINTMENT = "appointment"


class Nothing(Struct, kw_only=True, frozen=True):
    """No parameters."""


class Pages(Struct, kw_only=True, frozen=True, rename="camel"):
    """Which page is wanted."""

    page_number: PageNumber = 1
    page_size: PageSize = 25


class MyListing(Pages, kw_only=True, frozen=True, rename="camel"):
    """Which sessions to list."""

    interval: Span = None
    interval_condition: IntervalCondition = IntervalCondition.STARTS_IN
    statuses: list[Status] = []
    facilitator_ids: list[str] = []
    relationships: list[Relationship] = []
    sort_order: SortOrder = SortOrder.DESC
    completion_interval: Span = None
    overdue: Overdue = Overdue.ANY


class Listing(MyListing, kw_only=True, frozen=True, rename="camel"):
    """Whose sessions to list, and which."""

    user_ids: Annotated[
        list[str],
        Meta(description="From 1 to 100 people.", extra_json_schema={"minItems": 1}),
    ] = []


class Expansion(Struct, kw_only=True, frozen=True, rename="camel"):
    """What to give in whole."""

    expand: list[Expand] = []


class InboxListing(Pages, kw_only=True, frozen=True, rename="camel"):
    """Which entries of the inbox to list."""

    expand: list[Expand] = []
    action_types: Annotated[
        list[ActionType],
        Meta(description="Reminder and Overdue are listed only when they are named here."),
    ] = []


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter: its JSON name, its field, and what its values are."""

    name: str
    field: str
    kind: Any
    is_list: bool

    def read(self, values: Sequence[str]) -> Any:
        """Read what was sent. Raises Invalid `invalid.query.param.value`."""
        if self.is_list:
            items = (item.strip() for value in values for item in value.split(","))
            return list(dict.fromkeys(self._one(item) for item in items if item))
        if len(values) > 1:
            raise _wrong(self.name, f"Please send {self.name} once.")
        return self._one(values[0].strip())

    def _one(self, text: str) -> Any:
        if "\x00" in text:
            raise _wrong(self.name, f"{self.name} has a character that can’t be stored.")
        if self.kind is int:
            return _whole(text, self.name)
        if isinstance(self.kind, type) and issubclass(self.kind, enum.StrEnum):
            return read_word(self.kind, text, self.name, code="invalid.query.param.value")
        return text


def parameters_of(query: type[Struct]) -> tuple[Parameter, ...]:
    """Take a query struct apart, once, into the parameters that it reads."""
    return tuple(_parameter(each) for each in structs.fields(query))


def read_query(parameters: Iterable[Parameter], pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Read the parameters that were sent; others are ignored. Raises Invalid."""
    sent: dict[str, list[str]] = {}
    for name, value in pairs:
        sent.setdefault(name, []).append(value)
    return {each.field: each.read(sent[each.name]) for each in parameters if each.name in sent}


def pairs_of(query_string: bytes) -> tuple[tuple[str, str], ...]:
    """Take a query string apart."""
    if not query_string:
        return ()
    return tuple(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))


def read_word(kind: type[E], text: str, field: str, *, code: str = "invalid.value") -> E:
    """Read a word in any case. Raises Invalid for one that is not known."""
    wanted = text.lower()
    for each in kind:
        if each.value.lower() == wanted:
            return each
    known = ", ".join(each.value for each in kind)
    raise Invalid(f"{field} can be {known}.", code=code, field=field)


def _whole(text: str, name: str) -> int:
    if not WHOLE_NUMBER.fullmatch(text):
        raise _wrong(name, f"{name} is a whole number.")
    return int(text[:BEYOND_ANY_PAGE])


def _wrong(name: str, message: str) -> Invalid:
    return Invalid(message, code="invalid.query.param.value", field=name)


def _parameter(field: structs.FieldInfo) -> Parameter:
    kind = bare(field.type)
    is_list = get_origin(kind) is list
    return Parameter(field.encode_name, field.name, get_args(kind)[0] if is_list else kind, is_list)


def bare(kind: Any) -> Any:
    """Take the description off a type."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind
