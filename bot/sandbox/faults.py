"""Bad days on demand: the next calls of a method are refused, late, or cut off."""

from collections import deque
from dataclasses import dataclass
from typing import Literal, get_args

from bot.sandbox.errors import PersonRefusal
from bot.sandbox.shapes import Json

Kind = Literal[
    "ratelimited",
    "server_error",
    "server_error_after",
    "error",
    "delay",
    "drop_before",
    "drop_after",
]
ANY_METHOD = "*"
SOCKET = "socket"
"""The name under which a try to connect a socket goes wrong; no method of the Web API."""


@dataclass(slots=True)
class Fault:
    """What goes wrong, how many more times; seconds say how long to wait or to be late."""

    method: str
    kind: Kind
    times: int = 1
    seconds: float = 1.0
    error: str = "internal_error"


class Faults:
    """Faults waiting for the next calls, first come first served."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()

    def add(
        self,
        method: str,
        kind: Kind,
        *,
        times: int = 1,
        seconds: float = 1.0,
        error: str = "internal_error",
    ) -> Fault:
        """Let the next calls of a method (or of any, by "*") go wrong in this way.

        "drop_before" cuts the connection and does nothing; "drop_after" does what was asked and
        then cuts it, "server_error_after" does it and then says that it failed; "error" answers
        with this error code; "delay" is late by these seconds. What is answered counts down
        how often it is still to happen, and is over once that is set to 0.
        """
        fault = Fault(method, kind, times, seconds, error)
        self._waiting.append(fault)
        return fault

    def take(self, method: str) -> Fault | None:
        """Give what goes wrong with this call, if anything."""
        for fault in self._waiting:
            is_meant = fault.method == method or (fault.method == ANY_METHOD and method != SOCKET)
            if is_meant and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    def clear(self) -> None:
        """Let everything go well again."""
        self._waiting.clear()

    def read(self, body: Json) -> None:
        """Add the fault that a request describes."""
        if body.get("clear"):
            self.clear()
            return
        kinds: tuple[Kind, ...] = get_args(Kind)
        wanted = [kind for kind in kinds if kind == body.get("kind")]
        if not wanted:
            sentence = f"The kind of fault is one of {', '.join(kinds)}."
            raise PersonRefusal("unknown_fault", sentence)
        method = str(body.get("method") or ANY_METHOD)
        error = str(body.get("error") or "internal_error")
        try:
            times = int(body.get("times") or 1)
            seconds = float(body.get("seconds") or body.get("retry_after") or 1.0)
        except (TypeError, ValueError):
            raise PersonRefusal("invalid_fault", "Times and seconds are numbers.") from None
        self.add(method, wanted[0], times=times, seconds=seconds, error=error)
