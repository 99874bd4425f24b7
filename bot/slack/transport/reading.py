"""Reading what Slack sends: null is absent, and what cannot be understood is left out alone.

Slack may send null, nothing, or something new at every place. A field that can be done without
falls back to its default; an element of a list, or a value of a mapping, is left out by itself.
Only what makes no sense without the missing part is refused as a whole. The log says where
something was left out, and never what stood there.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct, inspect

from bot.logger import get_logger

T = TypeVar("T", bound=Struct)

LARGEST: Final = 2**53
"""Numbers beyond it are not exact in JSON, and nothing that Slack counts is so large."""
UNREADABLE: Final = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What Bolt raises before anybody listens: it reads who and where, and trusts what it finds."""
WORDS: Final[Mapping[str, bool]] = {"true": True, "false": False}

log = get_logger(__name__)


class NotUnderstood(Exception):
    """Something without which the whole says nothing is missing or of another kind."""


def read(value: object, kind: type[T]) -> T:
    """Read what Slack sent as a value of this kind. Raises NotUnderstood."""
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError):
        reader = _Reader()
        try:
            found: T = reader.read(value, inspect.type_info(kind), kind.__name__)
        finally:
            if reader.left_out:
                log.info("LeftOut", what=",".join(sorted(set(reader.left_out))[:10]))
        return found


def read_all(values: object, kind: type[T]) -> list[T]:
    """Read the elements of a list; those that cannot be understood are left out."""
    found = []
    for value in values if isinstance(values, list) else ():
        try:
            found.append(read(value, kind))
        except NotUnderstood as error:
            log.warning("NotUnderstood", kind=kind.__name__, at=str(error))
    return found


class _Reader:
    """Reads one value, and keeps where something was left out."""

    def __init__(self) -> None:
        self.left_out: list[str] = []

    def read(self, value: object, kind: inspect.Type, place: str) -> Any:
        """Read a value. Raises NotUnderstood."""
        match kind, value:
            case inspect.AnyType(), _:
                return value
            case inspect.UnionType(types=kinds), _:
                [some] = [each for each in kinds if not isinstance(each, inspect.NoneType)]
                return None if value is None else self.read(value, some, place)
            case inspect.StructType(), Mapping():
                return _made(kind, dict(self._fields(value, kind, place)), place)
            case inspect.VarTupleType(item_type=item), list() | tuple():
                return tuple(self._elements(value, item, place))
            case inspect.DictType(value_type=item), Mapping():
                return dict(self._items(value, item, place))
            case inspect.StrType() | inspect.IntType() | inspect.BoolType(), _:
                return _plain(value, kind, place)
        raise NotUnderstood(place)

    def _fields(
        self, value: Mapping[str, object], kind: inspect.StructType, place: str
    ) -> Iterator[tuple[str, Any]]:
        for field in kind.fields:
            found, here = value.get(field.encode_name), f"{place}.{field.encode_name}"
            is_optional = field.default is not NODEFAULT or field.default_factory is not NODEFAULT
            if found is None and is_optional:
                continue
            try:
                yield field.name, self.read(found, field.type, here)
            except NotUnderstood:
                if not is_optional:
                    raise
                self.left_out.append(here)

    def _elements(self, values: Iterable[object], kind: inspect.Type, place: str) -> Iterator[Any]:
        for value in values:
            try:
                yield self.read(value, kind, place)
            except NotUnderstood as error:
                self.left_out.append(str(error))

    def _items(
        self, values: Mapping[object, object], kind: inspect.Type, place: str
    ) -> Iterator[tuple[str, Any]]:
        for key, value in values.items():
            try:
                yield str(key), self.read(value, kind, place)
            except NotUnderstood as error:
                self.left_out.append(str(error))


def _made(kind: inspect.StructType, given: Mapping[str, Any], place: str) -> Struct:
    try:
        return kind.cls(**given)
    except ValueError:
        raise NotUnderstood(place) from None


def _plain(value: object, kind: inspect.Type, place: str) -> str | int | bool:
    """Read a text, a whole number or a yes or no; a number may come as a text, and the reverse."""
    match kind, value:
        case inspect.BoolType(), bool():
            return value
        case inspect.BoolType(), str() if value.lower() in WORDS:
            return WORDS[value.lower()]
        case inspect.StrType(), str():
            return value
        case inspect.StrType(), int() if not isinstance(value, bool):
            return str(value) if abs(value) <= LARGEST else _refuse(place)
        case inspect.IntType(), int() | float() | str() if not isinstance(value, bool):
            return _whole(value, place)
    raise NotUnderstood(place)


def _whole(value: float | str, place: str) -> int:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise NotUnderstood(place) from None
    if not number.is_integer() or abs(number) > LARGEST:
        raise NotUnderstood(place)
    return int(number)


def _refuse(place: str) -> str:
    raise NotUnderstood(place)
