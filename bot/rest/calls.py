"""One request, read: who asks, for what, with what."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import msgspec

from bot.coaching import Caller, Context, Invalid
from bot.rest.pages import Address
from bot.rest.queries import Nothing
from bot.rest.refusals import refused

Q = TypeVar("Q")
B = TypeVar("B")

PLACE: Final = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$\.?(?P<where>[^`]*)`)?$", re.S)
MISSING: Final = re.compile(r"Object missing required field `(\w+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Q, B]):
    """A request for one operation."""

    context: Context
    caller: Caller
    query: Q
    body: B
    ids: Mapping[str, str]
    address: Address
    submission: str | None = None
    """The Idempotency-Key: the same key twice makes one session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One row of the contract's table of operations (section 3)."""

    method: str
    path: str
    name: str
    does: Callable[[Call[Any, Any]], Any]
    says: str
    query: type[msgspec.Struct] = Nothing
    body: type[msgspec.Struct] | None = None
    answer: type[msgspec.Struct] | None = None
    status: int = 200
    errors: tuple[str, ...] = ()
    """The errors of its own, each as `status code`."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """The codes by which this operation refuses a wrong top-level field of its body."""
    takes_key: bool = False
    asks_only: bool = False
    """Whether it changes nothing although it is sent by POST."""

    @property
    def changes(self) -> bool:
        """Whether it may change something, so that a token that reads only is refused."""
        return self.method != "GET" and not self.asks_only

    @property
    def incomplete(self) -> str:
        """The code for a body that lacks something."""
        own = "400 validation.failure" in self.errors
        return "validation.failure" if own else "constraint.validation"


class BodyReader:
    """Reads the bodies of one operation."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._decoder = msgspec.json.Decoder(operation.body) if operation.body else None

    def read(self, raw: bytes) -> Any:
        """Read a body. Raises Invalid, which names the field; Refused for what is no JSON."""
        if self._decoder is None:
            return None
        try:
            body = self._decoder.decode(raw)
        except msgspec.ValidationError as error:
            raise self._wrong(str(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise refused(400, "bad.request", "The body can’t be read as JSON.") from None
        self._ensure_storable(raw, body)
        return body

    def _wrong(self, said: str) -> Invalid | Exception:
        found = PLACE.match(said)
        what, where = (found["what"], found["where"] or "") if found else (said, "")
        missing = MISSING.match(what)
        if missing:
            where = f"{where}.{missing[1]}".lstrip(".")
        if not where:
            return refused(400, "bad.request", "The body must be a JSON object.")
        absent = missing is not None or "got `null`" in what
        code = self._operation.incomplete if absent else "invalid.value"
        top = re.split(r"[.\[]", where)[0]
        message = f"{where} is required." if absent else f"{where}: {what}."
        return Invalid(message, code=self._operation.codes.get(top, code), field=where)

    def _ensure_storable(self, raw: bytes, body: Any) -> None:
        if rb"\u0000" in raw and _has_nul(msgspec.to_builtins(body)):
            message = "A text has a character that can’t be stored."
            raise Invalid(message, code=self._operation.incomplete)


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    items = value.values() if isinstance(value, dict) else value
    return isinstance(value, dict | list) and any(_has_nul(each) for each in items)
